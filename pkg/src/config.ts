// What a client can be configured with. The checks are in config_checks.ts.

import type { CookieOptions, RemoteFallback } from "./verdicts.js";

/** The base URLs of the API. */
export const envs: {
  /** Test projects. */
  test: "https://test.stytch.com/";
  /** Live projects. */
  live: "https://api.stytch.com/";
  /** Fraud and risk, for both. */
  fraud: "https://telemetry.stytch.com/";
} = Object.freeze({
  test: "https://test.stytch.com/",
  live: "https://api.stytch.com/",
  fraud: "https://telemetry.stytch.com/",
});

/** The configuration of a client. */
export interface ClientConfig {
  /** The project, `project-test-…` or `project-live-…`, which also selects the API's host. */
  project_id: string;
  /** The project's secret. It goes into the Authorization header and nowhere else. */
  secret: string;
  /** The API's base URL. Default: the one for the project id. */
  env?: string | undefined;
  /** The time limit of a call, in milliseconds. Default: 30,000. */
  timeout?: number | undefined;
  /** An undici dispatcher, passed to `fetch` unchanged; Node uses it. */
  dispatcher?: object | undefined;
  /** The base URL of the fraud and risk API. */
  fraud_env?: string | undefined;
  /** The API's base URL on a custom domain: https, or http on a loopback host. */
  custom_base_url?: string | undefined;
  /**
   * A `fetch` to use instead of the global one. The keys and policies that it fetches
   * are kept for the project like all others, and serve its other clients too, unless
   * `isolated` is set.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * The project's JWK set, as `sessions.getJWKS` returns it: its keys need no request. A
   * token of a key that is not in the set has the key set fetched.
   */
  jwks?: JwkSet | undefined;
  /** Whether tokens of keys that are not in `jwks` are refused instead. Default: false. */
  jwks_pinned?: boolean | undefined;
  /**
   * Where the key set is fetched from instead of the API: https, or http on a loopback
   * host. Its keys verify no token of another client.
   */
  jwks_url?: string | undefined;
  /**
   * Gives this client its own keys, policies and remembered tokens, instead of those that every
   * client of the project shares in this isolate. A `store` is shared nevertheless. Meant for tests.
   * Default: false.
   */
  isolated?: boolean | undefined;
  /**
   * Where isolates keep keys and policies for each other, so that a new isolate fetches
   * nothing. Anyone who can write to it can forge sessions: protect it like the secret.
   */
  store?: Store | undefined;
  /**
   * For how many seconds old keys and policies remain valid while newer ones are
   * unavailable. Default: 86,400.
   */
  keys_max_stale_seconds?: number | undefined;
  /** After how many seconds a policy is fetched again. Default: 300. */
  policy_ttl_seconds?: number | undefined;
  /**
   * Keeps a request alive for background work, such as `ctx.waitUntil.bind(ctx)`.
   * Default: in Cloudflare Workers that of `cloudflare:workers`, elsewhere none.
   */
  wait_until?: WaitUntil | undefined;
  /** Called with failures that do not make a call fail. What it throws is ignored. */
  on_event?: ((event: ClientEvent) => void) | undefined;
  /**
   * How many verified tokens are remembered for the project, by every client of the
   * isolate, so that they are not verified again. Time, age and permissions are checked
   * each time.
   */
  token_cache?: TokenCacheLimits | undefined;
  /**
   * When the API is asked about a session JWT that is refused locally, unless a call says
   * otherwise. Default: `"stale"` for `authenticateRequest`, and `"always"` for
   * `sessions.authenticateJwt`, as in npm `stytch`.
   */
  remote_fallback?: RemoteFallback | undefined;
  /** Names and attributes of the cookies in which a browser keeps a session. */
  cookies?: CookieOptions | undefined;
}

/** How many verified tokens are remembered. */
export interface TokenCacheLimits {
  /** The number of tokens; none if 0. Default: 1,000. */
  max_entries?: number | undefined;
  /** The bytes of all of them; none if 0. Default: 2 MiB. */
  max_bytes?: number | undefined;
}

/** Keeps the work of a request alive after its response, as a Worker's `ctx.waitUntil` does. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** A JWK set (RFC 7517, section 5). */
export interface JwkSet {
  /** Its keys. */
  keys: object[];
}

/** A place for text that isolates share. A store that fails or is slow is skipped. */
export interface Store {
  /** What was put under a key, or null. Limit: 250 milliseconds. */
  get(key: string): Promise<string | null>;
  /** Keeps a value for about as long as it is useful. */
  put(key: string, value: string, options: { ttl_seconds: number }): Promise<void>;
}

/** A failure that did not make a call fail, by its `type`. */
export type ClientEvent =
  | {
      /** The key set could not be fetched. Keys that are available remain valid. */
      type: "keys_refresh_failed";
      /** The project. */
      project_id: string;
      /** What happened. */
      error: unknown;
    }
  | {
      /** A policy could not be fetched. One that is available remains valid. */
      type: "policy_refresh_failed";
      /** The project. */
      project_id: string;
      /** The organization whose policy it is, if it is not the project's. */
      organization_id?: string | undefined;
      /** What happened. */
      error: unknown;
    }
  | {
      /** The store threw, took too long, or returned something that is not text. */
      type: "store_failed";
      /** The project. */
      project_id: string;
      /** The method that failed. */
      operation: "get" | "put";
      /** What happened. */
      error: unknown;
    }
  | {
      /** A cookie of a session is longer than browsers keep, and was cleared. */
      type: "cookie_too_large";
      /** The project. */
      project_id: string;
      /** The cookie's name. */
      cookie: string;
    };

/** The configuration of a SAML Shield client. */
export interface SamlShieldClientConfig {
  /** The public token of a SAML Shield account. It goes into the Authorization header and nowhere else. */
  public_token: string;
  /** The time limit of a call, in milliseconds. Default: 30,000. */
  timeout?: number | undefined;
  /** An undici dispatcher, passed to `fetch` unchanged; Node uses it. */
  dispatcher?: object | undefined;
  /** The base URL of SAML Shield: https, or http on a loopback host. Default: Stytch's own. */
  custom_base_url?: string | undefined;
  /** A `fetch` to use instead of the global one. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/**
 * Where `fromEnv` reads variables: a Worker's `env`, `process.env`, `Bun.env`, `import.meta.env`,
 * `Deno.env`, or any other object with the variables as properties or with a `get(name)`.
 */
export type Environment = object;
