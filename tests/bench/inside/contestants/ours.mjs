// stytch-edge. Each contestant has its own module, so that the first check in a new process
// loads only that module.

import { Client } from "stytch-edge";

/** Returns a check that resolves to the token's session id. Each `path` has its own state. */
export const fetched = (server, path) => check(server, path, {});

/** The same with keys that are not fetched. */
export const given = (server, path) => check(server, path, { jwks: server.key_set });

function check({ url, project_id }, path = "", keys) {
  const client = new Client({ project_id, secret: "none", custom_base_url: url + path, ...keys });
  return async (session_jwt) => (await client.sessions.authenticateJwtLocal({ session_jwt })).session_id;
}
