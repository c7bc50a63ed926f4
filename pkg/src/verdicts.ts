// What `client.authenticateRequest` accepts and returns, and the cookies of a session. Types only; the work is done
// in requests.ts and in the wasm.

import type { CallOptions, WaitUntil } from "./config.js";
import type { AuthorizationCheck, B2BIntrospectTokenClaims, MemberSession } from "./generated/b2b_types.js";
import type { IntrospectTokenClaims, Session, SessionsAuthorizationCheck } from "./generated/consumer_types.js";
import type { AuthenticateTokenResponse } from "./generated/shared_types.js";
import type { ForbiddenReason, UnauthenticatedReason, UnavailableReason, Via } from "./generated/words.js";
import type { RequestLike } from "./request_headers.js";
import type { AppRequestOptions, MachineRequestOptions, ResourceGranted } from "./services.js";

/**
 * When a session JWT that is refused locally is sent to the API.
 *
 * - `"stale"`: if the API may still accept the session, because the token has expired, is older than
 *   allowed, or its key is unavailable. Tokens with an unknown key: at most 10 requests per minute,
 *   project and isolate, because an attacker can invent key ids.
 * - `"always"`: if the token has the form of a JWT.
 * - `"never"`.
 */
export type RemoteFallback = "always" | "stale" | "never";

/** The names and attributes of the two cookies in which a browser keeps a session. */
export interface CookieOptions {
  /**
   * The code that keeps the session. It sets the two names and `http_only`, which must be absent then.
   *
   * - `"server"`: only the server. Scripts cannot read the cookies, and the names are not those of Stytch's SDK:
   *   `__Host-stytch_server_session_jwt` and `__Host-stytch_server_session`.
   * - `"browser_sdk"`: Stytch's SDK for browsers, and the server. Scripts can read the cookies `stytch_session_jwt` and
   *   `stytch_session`.
   *
   * Default: the names of the SDK, with `http_only`.
   */
  mode?: "server" | "browser_sdk" | undefined;
  /** The name of the cookie with the session JWT. Default: `stytch_session_jwt`. */
  session_jwt?: string | undefined;
  /** The name of the cookie with the session token. Default: `stytch_session`. */
  session_token?: string | undefined;
  /**
   * Whether the page's scripts cannot read the cookies. This includes Stytch's SDK for browsers.
   * Default: true.
   */
  http_only?: boolean | undefined;
  /** Whether the cookies are sent over https only. Default: true. */
  secure?: boolean | undefined;
  /** Which requests from other sites include the cookies. Default: `"lax"`. */
  same_site?: "lax" | "strict" | "none" | undefined;
  /**
   * Whether browsers keep the cookies apart for each site that embeds the page (`Partitioned`, CHIPS). Needs `secure`, and
   * for embedded pages `same_site: "none"`. Default: false.
   */
  partitioned?: boolean | undefined;
  /** The path of the cookies. Default: `/`. */
  path?: string | undefined;
  /** The domain of the cookies. Default: only the host that sets them. */
  domain?: string | undefined;
  /** The lifetime of the cookies in seconds. Default: the remaining time of the session. */
  max_age_seconds?: number | undefined;
}

/** The requirements for a user's token, in addition to its validity. */
export interface RequestOptions extends CallOptions {
  /** The age in seconds from which a token is refreshed first. */
  max_token_age_seconds?: number;
  /** The allowed difference between clocks, in seconds. Default: 0, and 5 for `nbf`. */
  clock_tolerance_seconds?: number | undefined;
  /**
   * Claims at the top level of the token, with their required values. A string, a number, `false` and
   * `null` must be equal. `true` requires any value except `null` and `false`.
   */
  required_claims?: Record<string, string | number | boolean | null>;
  /** When the API is called. Default: the client's `remote_fallback`, or `"stale"`. */
  remote_fallback?: RemoteFallback | undefined;
  /** If the API is called: the new lifetime of the session from now on, in minutes. */
  session_duration_minutes?: number | undefined;
  /** The time limit of the request to the API, in milliseconds. Default: the client's `refresh_timeout`. */
  refresh_timeout?: number | undefined;
  /** Names and attributes of the cookies, in addition to the client's configuration. */
  cookies?: CookieOptions | undefined;
  /** Keeps the request alive for background work, as a Worker's `context.waitUntil`. Default: the client's. */
  wait_until?: WaitUntil | undefined;
}

/** The requirements for a user's request. */
export interface AuthenticateRequestOptions extends RequestOptions {
  /** The permission that the user must have. */
  authorization_check?: SessionsAuthorizationCheck;
}

/** The requirements for a member's request. */
export interface B2BAuthenticateRequestOptions extends RequestOptions {
  /** The permission that the member must have, and the organization. */
  authorization_check?: AuthorizationCheck;
}

/** A cookie of a response, for frameworks that set cookies by name: `cookies.set(name, value, attributes)`. */
export interface CookieToSet {
  name: string;
  /** Empty if the cookie is cleared. */
  value: string;
  /** The attributes with the names of npm `cookie`, which Next, SvelteKit, Astro, Express and others use. */
  attributes: {
    path: string;
    domain?: string;
    /** In seconds. 0 clears the cookie. */
    maxAge?: number;
    httpOnly?: true;
    secure?: true;
    sameSite: "lax" | "strict" | "none";
    partitioned?: true;
  };
}

/** The user is authenticated and has the required permission. */
export interface Authenticated {
  status: "authenticated";
  /**
   * How the token was verified: `"cache"` before, so that nothing was verified or fetched now;
   * `"local"` now, in this isolate; `"remote"` by the API, which issued a new token.
   */
  via: Via;
  /** The user's JWT, or the new one. */
  session_jwt: string;
  /** All claims of the JWT. */
  claims: Record<string, any>;
  /** `Set-Cookie` and `Cache-Control: no-store` for the response, if the session was refreshed by cookie. */
  headers: Headers;
  /** The same cookies, one by one. */
  cookies: CookieToSet[];
}

/** The user is not authenticated and must log in (401). */
export interface Unauthenticated {
  status: "unauthenticated";
  /** The rule that the credentials break, for a log. */
  reason: UnauthenticatedReason;
  /** `Set-Cookie` that clears invalid cookies. */
  headers: Headers;
  /** The same cookies, one by one. */
  cookies: CookieToSet[];
}

/** The user is authenticated, but does not have the required permission (403). */
export interface Forbidden {
  status: "forbidden";
  /** What is missing. */
  reason: ForbiddenReason;
  /** `Set-Cookie` for the response: the session may have been refreshed anyway. */
  headers: Headers;
  /** The same cookies, one by one. */
  cookies: CookieToSet[];
}

/** The session cannot be checked now. The user may be logged in (503). */
export interface Unavailable {
  status: "unavailable";
  /** The part that is unavailable, or the error in this client's configuration. */
  reason: UnavailableReason;
  /** The time after which the same request may succeed, if it is known. */
  retry_after_seconds?: number;
  /** The HTTP status, if the API refused a request. */
  status_code?: number;
  /** The API's `error_type`, if it refused a request. */
  error_type?: string;
  /** Identifies the refused request to Stytch's support. */
  request_id?: string;
  /** Empty. */
  headers: Headers;
  /** The same cookies, one by one. */
  cookies: CookieToSet[];
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

/** Every kind of token, with the options for it and the verdict on it. */
export interface KindsOf {
  session: { options: object; granted: object };
  m2m: { options: object; granted: object };
  connected_app: { options: object; granted: object };
}

/** The kinds of token of a consumer project. */
export interface UserKinds {
  session: OfKind<"session", AuthenticateRequestOptions, Extract<UserVerdict, Authenticated>>;
  m2m: OfKind<"m2m", MachineRequestOptions, ResourceGranted<AuthenticateTokenResponse>>;
  connected_app: OfKind<"connected_app", AppRequestOptions<SessionsAuthorizationCheck>, ResourceGranted<IntrospectTokenClaims>>;
}

/** The kinds of token of a B2B project. */
export interface MemberKinds {
  session: OfKind<"session", B2BAuthenticateRequestOptions, Extract<MemberVerdict, Authenticated>>;
  m2m: OfKind<"m2m", MachineRequestOptions, ResourceGranted<AuthenticateTokenResponse>>;
  connected_app: OfKind<"connected_app", AppRequestOptions<AuthorizationCheck>, ResourceGranted<B2BIntrospectTokenClaims>>;
}

/** The options of a kind without those of the call, and the verdict with the kind. */
interface OfKind<Kind, Options, Granted> {
  options: Omit<Options, keyof CallOptions | "wait_until">;
  granted: Granted & {
    /** The kind of the token. */
    kind: Kind;
  };
}

/** The options of `authenticateRequest` for tokens of several kinds. */
export interface KindsOptions<Kinds extends KindsOf, Kind extends keyof KindsOf> extends CallOptions {
  /**
   * The accepted kinds, each with its requirements: `session` with the options of `authenticateRequest`, `m2m` with those of
   * `m2m.authenticateRequest`, `connected_app` with those of `idp.authenticateRequest`. A token of another kind is refused
   * with `wrong_token_kind`.
   */
  accepts: { [Its in Kind]: Kinds[Its]["options"] };
  /** Keeps the request alive for background work, as a Worker's `context.waitUntil`. Default: the client's. */
  wait_until?: WaitUntil | undefined;
}

/** The verdict on a request whose token may be of several kinds. If it is `authenticated`, `kind` is the kind of the token. */
export type KindVerdict<Kinds extends KindsOf, Kind extends keyof KindsOf> = { [Its in Kind]: Kinds[Its]["granted"] }[Kind] | Unauthenticated | Forbidden | Unavailable;

/** The result of a method that began a session: its tokens, and when it ends. */
export interface BegunSession {
  session_jwt?: string | undefined;
  session_token?: string | undefined;
  session?: { expires_at?: string | undefined } | null | undefined;
  member_session?: { expires_at?: string | undefined } | null | undefined;
  user_session?: { expires_at?: string | undefined } | null | undefined;
  /** Without a session: the token of a member who selects an organization, or needs another factor. */
  intermediate_session_token?: string | undefined;
  member_authenticated?: boolean | undefined;
}

/** Verdicts on requests and the cookies that belong to them, which both clients have. */
export interface SessionRequests<Options, Verdict, Kinds extends KindsOf> {
  /**
   * Checks the token of a request, which may be of each of the kinds in `accepts`. Its claims decide the kind after the
   * signature is verified. M2M tokens and tokens of Connected Apps are read from the `Authorization` header only; cookies are
   * sessions only. Only sessions are refreshed. If access tokens are accepted, a Bearer credential whose signature cannot be
   * verified is not sent to the API, because its kind is unknown.
   *
   * A refusal has the `WWW-Authenticate` header of the kind of the token (RFC 6750, section 3). If the kind is unknown or
   * not accepted, the header is that of `connected_app`, or else that of `m2m`.
   *
   * ```ts
   * const verdict = await client.authenticateRequest(request, {
   *   accepts: { session: {}, m2m: { required_scopes: ["read:reports"] } },
   * });
   * if (verdict.status !== "authenticated") return refusal(verdict);
   * return new Response(verdict.kind === "m2m" ? verdict.token.client_id : verdict.session.user_id, { headers: verdict.headers });
   * ```
   * @throws {@link ClientError} `invalid_argument` for invalid options.
   */
  authenticateRequest<Kind extends keyof KindsOf>(request: RequestLike, options: KindsOptions<Kinds, Kind>): Promise<KindVerdict<Kinds, Kind>>;
  /**
   * Checks the session of a request: the Bearer credential, or else the cookies
   * `stytch_session_jwt` and `stytch_session`. Of several cookies with one name, the first three that
   * could be a token are used. A valid JWT needs no network, and the first valid one is accepted. The
   * session of an expired JWT is refreshed with one request, and the new tokens are in `headers`. A
   * session token without a JWT triggers a request too. Malformed tokens do not trigger requests.
   *
   * The session token is not used if there is a JWT, because it may be of another user. Exceptions: the
   * JWT can never become valid, or the API has just reported that its session does not exist. If the
   * session of a JWT has ended and a session token was sent as well, the JWT's cookie is cleared. With
   * `remote_fallback: "never"` no session token is used.
   *
   * Every request results in a verdict: the content of a request never causes an error.
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
   * session; empty if the session has not begun yet. If there is only an intermediate session token, it is kept in a
   * cookie of its own for 10 minutes, which `pendingLogin` reads. A cookie of more than 4,096 bytes, including its
   * name and attributes, is cleared instead, because browsers do not keep it and the old cookie may be
   * of another session.
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
