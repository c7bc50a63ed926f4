// stytch-edge: what the package exports, in every runtime.

import { B2BApi } from "./generated/b2b.js";
import type { AuthorizationCheck, OrgPolicy, Policy, PolicyRole } from "./generated/b2b_types.js";
import { ConsumerApi } from "./generated/consumer.js";
import { SamlShieldApi } from "./generated/saml_shield.js";
import type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  MemberVerdict,
  CookieOptions,
  RemoteFallback,
  UserVerdict,
  Visits,
} from "./visits.js";

export * from "./errors.js";
export { SamlShield } from "./generated/saml_shield.js";
export type * from "./generated/b2b_types.js";
export type * from "./generated/consumer_types.js";
export type * from "./generated/saml_shield_types.js";
export type * from "./generated/shared_types.js";
export type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  BegunSession,
  CookieOptions,
  MemberVerdict,
  RemoteFallback,
  RequestLike,
  UserVerdict,
} from "./visits.js";
export { refusal, withSession } from "./handlers.js";
export { SessionVerifier } from "./verify.js";
export type { Judge, Refused } from "./handlers.js";
export type { SessionVerifierConfig } from "./verify.js";

/** How a client is set up. */
export interface ClientConfig {
  /** The project, `project-test-…` or `project-live-…`, which also chooses the API. */
  project_id: string;
  /** The project's secret. It goes into the Authorization header and nowhere else. */
  secret: string;
  /** The API's base URL, if the project id should not choose it. */
  env?: string;
  /** How long a call may take, in milliseconds; 30,000 if not given. */
  timeout?: number;
  /** An undici dispatcher, given to `fetch` as it is; Node uses it. */
  dispatcher?: object;
  /** The base URL of the fraud and risk API. */
  fraud_env?: string;
  /** The API's base URL on a custom domain: https, or http on a loopback host. */
  custom_base_url?: string;
  /**
   * A `fetch` to use instead of the global one. The keys and policies that it brings
   * are kept for the project as all are, and serve its other clients too.
   */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * The project's JWK set, as `sessions.getJWKS` gives it: its keys need no request. A
   * token of a key that is not in it has the key set fetched.
   */
  jwks?: JwkSet;
  /** Whether tokens of keys that are not in `jwks` are refused instead. */
  jwks_pinned?: boolean;
  /**
   * Where the key set is fetched from, if not from the API: https, or http on a loopback
   * host. Its keys judge for nobody else.
   */
  jwks_url?: string;
  /**
   * Where isolates keep keys and policies for each other, so that a cold one fetches
   * nothing. Whoever can write to it can forge sessions: guard it like the secret.
   */
  store?: Store;
  /**
   * For how many seconds old keys and policies judge on while newer ones cannot be had;
   * 86,400 if not given.
   */
  keys_max_stale_seconds?: number;
  /** After how many seconds a policy is fetched again; 300 if not given. */
  policy_ttl_seconds?: number;
  /**
   * Keeps a request alive for what goes on behind it, such as `ctx.waitUntil.bind(ctx)`.
   * In Cloudflare Workers that of `cloudflare:workers` if not given.
   */
  wait_until?: (promise: Promise<unknown>) => void;
  /** Is told of what goes wrong without making a call fail. What it throws is ignored. */
  on_event?: (event: ClientEvent) => void;
  /**
   * How many verified tokens are remembered for the project, by every client of the
   * isolate, so that they need no verification when they come again. Time, age and
   * permissions are judged anew each time.
   */
  token_cache?: {
    /** How many tokens: 1,000 if not given, none if 0. */
    max_entries?: number;
    /** How many bytes of them: 2 MiB if not given, none if 0. */
    max_bytes?: number;
  };
  /**
   * When the API is asked about a session JWT that is refused here, unless a call says
   * otherwise: if not given, `authenticateRequest` asks where that is `"stale"`, and
   * `sessions.authenticateJwt`, as npm `stytch` does, `"always"`.
   */
  remote_fallback?: RemoteFallback;
  /** How the cookies are called and set in which a browser keeps a session. */
  cookies?: CookieOptions;
}

/** A place for text that isolates share. One that fails, or takes its time, is done without. */
export interface Store {
  /** What was put under a key, or null. It is waited for a quarter of a second at most. */
  get(key: string): Promise<string | null>;
  /** Keeps a value for about as long as it is of use. */
  put(key: string, value: string, options: { ttl_seconds: number }): Promise<void>;
}

/** A store in the Cache API: in `cache`, else in the runtime's default one. */
export function cacheStore(cache?: CacheLike): Store;

/** A store in a namespace of Cloudflare KV. */
export function kvStore(namespace: KvNamespaceLike): Store;

/** A store in Deno KV. */
export function denoKvStore(kv: DenoKvLike): Store;

/** What is used of a `Cache`. */
export interface CacheLike {
  match(url: string): Promise<{ text(): Promise<string> } | undefined>;
  put(url: string, response: any): Promise<void>;
}

/** What is used of a `KVNamespace`. */
export interface KvNamespaceLike {
  get(key: string, type: "text"): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** What is used of a `Deno.Kv`. */
export interface DenoKvLike {
  get(key: string[]): Promise<{ value: unknown }>;
  set(key: string[], value: string, options: { expireIn: number }): Promise<unknown>;
}

/** Something that went wrong without making a call fail, told by its `type`. */
export type ClientEvent =
  | {
      /** The key set could not be fetched. Keys that are there judge on. */
      type: "keys_refresh_failed";
      /** The project. */
      project_id: string;
      /** What happened. */
      error: unknown;
    }
  | {
      /** A policy could not be fetched. One that is there decides on. */
      type: "policy_refresh_failed";
      /** The project. */
      project_id: string;
      /** The organization whose policy it is, if it is not the project's. */
      organization_id?: string;
      /** What happened. */
      error: unknown;
    }
  | {
      /** The store threw, took too long, or gave something that is no text. */
      type: "store_failed";
      /** The project. */
      project_id: string;
      /** What was asked of it. */
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

/** A JWK set (RFC 7517, section 5). */
export interface JwkSet {
  /** Its keys. */
  keys: object[];
}

/** How a SAML Shield client is set up. */
export interface SamlShieldClientConfig {
  /** The public token of a SAML Shield account. It goes into the Authorization header and nowhere else. */
  public_token: string;
  /** How long a call may take, in milliseconds; 30,000 if not given. */
  timeout?: number;
  /** An undici dispatcher, given to `fetch` as it is; Node uses it. */
  dispatcher?: object;
  /** The base URL of SAML Shield, if it is another: https, or http on a loopback host. */
  custom_base_url?: string;
  /** A `fetch` to use instead of the global one. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Where `fromEnv` may look: a Worker's env, `process.env` or `Deno.env`. */
export type Environment =
  | { STYTCH_PROJECT_ID?: string; STYTCH_SECRET?: string }
  | { get(name: string): string | undefined };

/** What every client of the consumer API does with requests. */
export interface Client extends Visits<AuthenticateRequestOptions, UserVerdict> {}

/** A client of the consumer API. Constructing one makes no request. */
export class Client extends ConsumerApi {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: ClientConfig);
  /**
   * A client with `STYTCH_PROJECT_ID` and `STYTCH_SECRET` from `env`; without it, from
   * `process.env` or `Deno.env`.
   * @throws {@link ClientError} `invalid_argument`, naming the variable that is missing.
   */
  static fromEnv(env?: Environment, config?: Partial<ClientConfig>): Client;
  /**
   * Fetches the project's key set unless there is a fresh one, so that checks need no
   * network, and in a browser also the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be had.
   */
  loadKeys(): Promise<void>;
  /**
   * Fetches the project's policy unless there is a fresh one, so that permissions are
   * decided without network, for instance by `rbac.can`.
   * @throws {@link StytchError} when the API refuses this client's credentials.
   * @throws {@link RequestError} when no usable policy arrives in time.
   */
  loadPolicies(): Promise<void>;
  /**
   * The project's key set as it was served, fetched if need be: another client takes it
   * as `jwks`.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be had.
   */
  exportKeys(): Promise<JwkSet>;
}

/** What every client of the B2B API does with requests. */
export interface B2BClient extends Visits<B2BAuthenticateRequestOptions, MemberVerdict> {}

/** A client of the B2B API. Constructing one makes no request. */
export class B2BClient extends B2BApi {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: ClientConfig);
  /**
   * A client with `STYTCH_PROJECT_ID` and `STYTCH_SECRET` from `env`; without it, from
   * `process.env` or `Deno.env`.
   * @throws {@link ClientError} `invalid_argument`, naming the variable that is missing.
   */
  static fromEnv(env?: Environment, config?: Partial<ClientConfig>): B2BClient;
  /**
   * Fetches the project's key set unless there is a fresh one, so that checks need no
   * network, and in a browser also the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be had.
   */
  loadKeys(): Promise<void>;
  /**
   * Fetches the project's policy, and that of an organization if one is named, unless
   * there are fresh ones, so that permissions are decided without network, for instance
   * by `rbac.can`.
   * @throws {@link StytchError} when the API refuses this client's credentials.
   * @throws {@link RequestError} when no usable policy arrives in time.
   */
  loadPolicies(params?: { organization_id?: string }): Promise<void>;
  /**
   * The project's key set as it was served, fetched if need be: another client takes it
   * as `jwks`.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be had.
   */
  exportKeys(): Promise<JwkSet>;
}

/** A client of SAML Shield. Constructing one makes no request. */
export class SamlShieldClient extends SamlShieldApi {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: SamlShieldClientConfig);
}

/** The base URLs of the API. */
export const envs: {
  /** Test projects. */
  test: "https://test.stytch.com/";
  /** Live projects. */
  live: "https://api.stytch.com/";
  /** Fraud and risk, for both. */
  fraud: "https://telemetry.stytch.com/";
};

/**
 * Whether a member's roles allow something: throws a {@link ClientError} if not. A type
 * and no function, here and in npm `stytch`: `authorization_check` is how one asks.
 */
declare function performAuthorizationCheck(question: {
  /** The roles that the policies of the project and the organization define. */
  policyRoles: PolicyRole[];
  /** The roles of the member's session. */
  subjectRoles: string[];
  /** The organization of the member's session. */
  subjectOrgID: string;
  /** What the member wants to do. */
  authorizationCheck: AuthorizationCheck;
}): void;

/** Policies of a project and its organizations as npm `stytch` keeps them: a type only. */
declare class PolicyCache {
  /** How long a policy is used before it is fetched again, in milliseconds. */
  static readonly CacheTTL: number;
  constructor(rbac: {
    policy: () => Promise<{ policy?: Policy }>;
    organizations: {
      getOrgPolicy: (params: { organization_id: string }) => Promise<{ org_policy?: OrgPolicy }>;
    };
  });
  /** The project's policy. */
  getPolicy(): Promise<Policy>;
  /** The policy of an organization. */
  getOrgPolicy(organizationID: string): Promise<OrgPolicy>;
}

export type { PolicyCache, performAuthorizationCheck };

declare const _default: {
  Client: typeof Client;
  B2BClient: typeof B2BClient;
  SamlShieldClient: typeof SamlShieldClient;
};
export default _default;
