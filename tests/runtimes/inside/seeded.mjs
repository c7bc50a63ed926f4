// Reproducible random numbers, and RSA keys from them. WebCrypto generates new keys in every
// run, so every signature would differ.

import { checkPrimeSync, createPrivateKey, createPublicKey } from "node:crypto";

/** Random numbers from a seed, by xorshift (G. Marsaglia, "Xorshift RNGs", 2003). */
export function randomNumbers(seed) {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  const oneOf = (list) => list[below(list.length)];
  return { below, oneOf };
}

/** A key of 2,048 bits: the private key, and the public key as a JWK. */
export function keyFrom(seed, kid) {
  const { below } = randomNumbers(seed);
  const e = 65_537n;
  const [p, q] = [prime(below, e), prime(below, e)];
  const [n, order] = [p * q, (p - 1n) * (q - 1n)];
  const d = inverse(e, order);
  const parts = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(parts).map(([name, number]) => [name, encoded(number)]));
  const key = createPrivateKey({ key: { kty: "RSA", ...jwk }, format: "jwk" });
  const published = createPublicKey(key).export({ format: "jwk" });
  return { key, n, jwk: { ...published, kid, use: "sig", alg: "RS256" } };
}

/** The number as big-endian bytes, base64url-encoded, with at least `length` bytes. */
export function encoded(number, length = 0) {
  const digits = number.toString(16);
  const even = digits.padStart(Math.max(length * 2, digits.length + (digits.length % 2)), "0");
  return Buffer.from(even, "hex").toString("base64url");
}

/** A prime of 1,024 bits whose two highest bits are set, so that the product of two has 2,048 bits. */
function prime(below, e) {
  let number = 3n;
  for (let bits = 2; bits < 1024; bits += 16) number = (number << 16n) | BigInt(below(65_536));
  number = BigInt.asUintN(1022, number) | (3n << 1022n) | 1n;
  while (!checkPrimeSync(number) || number % e === 1n) number += 2n;
  return number;
}

/** The modular inverse, by Euclid's algorithm. Invariant: `factor * number` is `rest` modulo `modulus`. */
function inverse(number, modulus) {
  let [last, factor] = [0n, 1n];
  let [dividend, rest] = [modulus, number % modulus];
  while (rest > 1n) {
    [last, factor] = [factor, last - (dividend / rest) * factor];
    [dividend, rest] = [rest, dividend % rest];
  }
  return ((factor % modulus) + modulus) % modulus;
}
