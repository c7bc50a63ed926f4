// Reads and changes tokens, without the package.

import { createHash } from "node:crypto";

/** The header and the claims of a JWT, without any check. */
export function read(token) {
  const [header, claims] = token.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  return { header, claims };
}

/** The JWT with other members in its header and claims, and its old signature. */
export function changed(token, { header = {}, claims = {} }) {
  const its = read(token);
  const part = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
  return [part({ ...its.header, ...header }), part({ ...its.claims, ...claims }), token.split(".")[2]].join(".");
}

/** The JWT with other bytes in the middle of its signature. */
export function withOtherSignature(token, random) {
  const [header, claims, signature] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes[1 + random.below(bytes.length - 2)] ^= 1 + random.below(255);
  return [header, claims, bytes.toString("base64url")].join(".");
}

/** Random text in the form of a session token. */
export const madeUp = (random) => Array.from({ length: 44 }, () => random.oneOf(LETTERS)).join("");

/** The fingerprint of a credential in the emulator's request log. */
export const fingerprint = (credential) => createHash("sha256").update(credential).digest("hex").slice(0, 16);

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
