// The types of clients that check requests, and the response to requests without a valid session. This module does not decide
// about sessions.

import type { WaitUntil } from "./config.js";
import type { RequestLike } from "./request_headers.js";
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
