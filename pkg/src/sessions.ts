// The methods of `sessions` that take more than one request: checks of session JWTs.

import type { Core } from "./core.js";
import * as names from "./generated/options.js";
import { asked, read, refuseUnknown, tokenBytes } from "./options.js";

/** Checks a session JWT with the project's keys, which are fetched if need be. */
export async function authenticateJwtLocal(core: Core, params: object | undefined): Promise<any> {
  const { token, options } = readIn(params, names.authenticateJwtLocal);
  return core.flow((wasm, client, host) => wasm.authenticate_jwt_local(client, host, tokenBytes(token), options));
}

/** Checks a session JWT with what is available, at once. */
export function authenticateJwtLocalSync(core: Core, params: object | undefined): any {
  if (params) refuseUnknown(Object(params) as object, ["session_jwt", ...names.authenticateJwtLocal]);
  const { token, options } = readIn(params, names.authenticateJwtLocal);
  return core.now((wasm, client, host) => wasm.authenticate_jwt_local_now(client, host, tokenBytes(token), options));
}

/** Checks a session JWT, here if possible and by the API if not. */
export async function authenticateJwt(core: Core, params: object | undefined): Promise<any> {
  const { token, options } = readIn(params, names.authenticateJwt);
  return core.flow((wasm, client, host) => wasm.authenticate_jwt(client, host, tokenBytes(token), options));
}

function readIn(params: object | undefined, of: readonly string[]): { token: unknown; options: Uint8Array | undefined } {
  if (params === undefined || params === null) return { token: undefined, options: undefined };
  const given = Object(params) as object;
  return { token: read(given, "session_jwt"), options: asked(given, of) };
}
