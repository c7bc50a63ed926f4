// stytch-edge with the synchronous method, after the keys are loaded.

import { Client } from "stytch-edge";

/** Returns a check of a token's session id. Only its first call returns a promise. */
export const fetched = (server, path) => check(server, path, {});

/** The same with keys that are not fetched. In a browser, the first call waits for the wasm. */
export const given = (server, path) => check(server, path, { jwks: server.key_set });

function check({ url, project_id }, path = "", keys) {
  const client = new Client({ project_id, secret: "none", custom_base_url: url + path, ...keys });
  const now = (session_jwt) => client.sessions.authenticateJwtLocalSync({ session_jwt }).session_id;
  let loaded = false;
  return (session_jwt) => {
    if (loaded) return now(session_jwt);
    return client.loadKeys().then(() => {
      loaded = true;
      return now(session_jwt);
    });
  };
}
