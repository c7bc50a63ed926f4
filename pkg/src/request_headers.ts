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
  if (typeof headers !== "object" || headers === null) {
    throw invalid(`${method} needs a request, or an object with its "headers"`);
  }
  const value = valueOf(headers, name);
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  // RFC 9110, section 5.3, and for cookies RFC 9113, section 8.2.3.
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.length ? value.join(name === "Cookie" ? "; " : ", ") : undefined;
  }
  throw invalid(`the header ${name} that ${method} found is of type ${typeof value}, and must be a string or a list of strings`);
}

function valueOf(headers: object, name: string): unknown {
  if (isList(headers)) return listed(headers, name);
  const { get } = headers as { get?: unknown };
  if (typeof get === "function") return get.call(headers, name);
  const lower = name.toLowerCase();
  const fields = headers as Record<string, unknown>;
  // As Node spells it, then as anyone else may: names of headers have no case.
  return Object.hasOwn(fields, lower) ? fields[lower] : listed(Object.entries(fields), name);
}

/** Whether these are pairs of names and values, as a Map has them, whose `get` would distinguish upper and lower case. */
function isList(headers: object): headers is Iterable<[unknown, unknown]> {
  return Array.isArray(headers) || Object.prototype.toString.call(headers) === "[object Map]";
}

/** All values of a header, among pairs. */
function listed(pairs: Iterable<[unknown, unknown]>, name: string): unknown {
  const lower = name.toLowerCase();
  const values: unknown[] = [];
  for (const [key, value] of pairs) {
    if (typeof key === "string" && key.toLowerCase() === lower) values.push(value);
  }
  return values.length > 1 ? values.flat() : values[0];
}
