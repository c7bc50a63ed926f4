// A middleware for Hono: `c.get("session")` in a route behind it is a checked session. Imports only types of Hono.

import type { Context, MiddlewareHandler } from "hono";

import { refusal, type Admitted, type Judge, type JudgeOptions, type Refused } from "./handlers.js";
import type { WaitUntil } from "./config.js";
import { plain } from "./options.js";
import { notSetBy, setCookiesOf } from "./set_cookies.js";

/** What a handler behind the middleware finds in its context. */
export type SessionVariables<Its extends Judge> = {
  /** The session of the user or the member. */
  session: Admitted<Its> extends { session: infer Session }
    ? Session
    : Admitted<Its> extends { member_session: infer MemberSession }
      ? MemberSession
      : never;
  /** The verdict that let the user in. */
  verdict: Admitted<Its>;
};

/** How routes are guarded. */
export type AuthenticatedOptions<Its extends Judge> = JudgeOptions<Its> & {
  /** The response for the others, in place of `refusal`. The verdict's cookies are added. */
  refused?: ((verdict: Refused, context: Context) => Response | Promise<Response>) | undefined;
};

/**
 * Lets users with a session pass, and responds to the others with 401, 403 or 503.
 * Refreshed cookies are set on the response, which no cache may keep then; a cookie that the
 * response sets or clears itself stays unchanged.
 *
 * ```ts
 * const app = new Hono<{ Bindings: Env; Variables: SessionVariables<Client> }>();
 * app.use("/private/*", authenticated((c) => Client.fromEnv(c.env)));
 * app.get("/private/me", (c) => c.json(c.get("session")));
 * ```
 */
export function authenticated<Its extends Judge>(
  client: Its | ((context: Context) => Its | Promise<Its>),
  options?: AuthenticatedOptions<Its>,
): MiddlewareHandler<{ Variables: SessionVariables<Its> }> {
  const { refused = refusal, ...asked }: { refused?: AuthenticatedOptions<Its>["refused"]; wait_until?: WaitUntil } = plain("the options", options);
  return async (context, next) => {
    const its = typeof client === "function" ? await client(context) : client;
    const verdict = await its.authenticateRequest(context.req.raw, { ...asked, wait_until: asked.wait_until ?? waitUntilOf(context) });
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
    // A shared cache must not keep them for the next user.
    if (lines.length) context.header("cache-control", "no-store");
  };
}

/** The runtime's waitUntil, if it has one; otherwise Hono throws. */
function waitUntilOf(context: Context): ((promise: Promise<unknown>) => void) | undefined {
  try {
    const its = context.executionCtx;
    return (promise) => its.waitUntil(promise);
  } catch {
    return undefined;
  }
}
