// stytch-edge with the synchronous method, after the keys are loaded.

import { Client } from "stytch-edge";

/** Returns a check that resolves to the token's session id. */
export default ({ url, project_id }, path = "") => {
  const client = new Client({ project_id, secret: "none", custom_base_url: url + path });
  let loading;
  return async (session_jwt) => {
    if (!loading) await (loading = client.loadKeys());
    return client.sessions.authenticateJwtLocalSync({ session_jwt }).session_id;
  };
};
