// Tokens with each flaw that the emulator can mint: stytch-edge, npm stytch and jose refuse them. Valid tokens are
// accepted, so that a refusal is about the flaw.

import { createRemoteJWKSet, jwtVerify } from "jose";

import { deepSame, same } from "../conformance/assert.js";

const KINDS = {
  session: (client, session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt }),
  m2m: (client, access_token) => client.m2m.authenticateToken({ access_token }),
  connected_app: (client, token) => client.idp.introspectTokenLocal(token),
};

/** Flaws that a verifier accepts, by verifier and kind. Each is a mistake, or a check that is not the verifier's task. */
const ACCEPTED = {
  "stytch-edge": {},
  // npm stytch does not require `exp`, and does not distinguish a session from the token of a Connected App.
  stytch: {
    session: ["without_exp"],
    m2m: ["without_exp"],
    connected_app: ["without_exp", "other_kind"],
  },
  // jose does not know the kinds of tokens.
  jose: {
    session: ["other_kind", "without_session"],
    m2m: ["other_kind"],
    connected_app: ["other_kind"],
  },
};

const FLAWS = 32;

export function flawTests(official, stytch, emulator) {
  const tests = {};
  for (const product of ["consumer", "b2b"]) {
    const name = { consumer: "Client", b2b: "B2BClient" }[product];
    const { project_id } = emulator[product];
    const verifiers = {
      "stytch-edge": verifierOf(new stytch[name]({ ...emulator[product], custom_base_url: emulator.url })),
      stytch: verifierOf(official[name]()),
      jose: () => joseVerifier(emulator.url + emulator.keySetPath(product), project_id),
    };
    for (const [verifier, of] of Object.entries(verifiers)) {
      tests[`${verifier} refuses ${product} tokens with a flaw`] = async () => {
        const flaws = await flawNames(emulator);
        same(flaws.length, FLAWS, "number of flaws");
        for (const kind of Object.keys(KINDS)) {
          const accepted = [];
          const verify = of(kind);
          for (const flaw of [undefined, ...flaws]) {
            if (flaw === "without_session" && kind !== "session") continue;
            const token = await emulator.token({ product, kind, flaw });
            const refusal = await Promise.resolve(verify(token)).then(() => undefined, (error) => error);
            if (!refusal) accepted.push(flaw ?? "valid");
          }
          deepSame(accepted.sort(), [...(ACCEPTED[verifier][kind] ?? []), "valid"].sort(), `accepted ${kind} tokens`);
        }
      };
    }
  }
  return tests;
}

const verifierOf = (client) => (kind) => async (token) => KINDS[kind](client, token);

function joseVerifier(url, project_id) {
  const keys = createRemoteJWKSet(new URL(url));
  const options = {
    algorithms: ["RS256"],
    typ: "JWT",
    issuer: `stytch.com/${project_id}`,
    audience: project_id,
    requiredClaims: ["exp"],
  };
  return (token) => jwtVerify(token, keys, options);
}

/** The emulator lists the names in its refusal of an unknown flaw. */
async function flawNames(emulator) {
  try {
    await emulator.token({ flaw: "?" });
  } catch ({ message }) {
    return message.split("flaw must be one of ")[1].split(", ");
  }
  throw new Error("the emulator accepted an unknown flaw");
}
