// @ts-check
// What the generated methods call: it carries a client's configuration into the
// wasm and the answers out. Methods that make no request of their own get the
// resource they belong to as their first argument. The secret is in a private
// field, so that no console and no JSON shows it; there is no pointer into wasm
// memory, so that nothing needs freeing.

import { checked } from "./config.js";
import { ready, run, runShared, runTask } from "./engine.js";
import { ClientError } from "./errors.js";

export class Core {
  #config;
  #host;

  constructor(product, config) {
    const { wasm, host } = checked(product, config);
    this.#config = wasm;
    this.#host = host;
  }

  /** Calls the operation in a row of the endpoint table. */
  async call(row, data, options) {
    await ready();
    return runTask((wasm) => wasm.call(this.#config, this.#host, row, data, options));
  }

  /** Checks a session JWT with the project's keys, which are fetched if need be. */
  async authenticateJwtLocal(_sessions, params) {
    refuseAuthorizationCheck(params);
    await ready();
    const session = this.#check(params);
    if (session !== undefined) return session;
    let failure;
    await this.#loadKeys().catch((error) => (failure = error));
    // Even when no new keys came, older ones may do.
    const second = this.#check(params);
    if (second === undefined) throw failure ?? new ClientError("internal", "the keys were lost");
    return second;
  }

  /** Checks a session JWT, here if possible and by the API if not. */
  async authenticateJwt(sessions, params) {
    refuseAuthorizationCheck(params);
    const { session_jwt, session_duration_minutes, session_custom_claims } = params ?? {};
    if (params?.max_token_age_seconds !== 0) {
      try {
        const session = await this.authenticateJwtLocal(sessions, params);
        const name = this.#config.product === "b2b" ? "member_session" : "session";
        return { [name]: session, session_jwt };
      } catch (error) {
        if (error.code === "invalid_argument") throw error;
      }
    }
    return sessions.authenticate({ session_jwt, session_duration_minutes, session_custom_claims });
  }

  #check(params) {
    const { session_jwt, clock_tolerance_seconds, max_token_age_seconds, current_date } = params ?? {};
    const { product, project_id, base_url } = this.#config;
    return run((wasm) =>
      wasm.check_session(
        product,
        project_id,
        base_url,
        session_jwt,
        clock_tolerance_seconds ?? 0,
        max_token_age_seconds ?? undefined,
        Number(current_date ?? Date.now()),
      ),
    );
  }

  #loadKeys() {
    const { product, project_id, base_url, timeout_ms } = this.#config;
    return runShared(`${product} ${project_id} ${base_url}`, (wasm) =>
      wasm.load_keys(product, project_id, base_url, this.#host, timeout_ms),
    );
  }
}

/** Refused rather than ignored: a check that is not made must not look passed. */
function refuseAuthorizationCheck(params) {
  if (params?.authorization_check !== undefined) {
    throw new ClientError("not_supported", "authorization_check is not supported by this version");
  }
}
