// jose, with its options for the rules of a session JWT, as in a program without a Stytch
// client. It does not build a session from the claims.

import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";

/** Returns a check that resolves to the token's session id. */
export const fetched = (server) =>
  check(server, createRemoteJWKSet(new URL(`/v1/sessions/jwks/${server.project_id}`, server.url)));

/** The same with keys that are not fetched. */
export const given = (server) => check(server, createLocalJWKSet(server.key_set));

function check({ url, project_id }, keys) {
  const rules = { algorithms: ["RS256"], audience: project_id, issuer: [`stytch.com/${project_id}`, url], typ: "JWT" };
  return async (token) => (await jwtVerify(token, keys, rules)).payload["https://stytch.com/session"].id;
}
