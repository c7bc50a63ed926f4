// jose, with its options for the rules of a session JWT, as in a program without a Stytch
// client. It does not build a session from the claims.

import { createRemoteJWKSet, jwtVerify } from "jose";

/** Returns a check that resolves to the token's session id. */
export default ({ url, project_id }) => {
  const keys = createRemoteJWKSet(new URL(`/v1/sessions/jwks/${project_id}`, url));
  const rules = { algorithms: ["RS256"], audience: project_id, issuer: [`stytch.com/${project_id}`, url], typ: "JWT" };
  return async (token) => (await jwtVerify(token, keys, rules)).payload["https://stytch.com/session"].id;
};
