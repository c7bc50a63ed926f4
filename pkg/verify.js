// @ts-check
// The check alone, without a secret, for places where a secret must not be: a browser, an
// edge that others run. Knows no method of the API and asks it for nothing but keys.

import { Checks, KIND, permission } from "./checks.js";
import { checked } from "./config.js";
import { ClientError } from "./errors.js";
import { plain } from "./options.js";
import { Visits } from "./visits.js";

export { ClientError } from "./errors.js";
export { refusal, withSession } from "./handlers.js";

export class SessionVerifier {
  #checks;
  #visits;

  constructor(config) {
    const { wasm, host, usual } = checked("verifier", config);
    this.#checks = new Checks(wasm, host);
    this.#visits = new Visits(wasm, usual, this.#checks);
  }

  /** The verdict on a Fetch `Request`, or on anything with its headers. */
  async authenticateRequest(request, options) {
    return this.#visits.verdict(request, local(options));
  }

  /** Checks a session JWT with the project's keys, which are fetched if need be. */
  async authenticateJwtLocal(params) {
    return this.#checks.inTime(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Checks a session JWT with what is there, at once. */
  authenticateJwtLocalSync(params) {
    return this.#checks.atOnce(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Fetches the key set ahead of the first check, unless there is a fresh one. */
  loadKeys() {
    return this.#checks.loadKeys();
  }
}

/** Without a secret there is no API to fall back on. */
function local(options) {
  const asked = plain("the options", options);
  if ((asked.remote_fallback ?? "never") !== "never") {
    throw new ClientError("invalid_argument", 'the remote_fallback of a SessionVerifier is "never"');
  }
  return { ...asked, remote_fallback: "never" };
}
