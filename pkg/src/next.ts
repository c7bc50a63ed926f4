// A proxy for Next.js, and the session in server components, route handlers and server actions. The proxy refreshes the
// session once, and passes the new JWT to the render in the headers of the request.

import { headers } from "next/headers";
import { NextResponse } from "next/server";

import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf, type Target } from "./adapters/guard.js";
import { waitUntilOf, type AuthenticatorOptions, type RequestAuthenticator } from "./handlers.js";
import { plain } from "./options.js";
import { withCookies } from "./set_cookies.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";

/** The options of `sessionProxy`. */
export type SessionProxyOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /** The response to requests that are not passed, in place of a redirect to `log_in` or the verdict as JSON. */
    refused?: ((verdict: RefusedBy<Its>, request: Request) => Response | Promise<Response>) | undefined;
  };

/**
 * A `proxy` for Next.js 16 (`middleware` before). It refreshes an expired session with one request to the API. The render
 * finds the new JWT in `headers()` and `cookies()`, and the browser gets the new cookies with whatever response,
 * redirects included.
 *
 * ```ts
 * // proxy.ts
 * export const proxy = sessionProxy(() => Client.fromEnv(), { log_in: "/login" });
 * export const config = { matcher: "/account/:path*" };
 * ```
 */
export function sessionProxy<Its extends RequestAuthenticator>(
  client: ClientFor<Its>,
  options?: SessionProxyOptions<Its>,
): (request: Request, event?: unknown) => Promise<Response> {
  const { refused, ...asked } = plain<SessionProxyOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as SessionProxyOptions<Its>);
  return async (request, event) => {
    const its = typeof client === "function" ? await client(request) : client;
    const { verdict, lines, ...decision } = await guard.check(its, request, waitUntilOf(() => event));
    if (decision.refused) {
      const answer = verdict as RefusedBy<Its>;
      return withCookies(await (refused ? refused(answer, request) : guard.response(answer, targetOf(request))), lines);
    }
    const own = new Headers(request.headers);
    if (verdict.status === "authenticated" && verdict.via === "remote" && own.has("authorization")) own.set("authorization", `Bearer ${verdict.session_jwt}`);
    if (lines.length > 0) own.set("cookie", refreshedCookies(own.get("cookie") ?? "", lines));
    return withCookies(NextResponse.next({ request: { headers: own } }), lines);
  };
}

/**
 * The session of the request that is being rendered or handled, or null. Sends no request to the API except for the key set: the
 * proxy has refreshed the session. Without the proxy, an expired JWT is null.
 *
 * ```tsx
 * const user = await session(client);
 * if (!user) redirect("/login");
 * ```
 */
export async function session<Its extends RequestAuthenticator>(client: Its | (() => Its), options?: AuthenticatorOptions<Its>): Promise<SessionOf<Its> | null> {
  // Before the client is made: at build time, the variables of the deployment may be absent.
  const request = { headers: await headers() };
  const its = typeof client === "function" ? client() : client;
  const verdict = await its.authenticateRequest(request, { ...options, remote_fallback: "never" });
  if (verdict.status !== "authenticated") return null;
  return ("session" in verdict ? verdict.session : verdict.member_session) as SessionOf<Its>;
}

/** A `Cookie` header after the browser has received these `Set-Cookie` lines. */
function refreshedCookies(cookie: string, lines: string[]): string {
  const pairs = lines.map((line) => line.split(";", 1)[0]!);
  const names = new Set(pairs.map((pair) => pair.split("=", 1)[0]!));
  const kept = cookie.split(";").map((pair) => pair.trim()).filter((pair) => pair && !names.has(pair.split("=", 1)[0]!.trim()));
  return [...kept, ...new Set(pairs.filter((pair) => !pair.endsWith("=")))].join("; ");
}

/** The target of a request. */
function targetOf({ method, url, headers }: Request): Target {
  const { pathname, search } = new URL(url);
  return { method, path: pathname + search, header: (name) => headers.get(name) };
}
