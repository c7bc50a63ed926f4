// Reads `Authorization` and `Cookie` from a request object of any runtime or framework. Does not parse their values.

import { invalid } from "./errors.js";
import { isPlain } from "./options.js";

/**
 * A request: a Fetch `Request`, a request of Node's `http` and `http2` (Express and Fastify among
 * their users), or anything else with `headers`. `Authorization` and `Cookie` are read,
 * and nothing else.
 */
export interface RequestLike {
  readonly headers: HeadersLike;
}

/** Headers with a `get` method, or as an object of names and values. */
export type HeadersLike =
  | { get(name: string): string | null | undefined }
  | { readonly [name: string]: string | number | readonly string[] | undefined };

/**
 * What a method needs of a request, by the name of the method.
 * @internal
 */
export function headerOf(method: string, request: RequestLike, name: "Authorization" | "Cookie"): string | undefined {
  const value = valueOf(method, request?.headers, name);
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  // RFC 9110, section 5.3, and for cookies RFC 9113, section 8.2.3.
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.length ? value.join(name === "Cookie" ? "; " : ", ") : undefined;
  }
  throw invalid(`${method}: the header ${name} must be a string or a list of strings`);
}

/** Whatever else has headers is refused: a header that cannot be read must not look as if it was not sent. */
function valueOf(method: string, headers: unknown, name: string): unknown {
  if (isMap(headers)) return listed(headers, name);
  const get: unknown = (headers as { get?: unknown } | null | undefined)?.get;
  if (typeof get === "function") return get.call(headers, name);
  if (isPlain(headers)) return listed(Object.entries(headers), name);
  throw invalid(`${method} needs a request with headers: an object with get(name), or a plain object; await headers that are a promise`);
}

/** Names of headers have no case, which the `get` of a Map would distinguish. */
function listed(pairs: Iterable<[unknown, unknown]>, name: string): unknown {
  const lower = name.toLowerCase();
  const values: unknown[] = [];
  for (const [key, value] of pairs) {
    if (String(key).toLowerCase() === lower && value !== undefined && value !== null) values.push(value);
  }
  return values.length > 1 ? values.flat() : values[0];
}

/** Whether this is a Map, of another class or of another realm. Headers have no size, and need no closer look. */
function isMap(headers: unknown): headers is Map<unknown, unknown> {
  if (headers instanceof Map) return true;
  const { size } = (headers ?? {}) as { size?: unknown };
  return typeof size === "number" && Object.prototype.toString.call(headers) === "[object Map]";
}
