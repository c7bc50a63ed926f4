// A middleware for Hono: `c.get("session")` behind it is a checked session.

import type { Context, MiddlewareHandler } from "hono";

import type { Admitted, Judge, JudgeOptions, Refused } from "./handlers.js";

/** What a handler behind the middleware finds in its context. */
export type SessionVariables<Its extends Judge> = {
  /** The session of the user or the member. */
  session: Admitted<Its> extends { session: infer Session }
    ? Session
    : Admitted<Its> extends { member_session: infer MemberSession }
      ? MemberSession
      : never;
  /** The verdict that let the visitor in. */
  verdict: Admitted<Its>;
};

/** How routes are guarded. */
export type AuthenticatedOptions<Its extends Judge> = JudgeOptions<Its> & {
  /** What the others are answered with, in place of `refusal`. The verdict's cookies are added. */
  refused?: (verdict: Refused, context: Context) => Response | Promise<Response>;
};

/**
 * Lets visitors with a session pass, and answers the others with 401, 403 or 503.
 * Refreshed cookies are set on the answer, which no cache may keep then; a cookie that the
 * answer sets or clears itself stays as it is.
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
): MiddlewareHandler<{ Variables: SessionVariables<Its> }>;
