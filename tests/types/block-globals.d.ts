// The names that every block may use: the globals of the runtimes, and values that the text around a block explains.

declare const request: Request;
declare const project_id: string;
declare const user_id: string;
declare const session_jwt: string;
declare const jar: { set(name: string, value: string, attributes: import("stytch-edge").CookieToSet["attributes"]): void };

declare const process: { env: Record<string, string | undefined> };

declare const Deno: {
  env: { get(name: string): string | undefined };
  openKv(): Promise<import("stytch-edge").DenoKvLike>;
  serve(handler: (request: Request) => Promise<Response>): void;
};

interface KVNamespace {
  get(key: string, type: "text"): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

declare module "npm:stytch-edge" {
  export * from "stytch-edge";
}
