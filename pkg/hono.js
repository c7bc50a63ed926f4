// @ts-check
// A middleware for Hono: `c.get("session")` behind it is a checked session.

import { nameOf, refusal } from "./handlers.js";
import { plain } from "./options.js";

/** Lets visitors with a session pass, and answers the others. */
export function authenticated(client, guard) {
  const { refused = refusal, ...options } = plain("the options", guard);
  return async (context, next) => {
    const its = typeof client === "function" ? await client(context) : client;
    const wait_until = waitUntilOf(context);
    const verdict = await its.authenticateRequest(context.req.raw, { wait_until, ...options });
    if (verdict.status === "authenticated") {
      context.set("session", verdict.session ?? verdict.member_session);
      context.set("verdict", verdict);
      await next();
    } else {
      context.res = await refused(verdict, context);
    }
    const cookies = verdict.headers.getSetCookie();
    const set = context.res.headers.getSetCookie().map(nameOf);
    for (const cookie of cookies) if (!set.includes(nameOf(cookie))) context.header("set-cookie", cookie, { append: true });
    // A shared cache may not keep them for the next visitor.
    if (cookies.length) context.header("cache-control", "no-store");
  };
}

/** How the runtime lets work go on behind an answer, if it does; Hono throws where there is no such thing. */
function waitUntilOf(context) {
  try {
    const its = context.executionCtx;
    return (promise) => its.waitUntil(promise);
  } catch {
    return undefined;
  }
}
