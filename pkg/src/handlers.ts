// A handler for requests with a valid session, for all runtimes that call it with a Request, and the response to other
// requests. This module does not decide about sessions.

import type { WaitUntil } from "./config.js";
import { plain, requestOptions } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { setCookiesOf, withCookies } from "./set_cookies.js";
import type { MemberVerdict, Unavailable, UserVerdict } from "./verdicts.js";

/** A client of either product, or a verifier. */
export interface RequestAuthenticator {
  authenticateRequest(request: RequestLike, options?: any): Promise<UserVerdict | MemberVerdict>;
}

/** The verdict `authenticated`. */
export type Admitted<Its extends RequestAuthenticator> = Extract<
  Awaited<ReturnType<Its["authenticateRequest"]>>,
  { status: "authenticated" }
>;

/** A verdict other than `authenticated`. */
export type Refused = Exclude<UserVerdict, { status: "authenticated" }>;

/** The options of `authenticateRequest`. */
export type AuthenticatorOptions<Its extends RequestAuthenticator> = NonNullable<Parameters<Its["authenticateRequest"]>[1]>;

/** The options of `withSession`. */
export type WithSessionOptions<Its extends RequestAuthenticator, Rest extends unknown[]> = AuthenticatorOptions<Its> & {
  /** The client, or a function that returns one for the runtime's arguments: `(env: Env) => Client.fromEnv(env)`. */
  client: Its | ((...rest: Rest) => Its | Promise<Its>);
  /** The response to other requests. Default: {@link refusal}. The verdict's cookies are added. */
  refused?: ((verdict: Refused, request: Request, ...rest: Rest) => Response | Promise<Response>) | undefined;
};

/**
 * Calls a handler only for requests with a valid session: for the `fetch` of a Worker, `Deno.serve`, and
 * other functions that are called with a Request. The handler is called with the request, the verdict and
 * the runtime's other arguments. Refreshed cookies are set on a copy of its response, with
 * `Cache-Control: no-store`. A cookie that the response sets or clears itself stays unchanged.
 *
 * ```ts
 * export default {
 *   fetch: withSession((request, { session }) => new Response(`Hello ${session.user_id}`), {
 *     client: (env: Env) => Client.fromEnv(env),
 *   }),
 * };
 * ```
 */
export function withSession<Its extends RequestAuthenticator, Rest extends unknown[]>(
  handler: (request: Request, verdict: Admitted<Its>, ...rest: Rest) => Response | Promise<Response>,
  options: WithSessionOptions<Its, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const { client, refused = refusal, wait_until: own, ...asked } = plain("the options", options) as WithSessionOptions<Its, Rest>;
  requestOptions(asked);
  return async (request, ...rest) => {
    const its = typeof client === "function" ? await client(...rest) : client;
    // In a Worker this is the context; other runtimes pass another value, or none.
    const wait_until = own ?? waitUntilOf(() => rest[1]);
    const verdict = await its.authenticateRequest(request, { ...asked, wait_until });
    const answer =
      verdict.status === "authenticated" ? handler(request, verdict as Admitted<Its>, ...rest) : refused(verdict, request, ...rest);
    return withCookies(await answer, setCookiesOf(verdict.headers));
  };
}

/**
 * The `waitUntil` of a runtime's context, if it has one. Hono throws if its runtime has no context.
 * @internal
 */
export function waitUntilOf(context: () => unknown): WaitUntil | undefined {
  try {
    const its = context() as { waitUntil?: unknown } | null | undefined;
    const { waitUntil } = its ?? {};
    return typeof waitUntil === "function" ? (task) => waitUntil.call(its, task) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The Response for a verdict other than `authenticated`: 401, 403 or 503, its status and reason
 * as JSON, and the verdict's headers.
 */
export function refusal({ status, reason, headers, ...details }: Refused): Response {
  const own = new Headers(headers);
  const http_status = HTTP_STATUS[status];
  own.set("cache-control", "no-store");
  own.set("content-type", "application/json");
  // RFC 9110, section 15.5.2: a 401 has a WWW-Authenticate header.
  if (http_status === 401 && !own.has("www-authenticate")) own.set("www-authenticate", "Bearer");
  if (http_status === 503) own.set("retry-after", String((details as Partial<Unavailable>).retry_after_seconds ?? 5));
  return new Response(JSON.stringify({ status, reason }), { status: http_status, headers: own });
}

/**
 * The HTTP status of each verdict other than `authenticated`.
 * @internal
 */
export const HTTP_STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 } as const;
