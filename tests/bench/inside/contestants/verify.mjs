// The entry stytch-edge/verify, which checks sessions without the methods of the API.

import { SessionVerifier } from "stytch-edge/verify";

/** Returns a check that resolves to the token's session id. */
export const fetched = (server, path) => check(server, path, {});

/** The same with keys that are not fetched. */
export const given = (server, path) => check(server, path, { jwks: server.key_set });

function check({ url, project_id }, path = "", keys) {
  const verifier = new SessionVerifier({ project_id, custom_base_url: url + path, ...keys });
  return async (session_jwt) => (await verifier.authenticateJwtLocal({ session_jwt })).session_id;
}
