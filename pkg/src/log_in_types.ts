// What the methods of a log-in accept and return. Types only; the work is done in log_in.ts and in the wasm.

import type { CallOptions } from "./config.js";
import type * as b2b from "./generated/b2b_types.js";
import type * as consumer from "./generated/consumer_types.js";
import type { LogInRefusal, UnavailableReason } from "./generated/words.js";
import type { RequestLike } from "./request_headers.js";
import type { BegunSession, CookieOptions, CookieToSet } from "./verdicts.js";

/**
 * A request: a Fetch `Request`, or a request of Node's `http`, Express or Fastify. The method, the URL and the headers
 * `Cookie`, `Origin`, `Host`, `Sec-Fetch-Site` and those of prefetches are read. `Host` never chooses a redirect.
 */
export interface LoginRequest extends RequestLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** How a log-in of a user starts. */
export interface StartLoginOptions {
  /** `"magic_link"` and `"password_reset"`: the API sends an email. `"oauth"`: the browser is sent to a URL. */
  method: "magic_link" | "password_reset" | "oauth";
  /** The provider of OAuth, such as `"google"`. */
  provider?: string | undefined;
  /** Other parameters of the start URL, as Stytch names them, such as `login_redirect_url` or `custom_scopes`. */
  params?: Record<string, string> | undefined;
  /** The page to which the user returns: a path of the own origin. Default: `/`. */
  return_to?: string | undefined;
  /** The lifetime of the link of an email, if the request for the email changes it. Default: 60, for resets 30. */
  expiration_minutes?: number | undefined;
  /** Names and attributes of the cookies, in addition to the client's configuration. */
  cookies?: CookieOptions | undefined;
}

/** How a log-in of a member starts. */
export interface B2BStartLoginOptions extends Omit<StartLoginOptions, "method"> {
  /**
   * `"magic_link"`, `"password_reset"` and `"discovery"`: the API sends an email. `"oauth"`, `"sso"` and
   * `"discovery_oauth"`: the browser is sent to a URL. OAuth needs `organization_id` or `slug` in `params`, SSO needs
   * `connection_id`.
   */
  method: "magic_link" | "password_reset" | "oauth" | "sso" | "discovery" | "discovery_oauth";
}

/** A log-in that has started. */
export interface StartedLogin {
  /** The URL to which the browser is sent, if the method has one. */
  url?: string;
  /**
   * The PKCE challenge, for the method that sends the email: `code_challenge`, and in B2B `pkce_code_challenge` of magic
   * links.
   */
  code_challenge: string;
  /** `Set-Cookie` for the response: the cookie that binds the log-in to the browser. */
  headers: Headers;
  /** The same cookie, for frameworks that set cookies by name. */
  cookies: CookieToSet[];
}

/** The pages to which responses redirect: paths of the own origin. */
export interface LoginPages {
  /** The page after the log-in. Default: `return_to` of `startLogin`, else `/`. */
  logged_in?: string | undefined;
  /** The page on which a member selects an organization. Default: `/`. */
  needs_organization?: string | undefined;
  /** The page for another factor. Default: `/`. */
  needs_mfa?: string | undefined;
  /** The page for the new password. Default: `/`. */
  needs_new_password?: string | undefined;
  /** The page after a refusal; the parameter `reason` is added. Default: `/`. */
  refused?: string | undefined;
  /** The page during an outage. Default: status 503 without a redirect, so that the user can load the link again. */
  unavailable?: string | undefined;
}

/** The options of the steps of a log-in that begin a session. */
export interface SessionOptions extends CallOptions {
  /** The pages to which the response redirects. */
  pages?: LoginPages | undefined;
  /** The lifetime of the session in minutes. Default: 60. */
  session_duration_minutes?: number | undefined;
  /** Custom claims of the session. */
  session_custom_claims?: Record<string, any> | undefined;
  /** Names and attributes of the cookies, in addition to the client's configuration. */
  cookies?: CookieOptions | undefined;
}

/** The options of `handleCallback`. */
export interface CallbackOptions extends SessionOptions {
  /**
   * Whether a token is accepted although this browser did not start the log-in, for instance the link of an invitation.
   * An attacker can then log users in to the attacker's account, by sending them a link. Default: false.
   */
  allow_unbound?: boolean | undefined;
  /** Whether employees may impersonate users from Stytch's dashboard. Default: false. */
  allow_impersonation?: boolean | undefined;
  /**
   * Whether the user clicks a button before the token is used, because mail scanners open links. Route POST requests to
   * `handleCallback`, too. Default: false.
   */
  confirm?: boolean;
}

/** The options of `resetPassword`. */
export interface ResetPasswordOptions extends SessionOptions {
  /** The new password, from the form. */
  password: string;
}

/** What each result of a step of a log-in has: the response to the browser. */
export interface LoginStep {
  /** The value of `stytch_token_type`, if it is known. */
  token_type?: string;
  /** The page to which the user returns at the end of the log-in. */
  return_to: string;
  /** The HTTP status of the response. */
  http_status: number;
  /** The header `Location` of the response. */
  location?: string;
  /** `Set-Cookie`, `Cache-Control: no-store` and `Referrer-Policy: no-referrer`. */
  headers: Headers;
  /** The cookies of `headers`, one by one. */
  cookies: CookieToSet[];
}

/** A refusal, or an outage. */
export interface LoginFailure extends LoginStep {
  response?: undefined;
  /** The HTTP status, if the API refused a request. */
  status_code?: number;
  /** The API's `error_type`, if it refused a request. */
  error_type?: string;
  /** Identifies the refused request to Stytch's support. */
  request_id?: string;
}

/** The result of a step of a log-in. `response` is the API's response, which contains tokens. */
export type LoginResult<LoggedIn, NeedsOrganization, NeedsMfa> =
  | (LoginStep & { status: "logged_in"; response: LoggedIn })
  | (LoginStep & { status: "needs_organization"; response: NeedsOrganization })
  | (LoginStep & { status: "needs_mfa"; response: NeedsMfa })
  | (LoginStep & { status: "needs_new_password" | "needs_click"; response?: undefined })
  | (LoginFailure & { status: "refused"; reason: LogInRefusal })
  | (LoginFailure & { status: "unavailable"; reason: UnavailableReason; retry_after_seconds?: number });

/** The result of a step of a user's log-in. */
export type UserLogin = LoginResult<consumer.MagicLinksAuthenticateResponse, never, never>;

/** The result of a step of a member's log-in. */
export type MemberLogin = LoginResult<
  b2b.B2BMagicLinksAuthenticateResponse,
  b2b.B2BMagicLinksDiscoveryAuthenticateResponse,
  b2b.B2BMagicLinksAuthenticateResponse
>;

/** A log-in that has not ended, as the cookies of a request show it. */
export interface PendingLogin {
  /** The intermediate session token, for the methods that select an organization or check another factor. */
  intermediate_session_token?: string;
  /** The organization that requires another factor, after `needs_mfa`. */
  organization_id?: string;
  /** The member of that organization. */
  member_id?: string;
  /** Whether `resetPassword` has a token. */
  has_password_reset: boolean;
  /** The page to which the user returns at the end of the log-in. */
  return_to: string;
}

/** The options of `logOut`. */
export interface LogOutOptions extends CallOptions {
  /** The page after the log-out: a path of the own origin. Default: `/`. */
  return_to?: string | undefined;
  /** Names and attributes of the cookies, in addition to the client's configuration. */
  cookies?: CookieOptions | undefined;
}

/** The result of a log-out. */
export interface LoggedOut {
  /** `"refused"`: nothing was changed. */
  status: "logged_out" | "refused" | "unavailable";
  /** Why the log-out is refused. */
  reason?: LogInRefusal;
  /** Whether the API has no session of the cookies any more. If not, the session's tokens remain valid until it ends. */
  revoked: boolean;
  /** The HTTP status of the response. */
  http_status: number;
  /** The header `Location` of the response. */
  location?: string;
  /** `Set-Cookie` that clears all cookies, and `Cache-Control: no-store`. */
  headers: Headers;
  /** The cookies of `headers`, one by one. */
  cookies: CookieToSet[];
}

/** What `loginResponse` reads of a result. */
export interface LoginResponseParts {
  status: string;
  reason?: string;
  http_status: number;
  location?: string;
  headers: Headers;
  retry_after_seconds?: number;
  revoked?: boolean;
}

/** Log-ins of a browser, which both clients have. */
export interface LoginRoundTrips<StartOptions, Login> {
  /**
   * Starts a log-in, and binds it to the browser by PKCE (RFC 7636): a cookie of the response keeps the verifier. Tabs of a
   * browser that start the same kind of log-in share it, and return to the page of the last start.
   *
   * ```ts
   * const { url, headers } = client.startLogin(request, { method: "oauth", provider: "google", return_to: "/inbox" });
   * headers.set("location", url!);
   * return new Response(null, { status: 303, headers });
   * ```
   * @throws {@link ClientError} `invalid_argument` for invalid options, `cross_origin` if a page of another origin has sent
   *   the request for an email, and `wasm_not_ready` when in a browser the wasm has not been loaded.
   */
  startLogin(request: LoginRequest, options: StartOptions): StartedLogin;
  /**
   * Handles the redirect of Stytch at the end of a log-in, of every `stytch_token_type`. The token is used up only by a GET
   * request of the browser that started the log-in, unless the options allow more. Prefetches and HEAD use nothing up.
   *
   * ```ts
   * return loginResponse(await client.handleCallback(request, { pages: { refused: "/login" } }));
   * ```
   * @throws {@link ClientError} `invalid_argument` for invalid options. The content of a request never causes an error.
   */
  handleCallback(request: LoginRequest, options?: CallbackOptions): Promise<Login>;
  /**
   * Sets a new password after `handleCallback` returned `needs_new_password`: the token is in a cookie. The request must be
   * a POST of a page of the same origin. After `password_not_accepted`, the user can send another password.
   * @throws {@link ClientError} as `handleCallback` does.
   */
  resetPassword(request: LoginRequest, options: ResetPasswordOptions): Promise<Login>;
  /** The log-in that has not ended, as the cookies of the request show it: after `needs_organization` and `needs_mfa`. */
  pendingLogin(request: LoginRequest, options?: { cookies?: CookieOptions | undefined }): PendingLogin;
  /**
   * Whether a page of the same origin sent the request, by `Sec-Fetch-Site` or `Origin`. Check it before a form with a password
   * or a code begins a session: otherwise another site could log users in to the attacker's account.
   */
  isSameOrigin(request: LoginRequest): boolean;
  /**
   * Ends a log-in with the result of a method that begins a session, or that requires another factor: sets its cookies, and
   * returns to the page of the start. Requests of pages of other origins are refused with `cross_origin`: another site could
   * have sent the password of its own account.
   *
   * ```ts
   * const { intermediate_session_token = "" } = client.pendingLogin(request);
   * const result = await client.discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id });
   * return loginResponse(client.finishLogin(request, result, { pages: { needs_mfa: "/mfa" } }));
   * ```
   * @throws {@link ClientError} `invalid_argument` for a result without tokens.
   */
  finishLogin(request: LoginRequest, result: BegunSession, options?: { pages?: LoginPages | undefined; cookies?: CookieOptions | undefined }): Login;
  /**
   * Logs a user out: clears all cookies, and revokes the session at the API. Only a POST of a page of the same origin is
   * accepted, by `Sec-Fetch-Site` or `Origin`. The content of a request never causes an error.
   *
   * ```ts
   * return loginResponse(await client.logOut(request, { return_to: "/goodbye" }));
   * ```
   * @throws {@link ClientError} `invalid_argument` for invalid options.
   */
  logOut(request: LoginRequest, options?: LogOutOptions): Promise<LoggedOut>;
}
