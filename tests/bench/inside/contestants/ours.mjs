// stytch-edge. Each contestant is a module of its own, so that the first check in a
// new process loads that one and no other.

import { Client } from "stytch-edge";

/** A check that gives a token's session id; under another path, everything is kept apart. */
export default ({ url, project_id }, path = "") => {
  const client = new Client({ project_id, secret: "none", custom_base_url: url + path });
  return async (session_jwt) => (await client.sessions.authenticateJwtLocal({ session_jwt })).session_id;
};
