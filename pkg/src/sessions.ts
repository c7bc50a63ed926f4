// The methods of `sessions` that are more than one request: checks of session JWTs.

import type { CallOptions } from "./config.js";
import type { Core, Enter } from "./core.js";
import * as names from "./generated/options.js";
import { asked, optionsIn, read, tokenBytes } from "./options.js";
import type { Inputs } from "./recall.js";

/** Checks a session JWT with the project's keys. Fetches them if they are not available. */
export const authenticateJwtLocal = async (core: Core, params: object | undefined, options?: CallOptions): Promise<any> =>
  local(core, entering("authenticate_jwt_local", params), options);

/** The same for a `SessionVerifier`, which refuses unknown options. */
export const verifyJwtLocal = async (core: Core, params: object | undefined, options?: CallOptions): Promise<any> =>
  local(core, entering("authenticate_jwt_local", optionsIn("authenticateJwtLocal", params, LOCAL), names.STRICT), options);

/** Checks a session JWT immediately, with the keys that are available. */
export function authenticateJwtLocalSync(core: Core, params: object | undefined): any {
  const given = optionsIn("sessions.authenticateJwtLocalSync", params, LOCAL);
  return core.now(...entering("authenticate_jwt_local_now", given, names.STRICT));
}

/** Checks a session JWT locally if possible, and by the API if not. */
export async function authenticateJwt(core: Core, params: object | undefined, options?: CallOptions): Promise<any> {
  const [token, json] = tokenAndOptions(params, names.authenticateJwt);
  return core.flow((wasm, client, host) => wasm.authenticate_jwt(client, host, tokenBytes(token), json), options);
}

const LOCAL = ["session_jwt", ...names.authenticateJwtLocal];

type Entering = [enter: Enter, inputs: Inputs];

const local = (core: Core, [enter, inputs]: Entering, options?: CallOptions): Promise<any> => core.flow(enter, options, undefined, inputs);

/** Enters a local check of the token in `params`. */
function entering(check: "authenticate_jwt_local" | "authenticate_jwt_local_now", params: unknown, strict?: readonly string[]): Entering {
  const [token, json] = tokenAndOptions(params, names.authenticateJwtLocal, strict);
  return [(wasm, client, host, number) => wasm[check](client, host, number ? undefined : tokenBytes(token), json, number), ["session", token]];
}

/** The token in `params`, and these options of `params`. */
function tokenAndOptions(params: unknown, of: readonly string[], strict?: readonly string[]): [token: unknown, json: Uint8Array | undefined] {
  const given = Object(params ?? {}) as object;
  return [read(given, "session_jwt"), asked(given, of, strict)];
}
