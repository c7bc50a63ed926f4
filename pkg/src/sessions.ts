// The methods of `sessions` that take more than one request: checks of session JWTs.

import type { Core } from "./core.js";
import { asked, jsonOf, read, refuseUnknown, tokenBytes } from "./options.js";

/** Options of a local check. */
const LOCAL = ["clock_tolerance_seconds", "max_token_age_seconds", "current_date", "authorization_check"];

/** Options of a check that may ask the API. */
const REMOTE = [...LOCAL, "remote_fallback", "session_duration_minutes", "session_custom_claims"];

/** Checks a session JWT with the project's keys, which are fetched if need be. */
export async function authenticateJwtLocal(core: Core, params: object | undefined): Promise<any> {
  const { token, options } = readIn(params, LOCAL);
  return core.flow((wasm, client, host) => wasm.authenticate_jwt_local(client, host, tokenBytes(token), options));
}

/** Checks a session JWT with what is available, at once. */
export function authenticateJwtLocalSync(core: Core, params: object | undefined): any {
  if (params) refuseUnknown(Object(params) as object, ["session_jwt", ...LOCAL]);
  const { token, options } = readIn(params, LOCAL);
  return core.now((wasm, client, host) => wasm.authenticate_jwt_local_now(client, host, tokenBytes(token), options));
}

/** Checks a session JWT, here if possible and by the API if not. */
export async function authenticateJwt(core: Core, params: object | undefined): Promise<any> {
  const { token, options } = readIn(params, REMOTE);
  return core.flow((wasm, client, host) => wasm.authenticate_jwt(client, host, tokenBytes(token), options));
}

function readIn(params: object | undefined, names: readonly string[]): { token: unknown; options: Uint8Array | undefined } {
  if (params === undefined || params === null) return { token: undefined, options: undefined };
  const given = Object(params) as object;
  return { token: read(given, "session_jwt"), options: jsonOf(asked(given, names)) };
}
