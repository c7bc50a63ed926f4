// What the package exports, in every runtime. The methods are generated from the
// API's description; boot/<runtime>.ts starts the wasm behind them.

import { envs, type ClientConfig, type Environment, type JwkSet, type SamlShieldClientConfig } from "./config.js";
import { Core } from "./core.js";
import { credentialsFrom } from "./environment.js";
import { B2BApi } from "./generated/b2b.js";
import { ConsumerApi } from "./generated/consumer.js";
import { SamlShieldApi } from "./generated/saml_shield.js";
import { plain } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { authenticateRequest, clearSessionHeaders, sessionHeaders } from "./requests.js";
import type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  BegunSession,
  CookieOptions,
  MemberVerdict,
  SessionRequests,
  UserVerdict,
} from "./verdicts.js";

export { ClientError, RequestError, StytchError } from "./errors.js";
export type { OAuth2ErrorJSON, StytchErrorJSON } from "./errors.js";
export { refusal, withSession } from "./handlers.js";
export type { Judge, Refused } from "./handlers.js";
export { SamlShield } from "./generated/saml_shield.js";
export type * from "./generated/b2b_types.js";
export type * from "./generated/consumer_types.js";
export type * from "./generated/saml_shield_types.js";
export type * from "./generated/shared_types.js";
export type { PolicyCache, performAuthorizationCheck } from "./npm_stytch_types.js";
export type { HeadersLike, RequestLike } from "./request_headers.js";
export { cacheStore, denoKvStore, kvStore } from "./stores.js";
export type { CacheLike, DenoKvLike, KvNamespaceLike } from "./stores.js";
export { SessionVerifier } from "./verify.js";
export type { SessionVerifierConfig } from "./verify.js";
export type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  BegunSession,
  CookieOptions,
  MemberVerdict,
  RemoteFallback,
  UserVerdict,
} from "./verdicts.js";
export type { ClientConfig, ClientEvent, Environment, JwkSet, SamlShieldClientConfig, Store } from "./config.js";
export { envs };

/** What both clients have in addition to the methods of their API. */
interface ProjectClient<Options, Verdict> extends SessionRequests<Options, Verdict> {
  /**
   * Fetches the project's key set unless there is a fresh one or the keys were given, so that checks need no
   * network, and in a browser also the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be fetched.
   */
  loadKeys(): Promise<void>;
  /**
   * The project's key set as it was served, fetched if need be: another client accepts it
   * as `jwks`.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be fetched.
   */
  exportKeys(): Promise<JwkSet>;
  /**
   * Forgets the keys, policies, remembered tokens and M2M tokens that this client uses: its own with
   * `isolated: true`, else those that all clients of the project share in this isolate. Meant for tests. Responses to
   * requests in flight are still stored.
   */
  reset(): void;
}

/** A client of the consumer API. Constructing one makes no request. */
export class Client extends ConsumerApi implements ProjectClient<AuthenticateRequestOptions, UserVerdict> {
  readonly #core: Core;

  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: ClientConfig) {
    const core = new Core("consumer", config);
    super(core);
    this.#core = core;
  }

  /**
   * A client with `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or `STYTCH_PROJECT_SECRET`) and, if it is set, `STYTCH_BASE_URL`
   * from `env`. Default: `process.env`, in Deno `Deno.env`. Fields that are set in `config` are not read from `env`.
   * @throws {@link ClientError} `invalid_argument`, naming the variable that is missing.
   */
  static fromEnv(env?: Environment, config?: Partial<ClientConfig>): Client {
    const given = plain("the configuration", config);
    return new this({ ...given, ...credentialsFrom(env, given) });
  }

  loadKeys(): Promise<void> {
    return this.#core.loadKeys();
  }

  /**
   * Fetches the project's policy unless there is a fresh one, so that permissions are
   * decided without network, for instance by `rbac.can`.
   * @throws {@link StytchError} when the API refuses this client's credentials.
   * @throws {@link RequestError} when no usable policy arrives in time.
   */
  loadPolicies(): Promise<void> {
    return this.#core.loadPolicies();
  }

  exportKeys(): Promise<JwkSet> {
    return this.#core.exportKeys();
  }

  reset(): void {
    this.#core.reset();
  }

  authenticateRequest(request: RequestLike, options?: AuthenticateRequestOptions): Promise<UserVerdict> {
    return authenticateRequest(this.#core, request, options);
  }

  sessionHeaders(result: BegunSession, options?: { cookies?: CookieOptions | undefined }): Headers {
    return sessionHeaders(this.#core, result, options);
  }

  clearSessionHeaders(options?: { cookies?: CookieOptions | undefined }): Headers {
    return clearSessionHeaders(this.#core, options);
  }
}

/** A client of the B2B API. Constructing one makes no request. */
export class B2BClient extends B2BApi implements ProjectClient<B2BAuthenticateRequestOptions, MemberVerdict> {
  readonly #core: Core;

  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: ClientConfig) {
    const core = new Core("b2b", config);
    super(core);
    this.#core = core;
  }

  /**
   * A client with `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or `STYTCH_PROJECT_SECRET`) and, if it is set, `STYTCH_BASE_URL`
   * from `env`. Default: `process.env`, in Deno `Deno.env`. Fields that are set in `config` are not read from `env`.
   * @throws {@link ClientError} `invalid_argument`, naming the variable that is missing.
   */
  static fromEnv(env?: Environment, config?: Partial<ClientConfig>): B2BClient {
    const given = plain("the configuration", config);
    return new this({ ...given, ...credentialsFrom(env, given) });
  }

  loadKeys(): Promise<void> {
    return this.#core.loadKeys();
  }

  /**
   * Fetches the project's policy, and that of an organization if one is named, unless
   * there are fresh ones, so that permissions are decided without network, for instance
   * by `rbac.can`.
   * @throws {@link StytchError} when the API refuses this client's credentials.
   * @throws {@link RequestError} when no usable policy arrives in time.
   */
  loadPolicies(params?: { organization_id?: string | undefined }): Promise<void> {
    return this.#core.loadPolicies(params);
  }

  exportKeys(): Promise<JwkSet> {
    return this.#core.exportKeys();
  }

  reset(): void {
    this.#core.reset();
  }

  authenticateRequest(request: RequestLike, options?: B2BAuthenticateRequestOptions): Promise<MemberVerdict> {
    return authenticateRequest(this.#core, request, options);
  }

  sessionHeaders(result: BegunSession, options?: { cookies?: CookieOptions | undefined }): Headers {
    return sessionHeaders(this.#core, result, options);
  }

  clearSessionHeaders(options?: { cookies?: CookieOptions | undefined }): Headers {
    return clearSessionHeaders(this.#core, options);
  }
}

/** A client of SAML Shield. Constructing one makes no request. */
export class SamlShieldClient extends SamlShieldApi {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: SamlShieldClientConfig) {
    super(new Core("saml_shield", config));
  }
}

/** The clients, as the default export of npm `stytch` has them. */
const clients: { Client: typeof Client; B2BClient: typeof B2BClient; SamlShieldClient: typeof SamlShieldClient } = {
  Client,
  B2BClient,
  SamlShieldClient,
};
export default clients;
