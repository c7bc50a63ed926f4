// What the runtimes provide that TypeScript's own libraries do not describe.

declare module "cloudflare:workers" {
  export const waitUntil: ((promise: Promise<unknown>) => void) | undefined;
}

declare module "next/headers" {
  export function headers(): Promise<Headers>;
}

declare module "next/server" {
  export const NextResponse: { next(init: { request: { headers: Headers } }): Response };
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
