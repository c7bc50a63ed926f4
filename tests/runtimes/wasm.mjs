// The wasm's RS256 against OpenSSL's: keys of every kind that occurs, made and used
// by node:crypto, judged inside the wasm of the installed package. What the native
// tests prove of the source, this proves of what ships. Knows nothing of the API:
// key sets come through the client's own `fetch` option. And what the wasm exports,
// whose number does not grow with the API.

import { createPublicKey, generateKeyPairSync, privateEncrypt, sign, constants } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client } from "stytch-edge";

const KEYS = [
  { bits: 2048, exponent: 65_537 },
  { bits: 2048, exponent: 3 },
  { bits: 2056, exponent: 65_537 },
  { bits: 3072, exponent: 17 },
  { bits: 4096, exponent: 65_537 },
];

let passed = 0;
const failures = [];

for (const [number, { bits, exponent }] of KEYS.entries()) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: exponent });
  const client = clientFor(number, createPublicKey(privateKey).export({ format: "jwk" }));
  const { signed, token } = tokenBy(privateKey, client.project_id);
  const signature = sign("sha256", Buffer.from(signed), privateKey);
  const judged = (bytes) => client.reasonAgainst(`${signed}.${bytes.toString("base64url")}`);

  await expect(`${bits}/${exponent}: accepts OpenSSL's signature`, client.reasonAgainst(token), undefined);
  for (const bit of [0, 1, 7, 8, 1000, bits - 8, bits - 1]) {
    const flipped = Buffer.from(signature);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    await expect(`${bits}/${exponent}: refuses bit ${bit} flipped`, judged(flipped), "bad_signature");
  }
  const wrong = {
    "SHA-512": sign("sha512", Buffer.from(signed), privateKey),
    "another text": sign("sha256", Buffer.from(`${signed}x`), privateKey),
    PSS: sign("sha256", Buffer.from(signed), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }),
    // RFC 8017, section 9.2: without the DigestInfo around it, a hash is not enough.
    "a bare block": privateEncrypt(privateKey, Buffer.alloc(32, 1)),
    "a byte less": signature.subarray(1),
    "a byte more": Buffer.concat([Buffer.alloc(1), signature]),
    "zeros": Buffer.alloc(signature.length),
  };
  for (const [name, bytes] of Object.entries(wrong)) {
    await expect(`${bits}/${exponent}: refuses ${name}`, judged(bytes), "bad_signature");
  }
}

const file = new URL("../node_modules/stytch-edge/wasm/stytch_edge_bg.wasm", import.meta.url);
const exported = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(file)));
// Names that begin otherwise are wasm-bindgen's own.
const ours = exported.filter(({ kind, name }) => kind === "function" && !/^(__|wasm_bindgen__)/.test(name));
await expect("the exports", ours.map(({ name }) => name).sort().join(" "), "call check load resume");

/** A client whose key set holds one key, under a project of its own. */
function clientFor(number, jwk) {
  const project_id = `project-test-wasm-${number}`;
  const keys = JSON.stringify({ keys: [{ ...jwk, kid: "k", use: "sig", alg: "RS256", key_ops: ["verify"] }] });
  const client = new Client({ project_id, secret: "none", fetch: async () => new Response(keys) });
  const reasonAgainst = (session_jwt) =>
    client.sessions.authenticateJwtLocal({ session_jwt }).then(
      () => undefined,
      (error) => error.reason ?? error,
    );
  return { project_id, reasonAgainst };
}

function tokenBy(privateKey, project_id) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = part({ alg: "RS256", kid: "k", typ: "JWT" });
  const exp = Math.floor(Date.now() / 1000) + 300;
  const session = { id: "session-test-1" };
  const claims = part({ iss: `stytch.com/${project_id}`, aud: [project_id], exp, "https://stytch.com/session": session });
  const signed = `${header}.${claims}`;
  const signature = sign("sha256", Buffer.from(signed), privateKey).toString("base64url");
  return { signed, token: `${signed}.${signature}` };
}

async function expect(name, promise, expected) {
  const actual = await promise;
  if (actual === expected) passed += 1;
  else failures.push(`${name}: ${actual}`);
}

for (const failure of failures) console.error(`failed: ${failure}`);
const complete = passed + failures.length === KEYS.length * 15 + 1;
if (!complete) console.error("failed: not every case ran");
console.log(`${passed} passed, ${failures.length + (complete ? 0 : 1)} failed`);
process.exitCode = failures.length === 0 && complete ? 0 : 1;
