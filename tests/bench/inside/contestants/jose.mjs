// jose, with the rules of a session token that it can be told: what somebody writes
// who takes no Stytch client. It makes no session of the claims.

import { createRemoteJWKSet, jwtVerify } from "jose";

/** A check that gives a token's session id. */
export default ({ url, project_id }) => {
  const keys = createRemoteJWKSet(new URL(`/v1/sessions/jwks/${project_id}`, url));
  const rules = { algorithms: ["RS256"], audience: project_id, issuer: [`stytch.com/${project_id}`, url], typ: "JWT" };
  return async (token) => (await jwtVerify(token, keys, rules)).payload["https://stytch.com/session"].id;
};
