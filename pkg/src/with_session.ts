// A handler for requests with a valid session, for all runtimes that call it with a Request.

import { outcome, targetOf } from "./adapters/fetch.js";
import { guardOf, type GuardOptions, type RefusedBy, type VerdictOf } from "./adapters/guard.js";
import { waitUntilOf, type Admitted, type AuthenticatorOptions, type Refused, type RequestAuthenticator } from "./handlers.js";
import { plain } from "./options.js";
import { withCookies } from "./set_cookies.js";

/** The options of `withSession`. */
export type WithSessionOptions<Its extends RequestAuthenticator, Rest extends unknown[]> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /** The client, or a function that returns one for the runtime's arguments: `(env: Env) => Client.fromEnv(env)`. */
    client: Its | ((...rest: Rest) => Its | Promise<Its>);
    /**
     * The response to other requests. Default: a redirect to `log_in` for pages if it is set, else {@link refusal}. The verdict's
     * cookies are added.
     */
    refused?: ((verdict: Refused, request: Request, ...rest: Rest) => Response | Promise<Response>) | undefined;
  };

/** A handler of a runtime, called with a request and the runtime's other arguments. */
type Handler<Rest extends unknown[], Verdict> = (request: Request, verdict: Verdict, ...rest: Rest) => Response | Promise<Response>;

/**
 * Calls a handler only for requests with a valid session: for the `fetch` of a Worker, `Deno.serve`, and
 * other functions that are called with a Request. The handler is called with the request, the verdict and
 * the runtime's other arguments. Refreshed cookies are set on a copy of its response, with
 * `Cache-Control: no-store`, which every response of a session has that has no `Cache-Control`. A cookie that the response sets or
 * clears itself stays unchanged.
 *
 * ```ts
 * export default {
 *   fetch: withSession((request, { session }) => new Response(`Hello ${session.user_id}`), {
 *     client: (env: Env) => Client.fromEnv(env),
 *     log_in: "/login",
 *   }),
 * };
 * ```
 */
export function withSession<Its extends RequestAuthenticator, Rest extends unknown[]>(
  handler: Handler<Rest, Admitted<Its>>,
  options: WithSessionOptions<Its, Rest> & { optional?: false | undefined },
): (request: Request, ...rest: Rest) => Promise<Response>;
/** The same with `optional`: every request reaches the handler, with a verdict that may have another status. */
export function withSession<Its extends RequestAuthenticator, Rest extends unknown[]>(
  handler: Handler<Rest, VerdictOf<Its>>,
  options: WithSessionOptions<Its, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response>;
export function withSession<Its extends RequestAuthenticator, Rest extends unknown[]>(
  handler: Handler<Rest, any>,
  options: WithSessionOptions<Its, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const { client, refused, ...asked } = plain("the options", options) as WithSessionOptions<Its, Rest>;
  const guard = guardOf<Its>(asked as unknown as GuardOptions & AuthenticatorOptions<Its>);
  return async (request, ...rest) => {
    const its = typeof client === "function" ? await client(...rest) : client;
    // In a Worker this is the context; other runtimes pass another value, or none.
    const decision = await guard.check(its, request, waitUntilOf(() => rest[1]));
    const response = await outcome(guard, decision, targetOf(request), {
      passed: ({ verdict }) => handler(request, verdict, ...rest),
      refused: refused && ((verdict: RefusedBy<Its>) => refused(verdict as Refused, request, ...rest)),
    });
    return withCookies(response, decision.lines, { hasSession: decision.session !== null });
  };
}
