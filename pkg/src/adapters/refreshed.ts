// The headers of a request after its session was refreshed, for the rest of a framework's work on the request: otherwise each
// further check would refresh the session again. Does not know frameworks.

import type { RequestAuthenticator } from "../handlers.js";
import { refreshedCookies } from "../set_cookies.js";
import type { VerdictOf } from "./guard.js";

/** The new `cookie` or `authorization` of a request, or neither. */
export function refreshedHeaders(cookie: string | null | undefined, verdict: VerdictOf<RequestAuthenticator>, lines: string[]): [name: "cookie" | "authorization", value: string][] {
  if (lines.length > 0) return [["cookie", refreshedCookies(cookie ?? "", lines)]];
  const isBearer = verdict.status === "authenticated" && verdict.via === "remote" && verdict.session_jwt;
  return isBearer ? [["authorization", `Bearer ${verdict.session_jwt}`]] : [];
}
