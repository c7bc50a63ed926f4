// A guard for route handlers of Next.js.

import { connection } from "next/server";

import { outcome, targetOf } from "../adapters/fetch.js";
import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf } from "../adapters/guard.js";
import type { AuthenticatorOptions, RequestAuthenticator } from "../handlers.js";
import { plain } from "../options.js";
import { setCookies } from "./cookies.js";
import type { Guarded } from "./proxy.js";

/** The options of `guardRoute`. */
export type GuardRouteOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /** The response to other requests, in place of a redirect to `log_in` or the verdict as JSON. The cookies are added. */
    refused?: ((verdict: RefusedBy<Its>, request: any) => Response | Promise<Response>) | undefined;
  };

/** A route handler, called with the result of the check and the context of Next, which has `params`. */
type Handler<Its extends RequestAuthenticator, Session, Context> = (request: Request, guarded: Guarded<Its, Session>, context: Context) => Response | Promise<Response>;

/** A route handler of Next. */
type RouteHandler<Context> = (request: Request, context: Context) => Promise<Response>;

/**
 * A route handler for requests with a valid session. Other requests get a redirect to `log_in` if they are for a page, else 401,
 * 403 or 503 as JSON. Without the proxy, an expired session is refreshed here, and every response sets the cookies, also a
 * `redirect()`. Cookies that the handler sets or clears itself have priority.
 *
 * ```ts
 * export const GET = guardRoute(client, (request, { session }) => Response.json({ id: session.user_id }));
 * ```
 */
export function guardRoute<Its extends RequestAuthenticator, Context = unknown>(
  client: ClientFor<Its>,
  handler: Handler<Its, SessionOf<Its>, Context>,
  options?: GuardRouteOptions<Its> & { optional?: false | undefined },
): RouteHandler<Context>;
/** The same with `optional`: every request reaches the handler, and the session may be `null`. */
export function guardRoute<Its extends RequestAuthenticator, Context = unknown>(
  client: ClientFor<Its>,
  handler: Handler<Its, SessionOf<Its> | null, Context>,
  options: GuardRouteOptions<Its>,
): RouteHandler<Context>;
export function guardRoute<Its extends RequestAuthenticator, Context>(client: ClientFor<Its>, handler: Handler<Its, any, Context>, options?: GuardRouteOptions<Its>): RouteHandler<Context> {
  const { refused, ...asked } = plain<GuardRouteOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as GuardRouteOptions<Its>);
  return async (request, context) => {
    // At build time, the variables of the deployment may be absent, so Next must not run this then.
    await connection();
    const its = typeof client === "function" ? await client(request) : client;
    const decision = await guard.check(its, request);
    const { verdict, session, lines } = decision;
    // Next adds them to every response of the handler, and prefers those of the handler.
    if (lines.length > 0) await setCookies(verdict);
    const response = await outcome(guard, decision, targetOf(request), {
      passed: () => handler(request, { session, verdict }, context),
      refused: refused && ((its) => refused(its, request)),
    });
    const isOpen = session !== null && !response.headers.has("cache-control");
    if (lines.length === 0 && !isOpen) return response;
    const own = new Response(response.body, response);
    // A shared cache must not return the cookies to another user. After a log-out, the back button must not display a page of
    // the session.
    own.headers.set("cache-control", "no-store");
    return own;
  };
}
