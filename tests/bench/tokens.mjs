// A project's signing key and a pool of session tokens, generated before the measurements. OpenSSL
// signs them, and so none of the contestants.

import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { promisify } from "node:util";

import { sessionId } from "./inside/laps.mjs";

const PROJECT_ID = "project-test-bench";

/** A project with its key set, its key in PEM, and `count` different tokens. */
export async function makeProject(count) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKey = createPublicKey(privateKey);
  const jwk = publicKey.export({ format: "jwk" });
  const keys = [{ ...jwk, kid: KID, use: "sig", alg: "RS256", key_ops: ["verify"] }];
  const numbers = Array.from({ length: count }, (_, number) => number);
  const tokens = await Promise.all(numbers.map((number) => token(privateKey, claims(number))));
  const pem = publicKey.export({ type: "spki", format: "pem" });
  return { project_id: PROJECT_ID, key_set: { keys }, pem, tokens };
}

async function token(privateKey, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", kid: KID, typ: "JWT" })}.${part(claims)}`;
  const signature = await promisify(sign)("sha256", Buffer.from(signed), privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}

/** Claims with the length of the API's claims. They are valid for one day, which is longer. */
function claims(number) {
  const now = Math.floor(Date.now() / 1000);
  const time = new Date(now * 1000).toISOString();
  return {
    aud: [PROJECT_ID],
    exp: now + 86_400,
    iat: now,
    iss: `stytch.com/${PROJECT_ID}`,
    nbf: now,
    sub: `user-test-${number}`,
    "https://stytch.com/session": {
      id: sessionId(number),
      started_at: time,
      last_accessed_at: time,
      expires_at: new Date((now + 86_400) * 1000).toISOString(),
      attributes: { ip_address: "203.0.113.1", user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)" },
      authentication_factors: [
        {
          type: "magic_link",
          delivery_method: "email",
          last_authenticated_at: time,
          email_factor: { email_id: "email-test-1", email_address: "ada@example.com" },
        },
      ],
      roles: ["stytch_user", "editor"],
    },
  };
}

const KID = "jwk-test-bench";
