// The check of sessions without a secret, for programs that must not have one: in a browser, or on an edge that others
// operate. It requests only keys, and does not have the methods of the API.

import type { CallOptions, ClientConfig } from "./config.js";
import { Core } from "./core.js";
import type { B2BSessionsAuthenticateJwtLocalRequest, MemberSession } from "./generated/b2b_types.js";
import type { Session, SessionsAuthenticateJwtLocalRequest } from "./generated/consumer_types.js";
import type { RequestLike } from "./request_headers.js";
import { authenticateRequest } from "./requests.js";
import { authenticateJwtLocalSync, verifyJwtLocal } from "./sessions.js";
import type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  MemberVerdict,
  UserVerdict,
} from "./verdicts.js";

export { ClientError } from "./errors.js";
export { refusal } from "./handlers.js";
export { withSession } from "./with_session.js";
export type { MemberSession } from "./generated/b2b_types.js";
export type { Session } from "./generated/consumer_types.js";
export type { RequestAuthenticator, Refused } from "./handlers.js";
export type { HeadersLike, RequestLike } from "./request_headers.js";
export type { CookieOptions, MemberVerdict, UserVerdict } from "./verdicts.js";

/** The product whose sessions are checked: `consumer` for users, `b2b` for members. */
export type Product = "consumer" | "b2b";

/** The configuration of a verifier. It does not have a secret. */
export interface SessionVerifierConfig<Its extends Product = "consumer">
  extends Omit<ClientConfig, "secret" | "fraud_env" | "policy_ttl_seconds" | "remote_fallback"> {
  /** The product whose sessions are checked. Default: `consumer`. */
  product?: Its | undefined;
  /** The API is never asked. */
  remote_fallback?: "never" | undefined;
}

/** The options that need a secret. */
type Remote = "authorization_check" | "remote_fallback" | "session_duration_minutes";

/** The types that differ between users and members. */
export interface Verified {
  consumer: {
    session: Session;
    params: Omit<SessionsAuthenticateJwtLocalRequest, Remote>;
    options: Omit<AuthenticateRequestOptions, Remote>;
    verdict: UserVerdict;
  };
  b2b: {
    session: MemberSession;
    params: Omit<B2BSessionsAuthenticateJwtLocalRequest, Remote>;
    options: Omit<B2BAuthenticateRequestOptions, Remote>;
    verdict: MemberVerdict;
  };
}

/**
 * Checks sessions without a secret: in a browser, or on an edge that others operate. It requests only keys from
 * the API, so a revoked session is accepted until its JWT expires, and an expired JWT cannot be refreshed.
 * Permissions are not checked, because their policies need a secret.
 *
 * ```ts
 * const verifier = new SessionVerifier({ project_id: "project-live-…" });
 * const verdict = await verifier.authenticateRequest(request);
 * ```
 */
export class SessionVerifier<Its extends Product = "consumer"> {
  readonly #core: Core;

  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong, among them a `secret`. */
  constructor(config: SessionVerifierConfig<Its>) {
    this.#core = new Core("verifier", config);
  }

  /**
   * Checks a request by the session JWT that it carries, as the clients' method does with
   * `remote_fallback: "never"`.
   * @throws {@link ClientError} `invalid_argument` for invalid options.
   */
  async authenticateRequest(request: RequestLike, options?: Verified[Its]["options"]): Promise<Verified[Its]["verdict"]> {
    return authenticateRequest(this.#core, request, options);
  }

  /**
   * Checks a session JWT with the project's keys. Fetches them if they are not available.
   * @throws {@link ClientError} `jwt_invalid`, `jwt_too_old`, or `jwks_unavailable`, which is not a statement about the token.
   */
  async authenticateJwtLocal(params: Verified[Its]["params"], options?: CallOptions): Promise<Verified[Its]["session"]> {
    return verifyJwtLocal(this.#core, params, options);
  }

  /**
   * Checks a session JWT immediately, with the keys that are available.
   * @throws {@link ClientError} as `authenticateJwtLocal` does, and `wasm_not_ready`.
   */
  authenticateJwtLocalSync(params: Verified[Its]["params"]): Verified[Its]["session"] {
    return authenticateJwtLocalSync(this.#core, params);
  }

  /**
   * Fetches the project's key set unless there is a fresh one or the keys were given, and in a browser the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be fetched.
   */
  loadKeys(options?: CallOptions): Promise<void> {
    return this.#core.loadKeys(options);
  }

  /**
   * Forgets the keys and remembered tokens that this verifier uses: its own with `isolated: true`,
   * else the state that all clients of the project share in this isolate. Meant for tests. Responses to requests in flight
   * are still stored.
   */
  reset(): void {
    this.#core.reset();
  }
}
