// The exports of the package, in every runtime. The methods are generated from the description of the API;
// boot/<runtime>.ts starts the wasm.

import { envs, type CallOptions, type ClientConfig, type Environment, type SamlShieldClientConfig } from "./config.js";
import { Core } from "./core.js";
import { configFrom } from "./environment.js";
import { B2BApi } from "./generated/b2b.js";
import { ConsumerApi } from "./generated/consumer.js";
import { SamlShieldApi } from "./generated/saml_shield.js";

export { ClientError, RequestError, StytchError } from "./errors.js";
export type { OAuth2ErrorJSON, StytchErrorJSON } from "./errors.js";
export type { Finding } from "./findings.js";
export { refusal } from "./handlers.js";
export type { RequestAuthenticator, Refused } from "./handlers.js";
export type {
  B2BStartLoginOptions,
  CallbackOptions,
  LoggedOut,
  LoginPages,
  LoginRequest,
  LogOutOptions,
  MemberLogin,
  PendingLogin,
  ResetPasswordOptions,
  StartedLogin,
  StartLoginOptions,
  UserLogin,
} from "./log_in_types.js";
export { loginResponse } from "./log_in_response.js";
export { withSession } from "./with_session.js";
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
  CookieToSet,
  KindsOptions,
  KindVerdict,
  MemberKinds,
  MemberVerdict,
  RemoteFallback,
  UserKinds,
  UserVerdict,
} from "./verdicts.js";
export type {
  CallOptions,
  ClientConfig,
  ClientEvent,
  Environment,
  JwkSet,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  SamlShieldClientConfig,
  Store,
  VerdictEvent,
} from "./config.js";
export { envs };

/** A client of the consumer API. Constructing one makes no request. */
export class Client extends ConsumerApi {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: ClientConfig) {
    super(new Core("consumer", config));
  }

  /**
   * A client with `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or `STYTCH_PROJECT_SECRET`) and, if it is set, `STYTCH_BASE_URL`
   * from `env`. Default: `process.env`, in Deno `Deno.env`. Fields that are set in `config` are not read from `env`.
   * @throws {@link ClientError} `invalid_argument`, naming the variable that is missing.
   */
  static fromEnv(env?: Environment, config?: Partial<ClientConfig>): Client {
    return new this(configFrom(env, config));
  }

  /**
   * Fetches the project's policy unless there is a fresh one, so that permissions are
   * decided without network, for instance by `rbac.can`.
   * @throws {@link StytchError} when the API refuses this client's credentials.
   * @throws {@link RequestError} when no usable policy arrives in time.
   */
  override loadPolicies(options?: CallOptions): Promise<void> {
    return super.loadPolicies(options);
  }
}

/** A client of the B2B API. Constructing one makes no request. */
export class B2BClient extends B2BApi {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong. */
  constructor(config: ClientConfig) {
    super(new Core("b2b", config));
  }

  /**
   * A client with `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or `STYTCH_PROJECT_SECRET`) and, if it is set, `STYTCH_BASE_URL`
   * from `env`. Default: `process.env`, in Deno `Deno.env`. Fields that are set in `config` are not read from `env`.
   * @throws {@link ClientError} `invalid_argument`, naming the variable that is missing.
   */
  static fromEnv(env?: Environment, config?: Partial<ClientConfig>): B2BClient {
    return new this(configFrom(env, config));
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
const clients = { Client, B2BClient, SamlShieldClient };
export default clients;
