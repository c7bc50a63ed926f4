// fast-jwt: its synchronous verifier for a public key in PEM, with its cache on. It does not fetch keys, and
// does not build a session from the claims.

import { createVerifier } from "fast-jwt";

/** Returns a check of a token's session id. */
export function given({ project_id, key_set, pem }) {
  const [{ kid }] = key_set.keys;
  const verify = createVerifier({
    key: pem,
    algorithms: ["RS256"],
    allowedAud: project_id,
    allowedIss: `stytch.com/${project_id}`,
    checkTyp: "JWT",
    requiredClaims: ["exp"],
    cache: true,
    // Returns the header too, for the `kid`, which a verifier with one key ignores.
    complete: true,
  });
  return (token) => {
    const { header, payload } = verify(token);
    if (header.kid !== kid) throw new Error(`unknown kid ${header.kid}`);
    return payload["https://stytch.com/session"].id;
  };
}
