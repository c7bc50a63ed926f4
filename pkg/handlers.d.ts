// Handlers that only visitors with a session reach.

import type { MemberVerdict, RequestLike, UserVerdict } from "./visits.js";

/** What judges requests: a client of either product, or a verifier. */
export interface Judge {
  authenticateRequest(request: RequestLike, options?: any): Promise<UserVerdict | MemberVerdict>;
}

/** The verdict of a judge that lets a visitor in. */
export type Admitted<Its extends Judge> = Extract<
  Awaited<ReturnType<Its["authenticateRequest"]>>,
  { status: "authenticated" }
>;

/** A verdict that lets nobody in. */
export type Refused = Exclude<UserVerdict, { status: "authenticated" }>;

/** What a judge may be asked, as `authenticateRequest` takes it. */
export type JudgeOptions<Its extends Judge> = NonNullable<Parameters<Its["authenticateRequest"]>[1]>;

/** How a handler is guarded. */
export type WithSessionOptions<Its extends Judge, Rest extends unknown[]> = JudgeOptions<Its> & {
  /** Who judges, or how to make one from what the runtime passes, as in `(env: Env) => Client.fromEnv(env)`. */
  client: Its | ((...rest: Rest) => Its | Promise<Its>);
  /** What the others are answered with, in place of {@link refusal}. The verdict's cookies are added. */
  refused?: (verdict: Refused, request: Request, ...rest: Rest) => Response | Promise<Response>;
};

/**
 * A handler that only visitors with a session reach, for the `fetch` of a Worker, for
 * `Deno.serve`, and for whatever else is called with a Request. It is called with the
 * verdict that let the visitor in and with what else the runtime passes. Refreshed cookies
 * are set on a copy of its answer, which no cache may keep then; a cookie that the answer
 * sets or clears itself stays as it is.
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
): (request: Request, ...rest: Rest) => Promise<Response>;

/**
 * The Response for a verdict that lets nobody in: 401, 403 or 503, its status and reason
 * as JSON, and the verdict's headers.
 */
export function refusal(verdict: Refused): Response;
