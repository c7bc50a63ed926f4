// What `client.authenticateRequest` accepts and returns, and the cookies of a session. Types only; the work is done
// in requests.ts and in the wasm.

import type { WaitUntil } from "./config.js";
import type { AuthorizationCheck, MemberSession } from "./generated/b2b_types.js";
import type { Session, SessionsAuthorizationCheck } from "./generated/consumer_types.js";
import type { ForbiddenReason, UnauthenticatedReason, UnavailableReason, Via } from "./generated/words.js";
import type { RequestLike } from "./request_headers.js";

/**
 * When the API is asked about a session JWT that is refused locally.
 *
 * - `"stale"`: when it could still accept it, because the token has expired, is older
 *   than allowed, or the keys that could verify it are unavailable. At most 10
 *   times per minute, project and isolate for a token whose key is missing, because anyone can make up its name.
 * - `"always"`: whenever it has the form of a JWT.
 * - `"never"`.
 */
export type RemoteFallback = "always" | "stale" | "never";

/** The names and attributes of the two cookies in which a browser keeps a session. */
export interface CookieOptions {
  /** The name of the cookie with the session JWT. Default: `stytch_session_jwt`. */
  session_jwt?: string | undefined;
  /** The name of the cookie with the session token. Default: `stytch_session`. */
  session_token?: string | undefined;
  /**
   * Whether they are hidden from the page's own scripts, including Stytch's SDK for
   * browsers. Default: true.
   */
  http_only?: boolean | undefined;
  /** Whether they are sent over https only. Default: true. */
  secure?: boolean | undefined;
  /** Which requests from other sites they are sent with. Default: `"lax"`. */
  same_site?: "lax" | "strict" | "none" | undefined;
  /** The path that they are for. Default: `/`. */
  path?: string | undefined;
  /** The domain that they are for. Default: the host alone. */
  domain?: string | undefined;
  /** How many seconds they are kept. Default: as long as the session lasts. */
  max_age_seconds?: number | undefined;
}

/** What can be required of a user's token, beyond that it is good. */
export interface VisitOptions {
  /** A token issued this many seconds ago, or more, is refreshed first. */
  max_token_age_seconds?: number | undefined;
  /** How far clocks may differ, in seconds. Default: 0. */
  clock_tolerance_seconds?: number | undefined;
  /**
   * Claims at the top level of the token, with what they have to be: this very text,
   * number, `false` or `null`; `true` is anything but `null` and `false`.
   */
  required_claims?: Record<string, string | number | boolean | null>;
  /** When the API is asked. Default: as the client's configuration says, or `"stale"`. */
  remote_fallback?: RemoteFallback | undefined;
  /** If the API is asked: how long the session shall last from now on, in minutes. */
  session_duration_minutes?: number | undefined;
  /** Names and attributes of the cookies, in addition to the client's configuration. */
  cookies?: CookieOptions | undefined;
  /** Keeps the request alive for background work, as a Worker's `context.waitUntil`. Default: the client's. */
  wait_until?: WaitUntil | undefined;
}

/** What is required of a user's request. */
export interface AuthenticateRequestOptions extends VisitOptions {
  /** What the user must be allowed. */
  authorization_check?: SessionsAuthorizationCheck;
}

/** What is required of a member's request. */
export interface B2BAuthenticateRequestOptions extends VisitOptions {
  /** What the member must be allowed, and in which organization. */
  authorization_check?: AuthorizationCheck;
}

/** The user is known, and may do what was asked. */
export interface Authenticated {
  status: "authenticated";
  /**
   * How that is known: `"cache"`, the token was seen before, and nothing had to be verified or
   * fetched; `"local"`, it was verified here; `"remote"`, by the API, which issued a new one.
   */
  via: Via;
  /** The user's JWT, or the new one. */
  session_jwt: string;
  /** All claims of the JWT. */
  claims: Record<string, any>;
  /** `Set-Cookie` for the response, if the session was refreshed by cookie. */
  headers: Headers;
}

/** The user is not known: ask them to log in (401). */
export interface Unauthenticated {
  status: "unauthenticated";
  /** Which rule the credentials broke; for a log. */
  reason: UnauthenticatedReason;
  /** `Set-Cookie` that clears cookies which are not valid any more. */
  headers: Headers;
}

/** The user is known, and may not do what was asked (403). */
export interface Forbidden {
  status: "forbidden";
  /** What is missing. */
  reason: ForbiddenReason;
  /** `Set-Cookie` for the response: the session may have been refreshed anyway. */
  headers: Headers;
}

/** It cannot be decided now: the user may well be logged in (503). */
export interface Unavailable {
  status: "unavailable";
  /** What is unavailable, or wrong with this client's own configuration. */
  reason: UnavailableReason;
  /** Empty. */
  headers: Headers;
}

/** The verdict on a user's request. */
export type UserVerdict =
  | (Authenticated & {
      /** The user's session, in an object of the caller's own. */
      session: Session;
    })
  | Unauthenticated
  | Forbidden
  | Unavailable;

/** The verdict on a member's request. */
export type MemberVerdict =
  | (Authenticated & {
      /** The member's session, in an object of the caller's own. */
      member_session: MemberSession;
    })
  | Unauthenticated
  | Forbidden
  | Unavailable;

/** The result of a method that began a session: its tokens, and when it ends. */
export interface BegunSession {
  session_jwt?: string | undefined;
  session_token?: string | undefined;
  session?: { expires_at?: string | undefined } | null | undefined;
  member_session?: { expires_at?: string | undefined } | null | undefined;
  user_session?: { expires_at?: string | undefined } | null | undefined;
}

/** Verdicts on requests and the cookies that belong to them, which both clients have. */
export interface SessionRequests<Options, Verdict> {
  /**
   * Checks the session that a request carries: a Bearer credential, and without
   * one the cookies `stytch_session_jwt` and `stytch_session`, the first of each name
   * that is not empty. A good JWT needs no network. One that has expired is
   * refreshed once, by the session token if there is one, and the new tokens are in
   * `headers`; a session token alone triggers a request too. Malformed tokens trigger none.
   *
   * If a JWT is permanently invalid and a session token was sent as well, the JWT's cookie is
   * cleared, so that the next request uses the session token; not if the API is never asked.
   *
   * Whatever a user sends results in a verdict, and nothing is thrown for it.
   *
   * ```ts
   * const verdict = await client.authenticateRequest(request);
   * if (verdict.status !== "authenticated") return new Response(verdict.reason, { status: 401, headers: verdict.headers });
   * return new Response(`Hello ${verdict.session.user_id}`, { headers: verdict.headers });
   * ```
   * @throws {@link ClientError} `invalid_argument` for invalid options.
   */
  authenticateRequest(request: RequestLike, options?: Options): Promise<Verdict>;
  /**
   * `Set-Cookie` for the response to a log-in, from the result of the method that began the
   * session; empty if none has begun yet. A cookie that browsers would not keep,
   * because with its name and attributes it is over 4,096 bytes, is cleared instead: the
   * old one may be of another session.
   * @throws {@link ClientError} `invalid_argument` for a result without tokens, and
   *   `wasm_not_ready` when in a browser the wasm has not been loaded.
   */
  sessionHeaders(result: BegunSession, options?: { cookies?: CookieOptions | undefined }): Headers;
  /**
   * `Set-Cookie` for the response to a log-out: clears both cookies.
   * @throws {@link ClientError} as `sessionHeaders` does.
   */
  clearSessionHeaders(options?: { cookies?: CookieOptions | undefined }): Headers;
}
