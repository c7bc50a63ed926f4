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
    let [outcome, session] = this.#check(params);
    if (outcome === "done") return session;
    const failure = await this.#loadKeys().then(
      () => new ClientError("jwks_unavailable", "the project's key set was lost", undefined, "keys_unavailable"),
      (error) => error,
    );
    try {
      // Even when no new keys came, older ones may do.
      [outcome, session] = this.#check(params);
    } catch (error) {
      throw error.code === "jwks_unavailable" ? failure : error;
    }
    if (outcome !== "done") throw failure;
    return session;
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
    // The wasm takes numbers only; converting a visitor's JSON could run into anything.
    const tolerance = numberOr(0, clock_tolerance_seconds);
    const age = numberOr(undefined, max_token_age_seconds);
    const now = current_date == null ? Date.now() : timeOf(current_date);
    return run((wasm) => wasm.check_session(product, project_id, base_url, session_jwt, tolerance, age, now));
  }

  #loadKeys() {
    const { product, project_id, base_url, origin, timeout_ms } = this.#config;
    const begin = (wasm) => wasm.load_keys(product, project_id, base_url, origin, this.#host, timeout_ms);
    // Whoever brings a fetch or a limit of their own waits for that and no other.
    if (this.#host.fetch || this.#host.dispatcher) return runTask(begin);
    return runShared(JSON.stringify([product, project_id, base_url, timeout_ms]), begin);
  }
}

/** Refused rather than ignored: a check that is not made must not look passed. */
function refuseAuthorizationCheck(params) {
  if (params?.authorization_check !== undefined) {
    throw new ClientError("not_supported", "authorization_check is not supported by this version");
  }
}

/** The number itself, or NaN, which the wasm refuses by name. */
function numberOr(otherwise, value) {
  if (value === undefined || value === null) return otherwise;
  return typeof value === "number" ? value : NaN;
}

/** The milliseconds of a Date, of whichever realm; NaN for anything else. */
function timeOf(date) {
  try {
    return Date.prototype.getTime.call(date);
  } catch {
    return NaN;
  }
}
