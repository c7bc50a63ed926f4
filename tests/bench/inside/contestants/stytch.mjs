// npm stytch. Its clients have no option for keys.

import { Client } from "stytch";

/** Returns a check that resolves to the token's session id. */
export function fetched({ url, project_id }) {
  // npm stytch accepts a loopback URL only as `env`, and warns about an unknown `env`.
  const { warn } = console;
  console.warn = () => {};
  const client = new Client({ project_id, secret: "none", env: url });
  console.warn = warn;
  return async (session_jwt) => (await client.sessions.authenticateJwtLocal({ session_jwt })).session_id;
}
