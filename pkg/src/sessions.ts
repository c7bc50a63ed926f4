// The methods of `sessions` that are more than one request: checks of session JWTs.

import type { CallOptions } from "./config.js";
import type { Core, Enter } from "./core.js";
import * as names from "./generated/options.js";
import { asked, optionsIn, read, tokenBytes } from "./options.js";

/** Checks a session JWT with the project's keys. Fetches them if they are not available. */
export const authenticateJwtLocal = async (core: Core, params: object | undefined, options?: CallOptions): Promise<any> =>
  core.flow(entering("authenticate_jwt_local", params, names.authenticateJwtLocal), options);

/** The same for a `SessionVerifier`, which refuses unknown options. */
export const verifyJwtLocal = async (core: Core, params: object | undefined, options?: CallOptions): Promise<any> =>
  core.flow(entering("authenticate_jwt_local", optionsIn("authenticateJwtLocal", params, LOCAL), names.authenticateJwtLocal, names.STRICT), options);

/** Checks a session JWT immediately, with the keys that are available. */
export function authenticateJwtLocalSync(core: Core, params: object | undefined): any {
  const given = optionsIn("sessions.authenticateJwtLocalSync", params, LOCAL);
  return core.now(entering("authenticate_jwt_local_now", given, names.authenticateJwtLocal, names.STRICT));
}

/** Checks a session JWT locally if possible, and by the API if not. */
export const authenticateJwt = async (core: Core, params: object | undefined, options?: CallOptions): Promise<any> =>
  core.flow(entering("authenticate_jwt", params, names.authenticateJwt), options);

const LOCAL = ["session_jwt", ...names.authenticateJwtLocal];

type Check = "authenticate_jwt" | "authenticate_jwt_local" | "authenticate_jwt_local_now";

/** Enters a check of the token in `params`, with these options of `params`. */
function entering(check: Check, params: unknown, of: readonly string[], strict?: readonly string[]): Enter {
  const given = Object(params ?? {}) as object;
  const [token, options] = [read(given, "session_jwt"), asked(given, of, strict)];
  return (wasm, client, host) => wasm[check](client, host, tokenBytes(token), options);
}
