// A handler that only users with a session reach, for whatever is called with a
// Request and returns a Response; and the response for the others. Decides
// nothing about sessions.

import { plain } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { setCookiesOf, withCookies } from "./set_cookies.js";
import type { MemberVerdict, UserVerdict } from "./verdicts.js";

/** What decides about requests: a client of either product, or a verifier. */
export interface Judge {
  authenticateRequest(request: RequestLike, options?: any): Promise<UserVerdict | MemberVerdict>;
}

/** The verdict that lets a user in. */
export type Admitted<Its extends Judge> = Extract<
  Awaited<ReturnType<Its["authenticateRequest"]>>,
  { status: "authenticated" }
>;

/** A verdict other than `authenticated`. */
export type Refused = Exclude<UserVerdict, { status: "authenticated" }>;

/** What can be required, as `authenticateRequest` takes it. */
export type JudgeOptions<Its extends Judge> = NonNullable<Parameters<Its["authenticateRequest"]>[1]>;

/** How a handler is guarded. */
export type WithSessionOptions<Its extends Judge, Rest extends unknown[]> = JudgeOptions<Its> & {
  /** The client, or how to make one from what the runtime passes, as in `(env: Env) => Client.fromEnv(env)`. */
  client: Its | ((...rest: Rest) => Its | Promise<Its>);
  /** The response for the others, in place of {@link refusal}. The verdict's cookies are added. */
  refused?: ((verdict: Refused, request: Request, ...rest: Rest) => Response | Promise<Response>) | undefined;
};

/**
 * A handler that only users with a session reach, for the `fetch` of a Worker, for
 * `Deno.serve`, and for anything else that is called with a Request. It is called with the
 * verdict that let the user in and with what else the runtime passes. Refreshed cookies
 * are set on a copy of its response, which no cache may keep then; a cookie that the response
 * sets or clears itself stays unchanged.
 *
 * ```ts
 * export default {
 *   fetch: withSession((request, { session }) => new Response(`Hello ${session.user_id}`), {
 *     client: (env: Env) => Client.fromEnv(env),
 *   }),
 * };
 * ```
 */
export function withSession<Its extends Judge, Rest extends unknown[]>(
  handler: (request: Request, verdict: Admitted<Its>, ...rest: Rest) => Response | Promise<Response>,
  options: WithSessionOptions<Its, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const { client, refused = refusal, ...asked } = plain("the options", options) as WithSessionOptions<Its, Rest>;
  return async (request, ...rest) => {
    const its = typeof client === "function" ? await client(...rest) : client;
    // A Worker's context; other runtimes pass something else, or nothing.
    const context = rest[1] as { waitUntil?: unknown } | null | undefined;
    const { waitUntil } = context ?? {};
    const wait_until = typeof waitUntil === "function" ? (task: Promise<unknown>) => waitUntil.call(context, task) : undefined;
    const verdict = await its.authenticateRequest(request, { ...asked, wait_until: asked.wait_until ?? wait_until });
    const answer =
      verdict.status === "authenticated" ? handler(request, verdict as Admitted<Its>, ...rest) : refused(verdict, request, ...rest);
    return withCookies(await answer, setCookiesOf(verdict.headers));
  };
}

/**
 * The Response for a verdict other than `authenticated`: 401, 403 or 503, its status and reason
 * as JSON, and the verdict's headers.
 */
export function refusal({ status, reason, headers }: Refused): Response {
  const own = new Headers(headers);
  const http_status = HTTP_STATUS[status];
  own.set("cache-control", "no-store");
  own.set("content-type", "application/json");
  // RFC 9110, section 15.5.2: a 401 states how to authenticate.
  if (http_status === 401 && !own.has("www-authenticate")) own.set("www-authenticate", "Bearer");
  if (http_status === 503) own.set("retry-after", "5");
  return new Response(JSON.stringify({ status, reason }), { status: http_status, headers: own });
}

/**
 * The HTTP status for each verdict that lets no request through.
 * @internal
 */
export const HTTP_STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 } as const;
