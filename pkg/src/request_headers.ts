// Reads `Authorization` and `Cookie` from a request object of any runtime or framework. Does not parse their values.

import { invalid } from "./errors.js";
import { isPlain, typeOf } from "./options.js";

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
 * A header of a request. Errors name the method.
 * @internal
 */
export function headerOf(method: string, request: RequestLike, name: string): string | undefined {
  const value = valueOf(method, request, name);
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  // RFC 9110, section 5.3, and for cookies RFC 9113, section 8.2.3.
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.length ? value.join(name === "Cookie" ? "; " : ", ") : undefined;
  }
  throw invalid(`${method}: the header ${name} must be a string or a list of strings`);
}

/** Other headers are refused: a header that cannot be read must not count as absent. */
function valueOf(method: string, request: unknown, name: string): unknown {
  const { headers } = (request ?? {}) as { headers?: unknown };
  // The usual case. The others are slower to recognize.
  if (headers instanceof Headers) return headers.get(name);
  // A Map, of any class and realm.
  if (headers instanceof Map || Object.prototype.toString.call(headers) === "[object Map]") return listed(headers as Map<unknown, unknown>, name);
  const get: unknown = (headers as { get?: unknown } | null | undefined)?.get;
  if (typeof get === "function") return get.call(headers, name);
  if (isPlain(headers)) return listed(Object.entries(headers), name);
  const types = `the request is of type ${typeOf(request)}, and its headers are of type ${typeOf(headers)}`;
  throw invalid(`${method} accepts a Request, or an object whose headers are an object with get(name) or a plain object; ${types}`);
}

/** Names of headers are case-insensitive, which the `get` of a Map does not consider. */
function listed(pairs: Iterable<[unknown, unknown]>, name: string): unknown {
  const lower = name.toLowerCase();
  const values: unknown[] = [];
  for (const [key, value] of pairs) {
    if (String(key).toLowerCase() === lower && value !== undefined && value !== null) values.push(value);
  }
  return values.length > 1 ? values.flat() : values[0];
}
