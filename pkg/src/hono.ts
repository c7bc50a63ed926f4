// A middleware for Hono: after it, `c.get("session")` is a valid session. Imports only types of Hono.

import type { Context, MiddlewareHandler } from "hono";

import { targetOf } from "./adapters/fetch.js";
import { guardOf, type GuardOptions, type RefusedBy, type SessionOf, type VerdictOf } from "./adapters/guard.js";
import { waitUntilOf, type Admitted, type RequestAuthenticator, type AuthenticatorOptions, type Refused } from "./handlers.js";
import { plain } from "./options.js";
import { notSetBy, setCookiesOf } from "./set_cookies.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";

/** The variables that the middleware sets in the context. */
export type SessionVariables<Its extends RequestAuthenticator> = {
  /** The session of the user or the member. */
  session: SessionOf<Its>;
  /** The verdict on the request. */
  verdict: Admitted<Its>;
};

/** The variables that the middleware sets with `optional: true`. */
export type OptionalSessionVariables<Its extends RequestAuthenticator> = {
  /** The session of the user or the member; null for a request without a session. */
  session: SessionOf<Its> | null;
  /** The verdict on the request. */
  verdict: VerdictOf<Its>;
};

/** A client, or a function that returns one for the context of a request. */
type ClientOf<Its extends RequestAuthenticator> = Its | ((context: Context) => Its | Promise<Its>);

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /**
     * The response to other requests. Default: a redirect to `log_in` for pages if it is set, else `refusal`. The verdict's
     * cookies are added.
     */
    refused?: ((verdict: Refused, context: Context) => Response | Promise<Response>) | undefined;
  };

/**
 * Passes requests with a valid session to the route, and responds to others: to page requests with a redirect to `log_in` if it
 * is set, else with 401, 403 or 503 as JSON. Refreshed cookies are set on the response, with `Cache-Control: no-store`. A
 * cookie that the response sets or clears itself stays unchanged.
 *
 * ```ts
 * const app = new Hono<{ Bindings: Env; Variables: SessionVariables<Client> }>();
 * app.use("/private/*", authenticated((c) => Client.fromEnv(c.env), { log_in: "/login" }));
 * app.get("/private/me", (c) => c.json(c.get("session")));
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(
  client: ClientOf<Its>,
  options?: AuthenticatedOptions<Its> & { optional?: false | undefined },
): MiddlewareHandler<{ Variables: SessionVariables<Its> }>;
/** The same with `optional`: every request reaches the route, and the session may be `null`. */
export function authenticated<Its extends RequestAuthenticator>(
  client: ClientOf<Its>,
  options: AuthenticatedOptions<Its>,
): MiddlewareHandler<{ Variables: OptionalSessionVariables<Its> }>;
export function authenticated<Its extends RequestAuthenticator>(client: ClientOf<Its>, options?: AuthenticatedOptions<Its>): MiddlewareHandler {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  return async (context, next) => {
    const its = typeof client === "function" ? await client(context) : client;
    const decision = await guard.check(its, context.req.raw, waitUntilOf(() => context.executionCtx));
    const { lines, verdict } = decision;
    if (decision.refused) {
      context.res = await (refused ? refused(verdict as Refused, context) : guard.response(verdict as RefusedBy<Its>, targetOf(context.req.raw)));
    } else {
      context.set("session", decision.session);
      context.set("verdict", verdict);
      await next();
    }
    for (const line of notSetBy(setCookiesOf(context.res.headers), lines)) context.header("set-cookie", line, { append: true });
    // A shared cache must not return the cookies to another user. After a log-out, the back button must not display a page of
    // the session. An upgrade to a WebSocket cannot be copied.
    const isOpen = decision.session !== null && context.res.status !== 101 && !context.res.headers.has("cache-control");
    if (lines.length || isOpen) context.header("cache-control", "no-store");
  };
}
