// stytch-edge/verify: the check of sessions alone, without a secret.

import type { B2BSessionsAuthenticateJwtLocalRequest, MemberSession } from "./generated/b2b_types.js";
import type { Session, SessionsAuthenticateJwtLocalRequest } from "./generated/consumer_types.js";
import type { ClientConfig } from "./index.js";
import type {
  AuthenticateRequestOptions,
  B2BAuthenticateRequestOptions,
  MemberVerdict,
  RequestLike,
  UserVerdict,
} from "./visits.js";

export { ClientError } from "./errors.js";
export { refusal, withSession } from "./handlers.js";
export type { MemberSession } from "./generated/b2b_types.js";
export type { Session } from "./generated/consumer_types.js";
export type { Judge, Refused } from "./handlers.js";
export type { CookieOptions, MemberVerdict, RequestLike, UserVerdict } from "./visits.js";

/** Whose sessions are checked: users' or members'. */
export type Product = "consumer" | "b2b";

/** How a verifier is set up. It takes no secret, and fetches nothing but keys. */
export interface SessionVerifierConfig<Its extends Product = "consumer">
  extends Omit<ClientConfig, "secret" | "fraud_env" | "policy_ttl_seconds" | "remote_fallback"> {
  /** Whose sessions are checked; users' if not given. */
  product?: Its;
  /** The API is asked for no verdict. */
  remote_fallback?: "never";
}

/** What cannot be asked without a secret. */
type Remote = "authorization_check" | "remote_fallback" | "session_duration_minutes";

/** What differs between users and members. */
interface Checked {
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
 * Checks sessions where a secret must not be: in a browser, on an edge that others run.
 * The API is asked for keys and for nothing else, so a session that was revoked passes
 * until its JWT expires, and a JWT that has expired cannot be refreshed. Nor are
 * permissions decided: their policies take a secret.
 *
 * ```ts
 * const verifier = new SessionVerifier({ project_id: "project-live-…" });
 * const verdict = await verifier.authenticateRequest(request);
 * ```
 */
export class SessionVerifier<Its extends Product = "consumer"> {
  /** @throws {@link ClientError} `invalid_argument`, naming the field that is wrong, among them a `secret`. */
  constructor(config: SessionVerifierConfig<Its>);
  /**
   * Judges a request by the session JWT that it carries, as the clients' method does with
   * `remote_fallback: "never"`.
   * @throws {@link ClientError} `invalid_argument` for options that make no sense.
   */
  authenticateRequest(request: RequestLike, options?: Checked[Its]["options"]): Promise<Checked[Its]["verdict"]>;
  /**
   * Checks a session JWT with the project's keys, which are fetched if need be.
   * @throws {@link ClientError} `jwt_invalid`, `jwt_too_old`, or `jwks_unavailable`, which says nothing of the token.
   */
  authenticateJwtLocal(params: Checked[Its]["params"]): Promise<Checked[Its]["session"]>;
  /**
   * Checks a session JWT with the keys that are there, at once.
   * @throws {@link ClientError} as `authenticateJwtLocal` does, and `wasm_not_ready`.
   */
  authenticateJwtLocalSync(params: Checked[Its]["params"]): Checked[Its]["session"];
  /**
   * Fetches the project's key set unless there is a fresh one, and in a browser the wasm.
   * @throws {@link ClientError} `jwks_unavailable` when the keys cannot be had.
   */
  loadKeys(): Promise<void>;
}
