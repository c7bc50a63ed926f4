// stytch-edge with `authenticateRequest`, the guard of a handler.

import { Client } from "stytch-edge";

/** Returns a check that resolves to the session id of a token, or with `ofRequest` of a request. */
export function fetched({ url, project_id }, path = "") {
  const client = new Client({ project_id, secret: "none", custom_base_url: url + path });
  const ofRequest = async (request) => {
    const { status, reason, session } = await client.authenticateRequest(request);
    return session?.session_id ?? `${status}: ${reason}`;
  };
  let token;
  let request;
  // A handler receives its request, so that a repeated token must not pay for a new one.
  const check = (next) => {
    if (next !== token) request = new Request(url, { headers: { Authorization: `Bearer ${next}` } });
    token = next;
    return ofRequest(request);
  };
  return Object.assign(check, { ofRequest });
}
