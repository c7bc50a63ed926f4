// `Set-Cookie` lines of headers and responses, in every runtime. Does not know the meaning of the cookies.

import type { CookieToSet } from "./verdicts.js";

/** The `Set-Cookie` lines of some headers. */
export function setCookiesOf(headers: Headers): string[] {
  if (typeof headers.getSetCookie === "function") return headers.getSetCookie();
  // workerd before its compatibility date 2023-03-01.
  const { getAll } = headers as Headers & { getAll?(name: string): string[] };
  if (typeof getAll === "function") return getAll.call(headers, "Set-Cookie");
  // One text in older runtimes and polyfills. A comma in a date is not followed by a name and "=".
  return headers.get("set-cookie")?.split(/,\s*(?=[^\s;,=]+=)/) ?? [];
}

/**
 * The `lines` whose cookies are not set by the other lines. A cookie that a response sets itself stays unchanged:
 * after a log-out, or after the start of another session, the verdict's cookies would restore the old session.
 */
export function notSetBy(others: string[], lines: string[]): string[] {
  const set = others.map(nameOf);
  return lines.filter((line) => !set.includes(nameOf(line)));
}

/**
 * The response, or a copy of it that sets these cookies as well. `hasSession` forbids to store the response, unless it has a
 * `Cache-Control` of its own: after a log-out, the back button would display it.
 */
export function withCookies(response: Response, lines: string[], { hasSession = false } = {}): Response {
  const isOpen = hasSession && response?.status !== 101 && !response?.headers.has("cache-control");
  if ((lines.length === 0 && !isOpen) || !response) return response;
  // A Response may be sent to several users, but these cookies are for one of them. An upgrade to a WebSocket cannot be
  // copied, and belongs to one user.
  const own = response.status === 101 ? response : copied(response);
  try {
    for (const line of notSetBy(setCookiesOf(own.headers), lines)) own.headers.append("set-cookie", line);
    // A shared cache must not return the cookies to another user.
    own.headers.set("cache-control", "no-store");
  } catch {
    // An upgrade that came from another server is immutable; the next request refreshes again.
  }
  return own;
}

/**
 * A copy that is sent instead of the response. Bun sets the type of a text when it sends it, and knows
 * that it is a text only until the body is read or taken, so there the copy is a clone.
 */
function copied(response: Response): Response {
  typesLate ??= new Response("text").headers.get("content-type") === null;
  // A response of `fetch` has a URL, and is never a text without a type; a clone of it would keep all of its stream.
  const isUntyped = typesLate && response.url === "" && response.headers.get("content-type") === null;
  return isUntyped ? response.clone() : new Response(response.body, response);
}

/** Whether the runtime sets the type of a text when it sends it, and not when the response is made. */
let typesLate: boolean | undefined;

/**
 * One cookie for each name, for frameworks that keep only the last one. If a client's cookies have a domain, a cookie of the same name
 * without a domain is cleared as well, and must not replace the other one.
 */
export function oneForEachName(from: readonly CookieToSet[]): Iterable<CookieToSet> {
  const rank = ({ value, attributes }: CookieToSet): number => (value ? 2 : attributes.domain ? 1 : 0);
  const kept = new Map<string, CookieToSet>();
  for (const cookie of from) {
    const other = kept.get(cookie.name);
    if (!other || rank(other) <= rank(cookie)) kept.set(cookie.name, cookie);
  }
  return kept.values();
}

/** The name of the cookie that a `Set-Cookie` line sets. */
function nameOf(line: string): string {
  return line.split("=", 1)[0]!;
}

/** The cookies in the pairs of headers that the wasm writes (src/client/cookies.rs). */
export const cookiesIn = (pairs: [name: string, value: string][] = []): CookieToSet[] => pairs.filter(([name]) => name === "Set-Cookie").map(([, line]) => cookieOf(line));

function cookieOf(line: string): CookieToSet {
  const [pair, ...parts] = line.split("; ");
  const name = nameOf(line);
  const attributes = parts.map((part) => {
    const [word, text] = part.split("=") as [string, string?];
    return [ATTRIBUTES[word], word === "Max-Age" ? Number(text) : word === "SameSite" ? text!.toLowerCase() : (text ?? true)];
  });
  return { name, value: pair!.slice(name.length + 1), attributes: Object.fromEntries(attributes) };
}

const ATTRIBUTES: Record<string, string> = { Path: "path", Domain: "domain", "Max-Age": "maxAge", HttpOnly: "httpOnly", Secure: "secure", SameSite: "sameSite", Partitioned: "partitioned" };
