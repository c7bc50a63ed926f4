// The headers of a request after its session was refreshed, for the rest of a framework's work on the request: otherwise each
// further check would refresh the session again. Does not know frameworks.

import type { RequestAuthenticator } from "../handlers.js";
import type { VerdictOf } from "./guard.js";

/** The new `cookie` or `authorization` of a request, or neither. */
export function refreshedHeaders(cookie: string | null | undefined, verdict: VerdictOf<RequestAuthenticator>, lines: string[]): [name: "cookie" | "authorization", value: string][] {
  if (lines.length > 0) return [["cookie", refreshedCookies(cookie ?? "", lines)]];
  const isBearer = verdict.status === "authenticated" && verdict.via === "remote" && verdict.session_jwt;
  return isBearer ? [["authorization", `Bearer ${verdict.session_jwt}`]] : [];
}

/** A copy of the headers of a request with the new session, or undefined if the session was not refreshed. */
export function refreshedCopy(headers: Headers, verdict: VerdictOf<RequestAuthenticator>, lines: string[]): Headers | undefined {
  const changes = refreshedHeaders(headers.get("cookie"), verdict, lines);
  if (changes.length === 0) return undefined;
  const own = new Headers(headers);
  for (const [name, value] of changes) own.set(name, value);
  return own;
}

/** A `Cookie` header after the browser has received these `Set-Cookie` lines. */
function refreshedCookies(cookie: string, lines: string[]): string {
  const pairs = lines.map((line) => line.split(";", 1)[0]!);
  const names = new Set(pairs.map((pair) => pair.split("=", 1)[0]!));
  const kept = cookie.split(";").map((pair) => pair.trim()).filter((pair) => pair && !names.has(pair.split("=", 1)[0]!.trim()));
  return [...kept, ...new Set(pairs.filter((pair) => !pair.endsWith("=")))].join("; ");
}
