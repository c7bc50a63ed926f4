// aws-jwt-verify, with its verifier for any issuer. It does not build a session from the claims.

import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

/** Returns a check that resolves to the token's session id. */
export function fetched(server) {
  // Its own fetcher accepts https only, and the server on loopback has http.
  const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };
  return check(verifierOf(server, { jwksCache: new SimpleJwksCache({ fetcher }) }));
}

/** The same with keys that are not fetched. */
export function given(server) {
  const verifier = verifierOf(server);
  verifier.cacheJwks(server.key_set);
  return check(verifier);
}

function verifierOf({ url, project_id }, more) {
  const jwksUri = `${url}/v1/sessions/jwks/${project_id}`;
  return JwtVerifier.create({ issuer: `stytch.com/${project_id}`, audience: project_id, jwksUri }, more);
}

function check(verifier) {
  return async (token) => (await verifier.verify(token))["https://stytch.com/session"].id;
}
