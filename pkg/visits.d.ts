// Verdicts on requests: what `client.authenticateRequest` takes and gives, and the
// cookies that go with a session.

import type { AuthorizationCheck, MemberSession } from "./generated/b2b_types.js";
import type { Session, SessionsAuthorizationCheck } from "./generated/consumer_types.js";

/**
 * A Fetch `Request`, or anything with its headers. `Authorization` and `Cookie` are
 * read, and nothing else.
 */
export interface RequestLike {
  headers: { get(name: string): string | null };
}

/**
 * When the API is asked about a session JWT that is refused here.
 *
 * - `"stale"`: when it could still accept it, because the token has expired, is older
 *   than allowed, or the keys that could judge it are not to be had now. At most ten
 *   times a minute where a key is wanting, because anybody can make up its name.
 * - `"always"`: whenever it has the form of a JWT.
 * - `"never"`.
 */
export type RemoteFallback = "always" | "stale" | "never";

/** The names and attributes of the two cookies in which a browser keeps a session. */
export interface CookieOptions {
  /** The name of the cookie with the session JWT; `stytch_session_jwt` if not given. */
  session_jwt?: string;
  /** The name of the cookie with the session token; `stytch_session` if not given. */
  session_token?: string;
  /**
   * Whether they are kept from the page's own scripts, Stytch's SDK for browsers among
   * them; true if not given.
   */
  http_only?: boolean;
  /** Whether they go over https only; true if not given. */
  secure?: boolean;
  /** Which requests from other sites they go along with; `"lax"` if not given. */
  same_site?: "lax" | "strict" | "none";
  /** The path that they are for; `/` if not given. */
  path?: string;
  /** The domain that they are for; the host alone if not given. */
  domain?: string;
  /** How many seconds they are kept; as long as the session lasts if not given. */
  max_age_seconds?: number;
}

/** What may be asked of a visitor's token, beyond that it is good. */
interface VisitOptions {
  /** A token issued this many seconds ago, or more, is refreshed first. */
  max_token_age_seconds?: number;
  /** How far clocks may differ, in seconds; 0 if not given. */
  clock_tolerance_seconds?: number;
  /**
   * Claims at the top level of the token, with what they have to be: this very text,
   * number, `false` or `null`; `true` is anything but `null` and `false`.
   */
  required_claims?: Record<string, string | number | boolean | null>;
  /** When the API is asked; as the client says, or `"stale"`. */
  remote_fallback?: RemoteFallback;
  /** Where the API is asked: how long the session shall last from now on, in minutes. */
  session_duration_minutes?: number;
  /** How the cookies are called and set, above what the client says. */
  cookies?: CookieOptions;
  /** Where work goes on behind the answer, as a Worker's `context.waitUntil`; as the client says if not given. */
  wait_until?: (promise: Promise<unknown>) => void;
}

/** What is asked of a user who visits. */
export interface AuthenticateRequestOptions extends VisitOptions {
  /** What the user must be allowed. */
  authorization_check?: SessionsAuthorizationCheck;
}

/** What is asked of a member who visits. */
export interface B2BAuthenticateRequestOptions extends VisitOptions {
  /** What the member must be allowed, and in which organization. */
  authorization_check?: AuthorizationCheck;
}

/** The visitor is known, and may do what was asked. */
interface Authenticated {
  status: "authenticated";
  /**
   * Who says so: `"cache"`, the token was seen before, and nothing had to be verified or
   * fetched; `"local"`, it was verified here; `"remote"`, the API, which gave a new one.
   */
  via: "cache" | "local" | "remote";
  /** The visitor's JWT, or the new one. */
  session_jwt: string;
  /** All that the JWT claims. */
  claims: Record<string, any>;
  /** `Set-Cookie` for the answer, where the session was refreshed by cookie. */
  headers: Headers;
}

/** Nobody knows who it is: send them to log in (401). */
export interface Unauthenticated {
  status: "unauthenticated";
  /** Which rule the credentials broke; for a log. */
  reason:
    | "no_credentials"
    | "malformed"
    | "wrong_algorithm"
    | "wrong_type"
    | "critical_header"
    | "unknown_key"
    | "bad_signature"
    | "wrong_issuer"
    | "wrong_audience"
    | "expired"
    | "not_yet_valid"
    | "too_old"
    | "wrong_token_kind"
    | "missing_claim"
    | "session_not_found"
    | (string & {});
  /** `Set-Cookie` that clears cookies which are no good any more. */
  headers: Headers;
}

/** The visitor is known, and may not do what was asked (403). */
export interface Forbidden {
  status: "forbidden";
  /** What is missing. */
  reason: "invalid_permissions" | "tenancy_mismatch" | "claim_mismatch" | (string & {});
  /** `Set-Cookie` for the answer: the session may have been refreshed all the same. */
  headers: Headers;
}

/** Nobody can tell now: the visitor may well be logged in (503). */
export interface Unavailable {
  status: "unavailable";
  /** What is down, or wrong with this client's own configuration. */
  reason:
    | "keys_unavailable"
    | "policy_unavailable"
    | "api_unavailable"
    | "rate_limited"
    | "misconfigured"
    | "timeout"
    | "internal"
    | (string & {});
  /** Nothing. */
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
  session_jwt?: string;
  session_token?: string;
  session?: { expires_at?: string } | null;
  member_session?: { expires_at?: string } | null;
  user_session?: { expires_at?: string } | null;
}

/** Verdicts on requests and the cookies that go with them, which both clients have. */
export interface Visits<Options, Verdict> {
  /**
   * Judges a request by the session that it carries: a Bearer credential, and without
   * one the cookies `stytch_session_jwt` and `stytch_session`, the first of each name
   * that is not empty. A JWT that is good needs no network. One that has expired is
   * refreshed once, by the session token where there is one, and the new tokens are in
   * `headers`; a session token alone is worth a call too. Junk costs none.
   *
   * A JWT that is wrong for good is cleared where a session token stands beside it, so
   * that the next request goes by that; not where the API is never asked.
   *
   * Whatever a visitor sends gives a verdict, and nothing is thrown for it.
   *
   * ```ts
   * const visit = await client.authenticateRequest(request);
   * if (visit.status !== "authenticated") return new Response(visit.reason, { status: 401, headers: visit.headers });
   * return new Response(`Hello ${visit.session.user_id}`, { headers: visit.headers });
   * ```
   * @throws {@link ClientError} `invalid_argument` for options that make no sense.
   */
  authenticateRequest(request: RequestLike, options?: Options): Promise<Verdict>;
  /**
   * `Set-Cookie` for the answer to a log-in, from the result of the method that began the
   * session; nothing where none has begun yet. A cookie that browsers would not keep,
   * because with its name and attributes it is over 4,096 bytes, is cleared instead: what
   * stands there may be of another session.
   * @throws {@link ClientError} `invalid_argument` for a result without tokens, and
   *   `wasm_not_ready` when in a browser the wasm has not been loaded.
   */
  sessionHeaders(result: BegunSession, options?: { cookies?: CookieOptions }): Headers;
  /**
   * `Set-Cookie` for the answer to a log-out: clears both cookies.
   * @throws {@link ClientError} as `sessionHeaders` does.
   */
  clearSessionHeaders(options?: { cookies?: CookieOptions }): Headers;
}
