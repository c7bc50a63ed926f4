// A middleware for Hono: after it, `c.get("session")` is a valid session. Imports only types of Hono.

import type { Context, MiddlewareHandler } from "hono";

import { refusal, waitUntilOf, type Admitted, type RequestAuthenticator, type AuthenticatorOptions, type Refused } from "./handlers.js";
import type { WaitUntil } from "./config.js";
import { plain, requestOptions } from "./options.js";
import { notSetBy, setCookiesOf } from "./set_cookies.js";

/** The variables that the middleware sets in the context. */
export type SessionVariables<Its extends RequestAuthenticator> = {
  /** The session of the user or the member. */
  session: Admitted<Its> extends { session: infer Session }
    ? Session
    : Admitted<Its> extends { member_session: infer MemberSession }
      ? MemberSession
      : never;
  /** The verdict on the request. */
  verdict: Admitted<Its>;
};

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> & {
  /** The response to other requests. Default: `refusal`. The verdict's cookies are added. */
  refused?: ((verdict: Refused, context: Context) => Response | Promise<Response>) | undefined;
};

/**
 * Passes requests with a valid session to the route, and responds to others with 401, 403 or 503.
 * Refreshed cookies are set on the response, with `Cache-Control: no-store`. A cookie that the response
 * sets or clears itself stays unchanged.
 *
 * ```ts
 * const app = new Hono<{ Bindings: Env; Variables: SessionVariables<Client> }>();
 * app.use("/private/*", authenticated((c) => Client.fromEnv(c.env)));
 * app.get("/private/me", (c) => c.json(c.get("session")));
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(
  client: Its | ((context: Context) => Its | Promise<Its>),
  options?: AuthenticatedOptions<Its>,
): MiddlewareHandler<{ Variables: SessionVariables<Its> }> {
  const { refused = refusal, wait_until: own, ...asked }: { refused?: AuthenticatedOptions<Its>["refused"]; wait_until?: WaitUntil } = plain("the options", options);
  requestOptions(asked);
  return async (context, next) => {
    const its = typeof client === "function" ? await client(context) : client;
    const wait_until = own ?? waitUntilOf(() => context.executionCtx);
    const verdict = await its.authenticateRequest(context.req.raw, { ...asked, wait_until });
    if (verdict.status === "authenticated") {
      const session = "session" in verdict ? verdict.session : verdict.member_session;
      context.set("session", session as SessionVariables<Its>["session"]);
      context.set("verdict", verdict as Admitted<Its>);
      await next();
    } else {
      context.res = await refused(verdict, context);
    }
    const lines = setCookiesOf(verdict.headers);
    for (const line of notSetBy(context.res.headers, lines)) context.header("set-cookie", line, { append: true });
    // A shared cache must not return the cookies to another user.
    if (lines.length) context.header("cache-control", "no-store");
  };
}
