// `https.get` of Node, answered by the emulator. It has what an HTTP client such as jose's uses: events, `destroy`, timeouts,
// and a readable response.

import type { Fetch } from "./fetch.js";
import type { NodeProcess } from "./install.js";

/** What this file uses of `node:https`. */
export interface Https {
  get(...its: any[]): any;
}

interface Emitter {
  emit(name: string, ...its: unknown[]): boolean;
  on(name: string, listener: (...its: any[]) => void): this;
}

interface Options {
  protocol?: string;
  hostname?: string;
  host?: string;
  port?: string | number;
  path?: string;
  headers?: Record<string, string>;
  timeout?: number;
}

/** Returns the replacement: `isOwn` URLs go to `fetch`, others to `before`. */
export function httpsGet(fetch: Fetch, isOwn: (url: string) => boolean, before: Https["get"], node: NodeProcess): Https["get"] {
  const { EventEmitter } = node.getBuiltinModule!<{ EventEmitter: new () => Emitter }>("node:events")!;
  const { Readable } = node.getBuiltinModule!<{ Readable: { from(bytes: Uint8Array[]): object; fromWeb(body: unknown): object } }>("node:stream")!;
  return function (this: unknown, ...its: any[]) {
    const { url, options, callback } = read(its);
    if (!isOwn(url)) return before.apply(this, its);
    const controller = new AbortController();
    const request = new EventEmitter();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const withTimeout = (milliseconds?: number, listener?: () => void) => {
      clearTimeout(timer);
      if (listener) request.on("timeout", listener);
      if (milliseconds) timer = setTimeout(() => request.emit("timeout"), milliseconds);
      return request;
    };
    const destroy = (error?: Error) => {
      clearTimeout(timer);
      controller.abort(error ?? Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      return request;
    };
    const fake = { end: () => request, write: () => true, flushHeaders() {}, setHeader() {}, setTimeout: withTimeout, destroy, abort: destroy };
    Object.assign(request, fake);
    if (callback) request.on("response", callback);
    withTimeout(options.timeout);
    fetch(url, { headers: options.headers ?? {}, redirect: "manual", signal: controller.signal })
      .then((response) => {
        clearTimeout(timer);
        const body = response.body ? Readable.fromWeb(response.body) : Readable.from([]);
        const headers = Object.fromEntries(response.headers);
        request.emit("response", Object.assign(body, { statusCode: response.status, statusMessage: "", headers, rawHeaders: Object.entries(headers).flat() }));
      })
      .catch((error: Error) => request.emit("error", (error.cause as Error | undefined) ?? error));
    return request;
  };
}

/** Reads `get(url)`, `get(url, options)` and `get(options)`, each with or without a callback. */
function read(its: any[]): { url: string; options: Options; callback: ((response: unknown) => void) | undefined } {
  const callback = its.find((each) => typeof each === "function");
  const [first, second] = its;
  const hasUrl = typeof first === "string" || first instanceof URL || typeof first?.href === "string";
  const options: Options = (hasUrl ? second : first) ?? {};
  const usable = typeof options === "object" ? options : {};
  if (hasUrl) return { url: String(first?.href ?? first), options: usable, callback };
  const host = usable.hostname ?? usable.host ?? "localhost";
  return { url: `https://${host}${usable.port ? `:${usable.port}` : ""}${usable.path ?? "/"}`, options: usable, callback };
}
