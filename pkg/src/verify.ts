// The check alone, without a secret, for places where a secret must not be: a browser, or an
// edge that others operate. Knows no method of the API and requests nothing but keys.

import type { ClientConfig } from "./config.js";
import { Core } from "./core.js";
import { invalid } from "./errors.js";
import type { B2BSessionsAuthenticateJwtLocalRequest, MemberSession } from "./generated/b2b_types.js";
import type { Session, SessionsAuthenticateJwtLocalRequest } from "./generated/consumer_types.js";
import { read } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { authenticateRequest } from "./requests.js";
import { authenticateJwtLocal, authenticateJwtLocalSync } from "./sessions.js";
import type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  MemberVerdict,
  UserVerdict,
} from "./verdicts.js";

export { ClientError } from "./errors.js";
export { refusal, withSession } from "./handlers.js";
export type { MemberSession } from "./generated/b2b_types.js";
export type { Session } from "./generated/consumer_types.js";
export type { Judge, Refused } from "./handlers.js";
export type { HeadersLike, RequestLike } from "./request_headers.js";
export type { CookieOptions, MemberVerdict, UserVerdict } from "./verdicts.js";

/** Whose sessions are checked: users' or members'. */
export type Product = "consumer" | "b2b";

/** The configuration of a verifier. It takes no secret, and fetches nothing but keys. */
export interface SessionVerifierConfig<Its extends Product = "consumer">
  extends Omit<ClientConfig, "secret" | "fraud_env" | "policy_ttl_seconds" | "remote_fallback"> {
  /** Whose sessions are checked. Default: users'. */
  product?: Its | undefined;
  /** The API is never asked. */
  remote_fallback?: "never" | undefined;
}

/** What cannot be asked without a secret. */
type Remote = "authorization_check" | "remote_fallback" | "session_duration_minutes";

/** What differs between users and members. */
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
 * Checks sessions where a secret must not be: in a browser, or on an edge that others operate.
 * The API is asked for keys and for nothing else, so a session that was revoked is accepted
 * until its JWT expires, and a JWT that has expired cannot be refreshed. Permissions
 * are not checked: their policies need a secret.
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
    return authenticateRequest(this.#core, request, local(options));
  }

  /**
   * Checks a session JWT with the project's keys, which are fetched if need be.
   * @throws {@link ClientError} `jwt_invalid`, `jwt_too_old`, or `jwks_unavailable`, which says nothing of the token.
   */
  async authenticateJwtLocal(params: Verified[Its]["params"]): Promise<Verified[Its]["session"]> {
    return authenticateJwtLocal(this.#core, params);
  }

  /**
   * Checks a session JWT with the keys that are available, at once.
   * @throws {@link ClientError} as `authenticateJwtLocal` does, and `wasm_not_ready`.
   */
  authenticateJwtLocalSync(params: Verified[Its]["params"]): Verified[Its]["session"] {
    return authenticateJwtLocalSync(this.#core, params);
  }

  /**
   * Fetches the project's key set unless there is a fresh one or the keys were given, and in a browser the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be fetched.
   */
  loadKeys(): Promise<void> {
    return this.#core.loadKeys();
  }

  /**
   * Forgets the keys and remembered tokens that this verifier uses: its own with `isolated: true`,
   * else those that all clients of the project share in this isolate. Meant for tests. Responses to requests in flight
   * are still stored.
   */
  reset(): void {
    this.#core.reset();
  }
}

/** Without a secret the API cannot be asked. */
function local<Options extends object>(options: Options | undefined): Options | undefined {
  if (options && (read(Object(options) as object, "remote_fallback") ?? "never") !== "never") {
    throw invalid('the remote_fallback of a SessionVerifier is "never"');
  }
  return options;
}
