// The options of a client's configuration. The checks are in config_checks.ts.

import type { RequestReason } from "./generated/words.js";
import type { CookieOptions, RemoteFallback } from "./verdicts.js";

/** The base URLs of the API. */
export interface Environments {
  /** Test projects. */
  test: "https://test.stytch.com/";
  /** Live projects. */
  live: "https://api.stytch.com/";
  /** Fraud and risk, for both. */
  fraud: "https://telemetry.stytch.com/";
}

/** The base URLs of the API. */
export const envs: Environments = Object.freeze({
  test: "https://test.stytch.com/",
  live: "https://api.stytch.com/",
  fraud: "https://telemetry.stytch.com/",
});

/** The configuration of a client. */
export interface ClientConfig {
  /** The project, `project-test-…` or `project-live-…`, which also selects the API's host. */
  project_id: string;
  /** The project's secret. It is sent only in the Authorization header. */
  secret: string;
  /** The project's public token, for the URLs that start OAuth and SSO. It is not a secret. */
  public_token?: string | undefined;
  /** The API's base URL. Default: the one for the project id. */
  env?: string | undefined;
  /** The time limit of a call, in milliseconds. Default: 30,000. */
  timeout?: number | undefined;
  /**
   * How often a request that is safe to repeat, such as a search, is sent again after a temporary failure: a
   * connection error, the status 502, 503 or 504, or a `Retry-After` of at most 2 seconds. All attempts are
   * within `timeout`. At most 10. 0: never. Default: 2.
   */
  retries?: number | undefined;
  /** The largest response of the API in bytes, after decompression. Default: 16 MiB. */
  max_response_bytes?: number | undefined;
  /** An undici dispatcher, passed to `fetch` unchanged; Node uses it. */
  dispatcher?: object | undefined;
  /** The base URL of the fraud and risk API. */
  fraud_env?: string | undefined;
  /** The API's base URL on a custom domain: https, or http on a loopback host. */
  custom_base_url?: string | undefined;
  /**
   * A `fetch` to use instead of the global one. The other clients of the project use the keys and
   * policies that it fetches too, unless `isolated` is set.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * The project's JWK set, as `sessions.getJWKS` returns it. Its keys need no request. If a token
   * was signed by another key, the key set is fetched.
   */
  jwks?: JwkSet | undefined;
  /** Whether tokens that were signed by keys outside of `jwks` are refused. Default: false. */
  jwks_pinned?: boolean;
  /**
   * The URL of the key set, instead of the API's: https, or http on a loopback host. Its keys do not
   * verify tokens for clients with another URL.
   */
  jwks_url?: string | undefined;
  /**
   * Whether this client has its own keys, policies and remembered tokens. Otherwise all clients of the
   * project share them in the isolate. A `store` is shared anyway. For tests.
   * Default: false.
   */
  isolated?: boolean | undefined;
  /**
   * A store in which isolates share keys and policies, so that a new isolate does not fetch them. An
   * attacker who can write to it can forge sessions: protect it like the secret.
   */
  store?: Store | undefined;
  /**
   * How many seconds old keys and policies remain valid while newer ones are unavailable.
   * Default: 86,400 seconds.
   */
  keys_max_stale_seconds?: number | undefined;
  /** How many seconds a policy is used before it is fetched again. Default: 300 seconds. */
  policy_ttl_seconds?: number | undefined;
  /**
   * Keeps a request alive for background work, such as `ctx.waitUntil.bind(ctx)`. Default in
   * Cloudflare Workers: `waitUntil` of `cloudflare:workers`.
   */
  wait_until?: WaitUntil | undefined;
  /** Called with failures that do not make a call fail. An error that it throws is ignored. */
  on_event?: ((event: ClientEvent) => void) | undefined;
  /** Called before each attempt to send a request. An error that it throws is ignored. */
  on_request?: ((event: RequestEvent) => void) | undefined;
  /** Called after each attempt. An error that it throws is ignored. */
  on_response?: ((event: ResponseEvent) => void) | undefined;
  /** Called before the delay of each retry. An error that it throws is ignored. */
  on_retry?: ((event: RetryEvent) => void) | undefined;
  /** Called with each verdict of an `authenticateRequest`. An error that it throws is ignored. */
  on_verdict?: ((event: VerdictEvent) => void) | undefined;
  /**
   * The limits of the cache of verified tokens, which all clients of the project share in the isolate.
   * The signature of a cached token is not verified again. Time, age and permissions are checked each time.
   */
  token_cache?: TokenCacheLimits | undefined;
  /**
   * When a session JWT that is refused locally is sent to the API, unless a call has its own option.
   * Default: `"stale"` for `authenticateRequest`, and `"always"` for `sessions.authenticateJwt`, as in
   * npm `stytch`.
   */
  remote_fallback?: RemoteFallback | undefined;
  /**
   * The time limit in milliseconds for the request by which `authenticateRequest` has the API
   * authenticate a session. `timeout` applies as well. Default: 5,000.
   */
  refresh_timeout?: number | undefined;
  /** The limits for these requests. */
  refresh_limits?: RefreshLimits | undefined;
  /** Names and attributes of the cookies in which a browser keeps a session. */
  cookies?: CookieOptions | undefined;
}

/**
 * An attempt to send a request to the API. It contains neither credentials nor the query, the body and the values in
 * the path.
 */
export interface RequestEvent {
  /** The project. */
  project_id: string;
  /** The method that sends such requests, for instance `users.get`. */
  operation: string;
  /** The HTTP method. */
  method: string;
  /** The path with the names of its arguments, for instance `/v1/users/{user_id}`. */
  path_template: string;
  /** The scheme and authority of the URL. */
  origin: string;
  /** The number of the call in this isolate. All attempts of a call have the same number. */
  call: number;
  /** The number of the attempt. The first one is 1. */
  attempt: number;
}

/** The end of an attempt. It is missing if the call is aborted. */
export interface ResponseEvent extends RequestEvent {
  /** The time until the body was read, in milliseconds. */
  duration_ms: number;
  /** The HTTP status, if there was a response. */
  status_code?: number;
  /** Why there was no usable response. */
  reason?: RequestReason;
  /** Identifies the request to Stytch's support. */
  request_id?: string;
}

/** A failed attempt that is repeated after a delay. */
export interface RetryEvent extends RequestEvent {
  /** The delay before the next attempt, in milliseconds. */
  delay_ms: number;
  /** The HTTP status, if there was a response. */
  status_code?: number;
  /** Why there was no usable response. */
  reason?: RequestReason;
}

/** A verdict. */
export interface VerdictEvent {
  /** The project. */
  project_id: string;
  /** The method: `authenticateRequest`, `idp.authenticateRequest` or `m2m.authenticateRequest`. */
  method: string;
  /** `authenticated`, `unauthenticated`, `forbidden` or `unavailable`. */
  status: string;
  /** The verdict's reason, unless the status is `authenticated`. */
  reason?: string;
  /** How the token was verified, if the status is `authenticated`. */
  via?: string;
  /** The time of the check in milliseconds. */
  duration_ms: number;
}

/** The options of one call, as the last argument of each method that sends requests. */
export interface CallOptions {
  /** Ends the call, also a delay before a retry. The promise is rejected with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** The time limit of each request of the call in milliseconds, including its retries. Default: the client's. */
  timeout?: number | undefined;
  /** How often a safe request is sent again after a temporary failure. Default: the client's, 2. */
  retries?: number | undefined;
}

/** The limits for the requests by which `authenticateRequest` has the API authenticate sessions. */
export interface RefreshLimits {
  /**
   * The number of requests without a verified JWT, per 10 seconds and isolate. Over the limit, the
   * verdict is `unavailable` with the reason `rate_limited`. Infinity: no limit. Default: 100.
   */
  unverified_refreshes?: number | undefined;
  /**
   * The number of requests for one session with a verified JWT, per 10 seconds. Infinity: no limit.
   * Default: 100.
   */
  session_refreshes?: number | undefined;
  /**
   * For how many seconds a session that the API does not find is refused without another request.
   * 0: never. Default: 10.
   */
  refused_session_seconds?: number | undefined;
  /**
   * The longest pause in seconds after the API is unavailable or overloaded. The pause starts at 0.5
   * seconds and doubles with each failure in a row. 0: no pauses. Default: 30.
   */
  max_pause_seconds?: number | undefined;
}

/** The limits of the cache of verified tokens. */
export interface TokenCacheLimits {
  /** The largest number of tokens. 0 disables the cache. Default: 1,000. */
  max_entries?: number | undefined;
  /** The largest size of all tokens, in bytes. 0 disables the cache. Default: 2 MiB. */
  max_bytes?: number | undefined;
}

/** Keeps the work of a request alive after its response, as a Worker's `ctx.waitUntil` does. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** A JWK set (RFC 7517, section 5). */
export interface JwkSet {
  /** Its keys. */
  keys: object[];
}

/** A store for text that isolates share. If it fails or is slow, it is skipped. */
export interface Store {
  /** Returns the value of a key, or null. Time limit: 250 milliseconds. */
  get(key: string): Promise<string | null>;
  /** Stores a value for about `ttl_seconds`. */
  put(key: string, value: string, options: { ttl_seconds: number }): Promise<void>;
}

/** A failure that did not make a call fail, by its `type`. */
export type ClientEvent = {
  /** The project. */
  project_id: string;
} & (
  | {
      /**
       * `keys_refresh_failed`: the key set could not be fetched, and keys that are available remain valid.
       * `refresh_failed`: the API was unavailable or refused this client when `authenticateRequest` had it authenticate
       * a session.
       */
      type: "keys_refresh_failed" | "refresh_failed";
      /** What happened: a `StytchError` with the API's response, a `RequestError` or a `ClientError`. */
      error: unknown;
    }
  | {
      /** A policy could not be fetched. The available policy remains valid. */
      type: "policy_refresh_failed";
      /** The organization whose policy it is, if it is not the project's. */
      organization_id?: string | undefined;
      /** What happened. */
      error: unknown;
    }
  | {
      /** The store threw, took too long, or returned something that is not text. */
      type: "store_failed";
      /** The method that failed. */
      operation: "get" | "put";
      /** What happened. */
      error: unknown;
    }
  | {
      /**
       * `cookie_too_large`: a cookie of a session is longer than browsers keep, and was cleared. `other_cookie_mode`: a
       * session cookie of the other `cookies.mode` arrives, which this client does not read. At most one event per 10
       * seconds.
       */
      type: "cookie_too_large" | "other_cookie_mode";
      /** The cookie's name. */
      cookie: string;
    }
  | {
      /** Refreshes pause after failures. At most one event per 10 seconds. */
      type: "refreshes_paused";
      /** Whether requests with a verified JWT pause, or those without one. */
      has_verified_jwt: boolean;
      /** The length of the pause. */
      seconds: number;
    }
  | {
      /**
       * `refresh_limit_reached`: `unverified_refreshes` is reached. `clock_skew`: a JWT is not valid yet, because the
       * clock of this host may be slow. At most one event of each type per 10 seconds.
       */
      type: "refresh_limit_reached" | "clock_skew";
    }
);

/** The configuration of a SAML Shield client. */
export interface SamlShieldClientConfig {
  /** The public token of a SAML Shield account. It is sent only in the Authorization header. */
  public_token: string;
  /** The time limit of a call, in milliseconds. Default: 30,000. */
  timeout?: number | undefined;
  /** How often a request that is safe to repeat is sent again after a temporary failure. At most 10. Default: 2. */
  retries?: number | undefined;
  /** An undici dispatcher, passed to `fetch` unchanged; Node uses it. */
  dispatcher?: object | undefined;
  /** The base URL of SAML Shield: https, or http on a loopback host. Default: Stytch's own. */
  custom_base_url?: string | undefined;
  /** A `fetch` to use instead of the global one. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/**
 * The source of the variables of `fromEnv`: a Worker's `env`, `process.env`, `Bun.env`, `import.meta.env`,
 * `Deno.env`, or any other object with the variables as properties or with a `get(name)`.
 */
export type Environment = object;
