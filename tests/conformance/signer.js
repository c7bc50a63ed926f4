// A signer of JWTs, in addition to the emulator. It signs any text, also text that no JSON
// writer produces. A client receives its key set through the client's `fetch`. The signer
// uses WebCrypto, so two independent implementations must agree on every signature.

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

const keyPairs = [];

/** Returns the signer with this number. Its key is generated once. */
export async function makeSigner(number = 0) {
  const keyPair = (keyPairs[number] ??= await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]));
  const { n, e } = await crypto.subtle.exportKey("jwk", keyPair.publicKey);
  const jwk = { kty: "RSA", use: "sig", alg: "RS256", kid: "jwk-test-signer", n, e };
  return { jwk, sign: (header, payload) => sign(keyPair.privateKey, header, payload) };
}

/** Base64url without padding (RFC 7515, section 2) of text or bytes. */
export function base64url(from) {
  const bytes = typeof from === "string" ? new TextEncoder().encode(from) : new Uint8Array(from);
  const letters = btoa(String.fromCharCode(...bytes));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A `fetch` that answers every request with `text` and counts the requests. */
export function answering(text, status = 200) {
  const answer = async () => {
    answer.count += 1;
    return new Response(text, { status });
  };
  answer.count = 0;
  return answer;
}

async function sign(key, header, payload) {
  const signed = `${base64url(header)}.${base64url(payload)}`;
  const signature = await crypto.subtle.sign(ALGORITHM.name, key, new TextEncoder().encode(signed));
  return `${signed}.${base64url(signature)}`;
}
