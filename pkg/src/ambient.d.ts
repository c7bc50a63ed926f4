// What the runtimes provide that TypeScript's own libraries do not describe.

declare module "cloudflare:workers" {
  export const waitUntil: ((promise: Promise<unknown>) => void) | undefined;
}

declare module "next/headers" {
  interface Jar {
    getAll(): { name: string; value: string }[];
    set(name: string, value: string, attributes: object): unknown;
  }
  export function headers(): Promise<Headers>;
  export function cookies(): Promise<Jar>;
}

declare module "next/navigation" {
  export function redirect(url: string): never;
}

declare module "next/server" {
  interface Jar {
    getAll(): { name: string; value: string }[];
    set(name: string, value: string, attributes?: object): unknown;
    delete(name: string): unknown;
  }
  export class NextRequest extends Request {
    readonly cookies: Jar;
  }
  export class NextResponse extends Response {
    static next(init?: { request: { headers: Headers } }): NextResponse;
    readonly cookies: Jar;
  }
  export function connection(): Promise<void>;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "#version" {
  const version: string;
  export default version;
}

declare module "wasm-as-base64" {
  const base64: string;
  export default base64;
}

declare module "package-version" {
  const version: string;
  export default version;
}

declare var Deno: { env: { get(name: string): string | undefined } } | undefined;

interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

declare var process: { env: Record<string, string | undefined>; argv: string[]; stdout: Output; stderr: Output; exitCode?: number } | undefined;

declare var Buffer: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> } | undefined;

interface CacheStorage {
  /** Cloudflare's default cache. */
  readonly default?: Cache;
}
