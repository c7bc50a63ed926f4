// stytch-edge again, by the method that needs no await once the keys are there.

import { Client } from "stytch-edge";

/** A check that gives a token's session id. */
export default ({ url, project_id }, path = "") => {
  const client = new Client({ project_id, secret: "none", custom_base_url: url + path });
  let loading;
  return async (session_jwt) => {
    if (!loading) await (loading = client.loadKeys());
    return client.sessions.authenticateJwtLocalSync({ session_jwt }).session_id;
  };
};
