// The methods of `sessions` that are more than one request: checks of session JWTs.

import type { Core, Enter } from "./core.js";
import * as names from "./generated/options.js";
import { asked, optionsIn, read, tokenBytes } from "./options.js";

/** Checks a session JWT with the project's keys. Fetches them if they are not available. */
export async function authenticateJwtLocal(core: Core, params: object | undefined): Promise<any> {
  return core.flow(entering("authenticate_jwt_local", params, names.authenticateJwtLocal));
}

/** Checks a session JWT immediately, with the keys that are available. */
export function authenticateJwtLocalSync(core: Core, params: object | undefined): any {
  const given = optionsIn("sessions.authenticateJwtLocalSync", params, ["session_jwt", ...names.authenticateJwtLocal]);
  return core.now(entering("authenticate_jwt_local_now", given, names.authenticateJwtLocal));
}

/** Checks a session JWT locally if possible, and by the API if not. */
export async function authenticateJwt(core: Core, params: object | undefined): Promise<any> {
  return core.flow(entering("authenticate_jwt", params, names.authenticateJwt));
}

/** Enters a check of the token in `params`, with these options of `params`. */
function entering(check: "authenticate_jwt" | "authenticate_jwt_local" | "authenticate_jwt_local_now", params: unknown, of: readonly string[]): Enter {
  const given = Object(params ?? {}) as object;
  const [token, options] = [read(given, "session_jwt"), asked(given, of)];
  return (wasm, client, host) => wasm[check](client, host, tokenBytes(token), options);
}
