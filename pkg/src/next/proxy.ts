// A proxy for Next.js, which refreshes the session before the render.

import { NextResponse, type NextRequest } from "next/server";

import { targetOf } from "../adapters/fetch.js";
import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf, type Target, type VerdictOf } from "../adapters/guard.js";
import { refreshedHeaders } from "../adapters/refreshed.js";
import { waitUntilOf, type AuthenticatorOptions, type RequestAuthenticator } from "../handlers.js";
import { plain } from "../options.js";
import { oneForEachName, withCookies } from "../set_cookies.js";

/** What a check says about a request. */
export interface Guarded<Its extends RequestAuthenticator, Session> {
  /** The session of the user or the member. With `optional: true` it is null for a request without a session. */
  session: Session;
  verdict: VerdictOf<Its>;
}

/** The options of `sessionProxy`. */
export type SessionProxyOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /** The response to requests that are not passed, in place of a redirect to `log_in` or the verdict as JSON. The cookies are added. */
    refused?: ((verdict: RefusedBy<Its>, request: any) => Response | Promise<Response>) | undefined;
    /**
     * The response to requests that are passed, in place of `NextResponse.next()`: a rewrite, or that of another proxy. The cookies
     * are added. The request has the refreshed cookies.
     */
    passed?: ((request: any, guarded: Guarded<Its, SessionOf<Its> | null>) => Response | Promise<Response>) | undefined;
  };

/**
 * A `proxy` for Next.js 16 (`middleware` before). It refreshes an expired session with one request to the API. The render
 * finds the new JWT in `cookies()` and `headers()`, and the browser gets the new cookies with every response,
 * also with redirects, errors and those of server actions.
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
  const { refused, passed, ...asked } = plain<SessionProxyOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as SessionProxyOptions<Its>);
  return async (request, event) => {
    const its = typeof client === "function" ? await client(request) : client;
    const { verdict, session, lines, ...decision } = await guard.check(its, request, waitUntilOf(() => event));
    if (decision.refused) {
      const answer = verdict as RefusedBy<Its>;
      const response = refused ? await refused(answer, request) : (redirectOfAction(request, (target) => guard.response(answer, target)) ?? guard.response(answer, targetOf(request)));
      return withCookies(withWholeLocation(response, request), lines);
    }
    const isChanged = refresh(request as NextRequest, verdict, lines);
    const response = withCookies(passed ? await passed(request, { session, verdict }) : NextResponse.next(), lines);
    return isChanged ? withRequest(response, request) : response;
  };
}

/** Replaces the session of a request by the refreshed one. Returns whether the request has changed. */
function refresh(request: NextRequest, verdict: VerdictOf<RequestAuthenticator>, lines: string[]): boolean {
  const changes = refreshedHeaders(request.headers.get("cookie"), verdict, lines);
  if (lines.length > 0) for (const { name, value } of oneForEachName(verdict.cookies)) value ? request.cookies.set(name, value) : request.cookies.delete(name);
  // The text of `request.cookies` would write the values of other cookies in another way.
  for (const [name, value] of changes) request.headers.set(name, value);
  return changes.length > 0;
}

/** The response, with which Next renders this request, if it renders. */
function withRequest(response: Response, request: Request): Response {
  const { headers } = response;
  const isRendered = headers.has("x-middleware-next") || headers.has("x-middleware-rewrite");
  // `NextResponse.next({ request })` is the documented way to change a request. A rewrite of `passed` may have done it.
  if (isRendered && !headers.has("x-middleware-override-headers")) {
    for (const [name, value] of NextResponse.next({ request }).headers) if (name !== "x-middleware-next") headers.set(name, value);
  }
  return response;
}

/**
 * The redirect to the log-in page in response to a server action of a page. Scripts cannot follow a redirect to a page, so Next has
 * a header for it.
 */
function redirectOfAction(request: Request, respond: (target: Target) => Response): Response | undefined {
  if (request.method !== "POST" || !request.headers.has("next-action")) return undefined;
  const response = respond({ ...targetOf(request), method: "GET", header: (name) => (name === "accept" ? "text/html" : null) });
  const location = response.headers.get("location");
  if (location === null) return undefined;
  response.headers.delete("location");
  response.headers.set("x-action-redirect", `${location};push`);
  return response;
}

/** The response with a complete URL in `Location`, which Next requires. */
function withWholeLocation(response: Response, { url }: Request): Response {
  const location = response.headers.get("location");
  if (!location?.startsWith("/")) return response;
  const own = new Response(response.body, response);
  own.headers.set("location", new URL(location, url).href);
  return own;
}
