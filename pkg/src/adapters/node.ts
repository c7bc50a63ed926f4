// The requests and responses of Node's `http` and `http2`, which Express and Fastify pass: cookies that are on every response, and
// a Response of Fetch that is sent by them.

import type { RequestAuthenticator } from "../handlers.js";
import { invalid } from "../errors.js";
import { notSetBy, setCookiesOf } from "../set_cookies.js";
import { chunksOf, type Body } from "./form.js";
import type { IncomingRequest } from "./log_in_routes.js";
import type { Decision, SessionOf, Target, VerdictOf } from "./guard.js";

/** The part of a request of Node that the adapters use. */
export interface NodeRequest {
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** The part of a response of Node that the adapters use. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  getHeader(name: string): number | string | readonly string[] | undefined;
  setHeader(name: string, value: string | string[]): unknown;
  writeHead(...args: any[]): unknown;
  end(body?: any): unknown;
}

/** Results of a guard, by the request. */
export class Decisions<Its extends RequestAuthenticator> {
  readonly #decisions = new WeakMap<object, Decision<Its>>();

  set(request: object, decision: Decision<Its>): void {
    this.#decisions.set(request, decision);
  }

  session(request: object): SessionOf<Its> | null {
    return this.#of(request).session;
  }

  verdict(request: object): VerdictOf<Its> {
    return this.#of(request).verdict;
  }

  #of(request: object): Decision<Its> {
    const decision = this.#decisions.get(request);
    if (!decision) throw invalid("the guard has not run for this request: register it for the route first");
    return decision;
  }
}

/** The target of a request. Frameworks that mount routes shorten `url`, and keep the whole one. */
export function targetOf({ method, url, headers }: NodeRequest, whole: string | undefined = url): Target {
  const header = (name: string) => String(headers[name] ?? "");
  return { method, path: whole ?? "/", header };
}

/** The parts of a request that the routes of log-ins read. `whole` is the URL, as the client sent it. */
export function incomingOf(request: NodeRequest, whole = request.url): IncomingRequest {
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headers)) {
    // HTTP/2 has the method and the path in headers that begin with a colon.
    if (!name.startsWith(":")) for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return { method: request.method ?? "", url: whole ?? "/", headers, body: () => bodyOf(request) };
}

/** The body: that of Node's request, or what the framework or its platform has read. */
function bodyOf(request: object): Body {
  const { body } = request as { body?: unknown };
  if (body === null) return null;
  if (typeof body === "string" || body instanceof ArrayBuffer || body instanceof Uint8Array) return chunksOf(new Response(body as BodyInit).body);
  if (typeof body === "object") return { parsed: body };
  return (request as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
}

/**
 * Adds these `Set-Cookie` lines when the head of the response is written: by a route, a redirect, a stream or the framework's own
 * error page. So a later `Set-Cookie` of a route does not replace them, and a cookie that the response
 * sets or clears itself stays unchanged. A page of a session is not stored unless the route sets `Cache-Control`: after a
 * log-out, the back button would display it.
 */
export function setAtHead(response: NodeResponse, lines: string[], hasSession: boolean): void {
  if (lines.length === 0 && !hasSession) return;
  const { writeHead } = response;
  response.writeHead = function (status: number, ...rest: unknown[]) {
    response.writeHead = writeHead;
    if (response.headersSent) return writeHead.call(response, status, ...rest);
    const given = rest.pop();
    if (typeof given === "string") rest.push(given);
    else for (const [name, values] of headersIn(given)) response.setHeader(name, values);
    const own = [response.getHeader("set-cookie") ?? []].flat().map(String);
    if (lines.length > 0) response.setHeader("set-cookie", [...own, ...notSetBy(own, lines)]);
    // A shared cache must not return the cookies to another user.
    if (lines.length > 0 || !response.getHeader("cache-control")) response.setHeader("cache-control", "no-store");
    return writeHead.call(response, status, ...rest);
  };
}

/** The headers that `writeHead` accepts: an object, a list of pairs, or a list of names and values in turn. */
function headersIn(given: unknown): Map<string, string | string[]> {
  const headers = new Map<string, string | string[]>();
  const add = (name: unknown, value: unknown) => {
    if (value === undefined) return;
    const [key, values] = [String(name).toLowerCase(), Array.isArray(value) ? value.map(String) : String(value)];
    const before = headers.get(key);
    headers.set(key, before === undefined ? values : [before, values].flat());
  };
  if (!Array.isArray(given)) for (const [name, value] of Object.entries(given ?? {})) add(name, value);
  else if (Array.isArray(given[0])) for (const [name, value] of given as [unknown, unknown][]) add(name, value);
  else for (let at = 0; at < given.length; at += 2) add(given[at], given[at + 1]);
  return headers;
}

/** Sends a Response of Fetch with a response of Node. */
export async function send(response: NodeResponse, { status, headers, body }: Response, isHead: boolean): Promise<void> {
  const cookies = setCookiesOf(headers);
  response.statusCode = status;
  for (const [name, value] of headers) if (name !== "set-cookie") response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader("set-cookie", [...[response.getHeader("set-cookie") ?? []].flat().map(String), ...cookies]);
  const text = body && !isHead ? new Uint8Array(await new Response(body).arrayBuffer()) : undefined;
  response.end(text);
}
