// A software authenticator with the browser around it: answers WebAuthn options with an ES256 key.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (data) => createHash("sha256").update(data).digest();
const base64url = (data) => Buffer.from(data).toString("base64url");

/** CBOR (RFC 8949) of small numbers, texts, bytes and maps. */
function cbor(value) {
  const head = (major, n) => Buffer.from(n < 24 ? [(major << 5) | n] : [(major << 5) | 24, n]);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  return Buffer.concat([head(2, value.length), value]);
}

export class SecurityKey {
  #key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #id = randomBytes(20);
  #count = 0;
  /** The id of the user who has registered the key, as the options name it. */
  #userHandle;

  /** The id of the credential, as the API lists it. */
  get id() {
    return base64url(this.#id);
  }

  /** `navigator.credentials.create`. Returns the credential as JSON text. */
  create(text) {
    const options = JSON.parse(text);
    this.#userHandle = options.user.id;
    const { x, y } = this.#key.publicKey.export({ format: "jwk" });
    const point = [x, y].map((coordinate) => Buffer.from(coordinate, "base64url"));
    const cose = cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, point[0]], [-3, point[1]]]));
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.#id.length]), this.#id, cose]);
    const authData = Buffer.concat([this.#data(options.rp.id, 0x45), attested]);
    return this.#credential("webauthn.create", options, () => ({
      attestationObject: base64url(cbor(new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", authData]]))),
    }));
  }

  /** `navigator.credentials.get`. Returns the credential as JSON text. */
  get(text) {
    const options = JSON.parse(text);
    const data = this.#data(options.rpId, 0x05);
    return this.#credential("webauthn.get", options, (clientData) => ({
      authenticatorData: base64url(data),
      signature: base64url(sign("sha256", Buffer.concat([data, sha256(clientData)]), this.#key.privateKey)),
      userHandle: this.#userHandle,
    }));
  }

  #data(rpId, flags) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++this.#count);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  }

  #credential(type, { challenge, rp, rpId }, respond) {
    const origin = `https://${rp?.id ?? rpId}`;
    const clientData = JSON.stringify({ type, challenge: challenge.replace(/=+$/, ""), origin, crossOrigin: false });
    const response = { clientDataJSON: base64url(clientData), ...respond(clientData) };
    return JSON.stringify({ id: this.id, rawId: this.id, type: "public-key", response });
  }
}
