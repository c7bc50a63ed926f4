// The signing keys of emulators without a seed. WebCrypto generates them, because that takes seconds in WebAssembly. All such
// emulators of a process share the keys, so that only the first one waits.

let keys: Promise<unknown[]> | undefined;

/** Two private keys as JWKs (RFC 7517): one for each project. */
export function processKeys(): Promise<unknown[]> {
  keys ??= Promise.all([newKey(), newKey()]).catch((cause: unknown) => {
    keys = undefined;
    throw cause;
  });
  return keys;
}

/** A new private RSA key with 2048 bits, as a JWK. */
export async function newKey(): Promise<JsonWebKey> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return crypto.subtle.exportKey("jwk", privateKey);
}
