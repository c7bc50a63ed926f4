// The headers that may carry a credential, from whatever a runtime or a framework calls a
// request. Does not read what is in them.

import { invalid } from "./errors.js";

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
  const headers: unknown = request?.headers;
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    throw invalid(`${method} needs a request, or an object with its "headers"`);
  }
  const value = valueOf(headers, name);
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  // RFC 9110, section 5.3, and for cookies RFC 9113, section 8.2.3.
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.length ? value.join(name === "Cookie" ? "; " : ", ") : undefined;
  }
  throw invalid(`${method}: the header ${name} must be a string or a list of strings, and is of type ${typeof value}`);
}

function valueOf(headers: object, name: string): unknown {
  const isMap = Object.prototype.toString.call(headers) === "[object Map]";
  const { get } = headers as { get?: unknown };
  // The `get` of a Map would distinguish upper and lower case.
  if (typeof get === "function" && !isMap) return get.call(headers, name);
  const lower = name.toLowerCase();
  const pairs = isMap ? (headers as Map<unknown, unknown>) : Object.entries(headers);
  const values: unknown[] = [];
  for (const [key, value] of pairs) if (String(key).toLowerCase() === lower) values.push(value);
  return values.length > 1 ? values.flat() : values[0];
}
