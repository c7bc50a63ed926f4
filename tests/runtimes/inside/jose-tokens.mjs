// Thousands of tokens for the comparison: valid ones, and variants with a changed character,
// member, claim, part, encoding, signature or key. Changed headers and payloads are signed
// again, so that only the change can be the reason of a refusal.

import { constants, createHmac, createPublicKey, privateEncrypt, sign } from "node:crypto";

import { CLAIMS, CLAIM_VALUES, HEADERS, HEADER_VALUES, SESSION, SESSION_VALUES } from "./jose-values.mjs";
import { encoded, randomNumbers } from "./seeded.mjs";

export const PROJECT = "project-test-jose";
export const NOW = 1_800_000_000;

const HEADER = { alg: `"RS256"`, typ: `"JWT"`, kid: `"k"` };
const PAYLOAD = {
  iss: `"stytch.com/${PROJECT}"`,
  aud: `["${PROJECT}"]`,
  sub: `"user-test-1"`,
  iat: `${NOW - 60}`,
  nbf: `${NOW - 60}`,
  exp: `${NOW + 300}`,
  [SESSION]: `{"id":"session-test-1","roles":["editor"],"expires_at":"2027-01-15T09:00:00Z"}`,
  "späß": `{"n":[1.5,null],"__proto__":{"a":"😀"}}`,
};

/** All tokens, as `{ family, set, token }`. `set` names the key set for the verification. */
export function* tokens(keys) {
  const { below, oneOf } = randomNumbers(20_27);
  const sealed = (text, { key } = keys.ours) =>
    `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  const part = (from) => Buffer.from(from).toString("base64url");
  const signed = (header, payload, key) => sealed(`${part(header)}.${part(payload)}`, key);
  const [header, payload] = [object(HEADER), object(PAYLOAD)];
  const good = signed(header, payload);
  const [first, second, third] = good.split(".");

  yield* family("valid", [good, signed(object({ ...HEADER, kid: undefined }), payload)]);
  yield* family("a changed character", repeat(1_200, () => changed(good, LETTERS)));
  yield* family("a changed byte of the header", repeat(600, () => signed(changed(header, BYTES), payload)));
  yield* family("a changed byte of the payload", repeat(800, () => signed(header, changed(payload, BYTES))));
  const under = (text) => signed(text, payload);
  const saying = (text) => signed(header, text);
  const withSession = (value) => saying(object({ ...PAYLOAD, [SESSION]: value }));
  yield* family("another header member", edits(HEADER, HEADERS, HEADER_VALUES, under));
  yield* family("another claim", edits(PAYLOAD, CLAIMS, CLAIM_VALUES, saying));
  yield* family("another session claim", SESSION_VALUES.map(withSession));
  yield* family("several changes", repeat(500, several));
  yield* family("a duplicate header member", twice(HEADER, HEADER, under));
  yield* family("a duplicate claim", twice(PAYLOAD, { ...PAYLOAD, custom: "1" }, saying));
  yield* family("another encoding", encodings());
  yield* family("another structure", structures());
  yield* family("another signature", signatures());
  yield* family("another key", otherKeys());
  yield* family("a set of two keys", [good, ...otherKeys()], "two");
  yield* family("a long token", [...lengths()]);

  function* family(family, tokens, set = "one") {
    for (const token of tokens) yield { family, set, token };
  }

  /** One to three random changes of bytes or characters, with new ones from `alphabet`. */
  function changed(text, alphabet) {
    const letters = [...text];
    for (let times = 1 + below(2); times > 0; times -= 1) {
      const place = below(letters.length);
      const change = below(6);
      if (change === 0) letters.splice(place, 1);
      else if (change === 1) letters.splice(place, 0, oneOf(alphabet));
      else if (change === 2) letters.splice(place, 1 + below(8));
      else if (change === 3) letters.splice(place, 0, ...letters.slice(place, place + below(40)));
      else letters[place] = oneOf(alphabet);
    }
    return letters.join("");
  }

  function several() {
    const [members, claims] = [{ ...HEADER }, { ...PAYLOAD }];
    if (below(2)) members[oneOf(HEADERS)] = oneOf(HEADER_VALUES);
    for (let times = 1 + below(2); times > 0; times -= 1) claims[oneOf(CLAIMS)] = oneOf(CLAIM_VALUES);
    if (below(3) === 0) claims[SESSION] = oneOf(SESSION_VALUES);
    return signed(object(members), object(claims));
  }

  function* encodings() {
    for (const write of WRITTEN) {
      // White space after the JSON changes the number of unused bits at the end of the base64url text.
      for (const blanks of ["", " ", "  "]) {
        yield sealed(`${write(part(header + blanks))}.${second}`);
        yield sealed(`${first}.${write(part(payload + blanks))}`);
      }
      yield `${first}.${second}.${write(third)}`;
    }
    for (const bytes of [[0xef, 0xbb, 0xbf], [0xff], [0xc0, 0xaf], [0xed, 0xa0, 0xbd], [0]]) {
      for (const text of [header, payload]) {
        const place = text.indexOf(":") + 2;
        for (const at of [0, place, text.length]) {
          const around = [Buffer.from(text.slice(0, at)), Buffer.from(bytes), Buffer.from(text.slice(at))];
          const all = Buffer.concat(around);
          yield text === header ? signed(all, payload) : signed(header, all);
        }
      }
    }
  }

  function* structures() {
    yield* ["", ".", "..", "...", first, `${first}.${second}`, `${first}.${second}.`, `${first}..${third}`];
    yield* [`.${second}.${third}`, `${good}.`, `.${good}`, `${good}.${third}`];
    yield* [`${good}.${third}.${third}`, `${good}.${good}`];
    yield* [`${second}.${first}.${third}`, `${first}.${third}.${second}`, `${first}.${first}.${third}`];
    yield* [sealed(`${first}.`), sealed(`.${second}`), sealed(first), sealed(`${first}.${second}.${part("{}")}`)];
    yield* ["[]", "null", "7", `"a"`, "", "{}{}"].flatMap((text) => [signed(text, payload), signed(header, text)]);
    yield* [sealed(`${first}.${payload}`), `Bearer ${good}`, good.toLowerCase(), encodeURIComponent(`${good}=`)];
    yield JSON.stringify({ protected: first, payload: second, signature: third });
  }

  function* signatures() {
    const bytes = Buffer.from(third, "base64url");
    const number = BigInt(`0x${bytes.toString("hex")}`);
    const { n, key } = keys.ours;
    const withSignature = (signature) => `${first}.${second}.${Buffer.from(signature).toString("base64url")}`;
    const text = Buffer.from(`${first}.${second}`);
    const longer = Buffer.concat([bytes, Buffer.alloc(8)]);
    for (let length = 0; length <= 260; length += 5) yield withSignature(longer.subarray(0, length));
    for (let bit = 0; bit < 2048; bit += 41) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      yield withSignature(flipped);
    }
    for (const other of [0n, 1n, n - 1n, n, n + 1n, n - number, number + n]) {
      yield `${first}.${second}.${encoded(other, 256)}`;
    }
    yield* [withSignature(Buffer.concat([Buffer.alloc(1), bytes])), withSignature(bytes.reverse())];
    for (const hash of ["sha1", "sha384", "sha512"]) yield withSignature(sign(hash, text, key));
    yield withSignature(sign("sha256", text, { key, padding: constants.RSA_PKCS1_PSS_PADDING }));
    yield withSignature(privateEncrypt(key, text.subarray(0, 32)));
    const spoken = createPublicKey(key).export({ type: "spki", format: "pem" });
    for (const alg of ["HS256", "RS256"]) {
      const claimed = `${part(object({ ...HEADER, alg: `"${alg}"` }))}.${second}`;
      yield `${claimed}.${createHmac("sha256", spoken).update(claimed).digest("base64url")}`;
    }
    for (const [alg, hash] of [["RS384", "sha384"], ["RS512", "sha512"]]) {
      const claimed = `${part(object({ ...HEADER, alg: `"${alg}"` }))}.${second}`;
      yield `${claimed}.${sign(hash, Buffer.from(claimed), key).toString("base64url")}`;
    }
    yield `${part(object({ ...HEADER, alg: `"none"` }))}.${second}.`;
  }

  function* otherKeys() {
    for (const kid of [`"k"`, `"second"`, `"unknown"`, `"K"`, `""`, undefined]) {
      for (const key of Object.values(keys)) yield signed(object({ ...HEADER, kid }), payload, key);
    }
    const { jwk } = keys.unknown;
    yield signed(object({ ...HEADER, kid: undefined, jwk: JSON.stringify(jwk) }), payload, keys.unknown);
  }

  function* lengths() {
    for (const length of [4_000, 11_400, 11_900, 12_300, 40_000]) {
      yield signed(header, object({ ...PAYLOAD, filler: `"${"x".repeat(length)}"` }));
    }
  }
}

/** An object's JSON text, without members that are undefined. */
function object(members) {
  const written = Object.entries(members).filter(([, value]) => value !== undefined);
  return `{${written.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`;
}

function repeat(times, make) {
  return Array.from({ length: times }, make);
}

/** Each name with each value, and without it. */
function* edits(good, names, values, make) {
  for (const name of names) {
    for (const value of [undefined, ...values]) {
      // An assignment to `__proto__` would not create a member.
      yield make(object(Object.defineProperty({ ...good }, name, { value, enumerable: true })));
    }
  }
}

/** Each member duplicated at the start or at the end, with its name escaped or not. */
function* twice(good, members, make) {
  const text = object(good);
  for (const [name, value] of Object.entries(members)) {
    const escaped = `"\\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${name.slice(1)}"`;
    for (const written of [JSON.stringify(name), escaped]) {
      for (const again of [value, `"other"`, "null"]) {
        yield make(`{${written}:${again},${text.slice(1)}`);
        yield make(`${text.slice(0, -1)},${written}:${again}}`);
      }
    }
  }
}

const LETTERS = [..."ABCXYZabcxyz0189-_-_=+/. \n\t%,é\0"];
const BYTES = [..."{}[]:,\"\\ \nuabcdeRSJWT0123456789.-+eE/\u0000\u00e9\ufeff😀"];

/** Other encodings of the same bytes, or of similar bytes. */
const WRITTEN = [
  (text) => `${text}=`,
  (text) => `${text}==`,
  (text) => text + "=".repeat((4 - (text.length % 4)) % 4),
  (text) => `${text}\n`,
  (text) => ` ${text}`,
  (text) => `${text.slice(0, 8)}\r\n${text.slice(8)}`,
  (text) => `${text.slice(0, 8)}\t ${text.slice(8)}`,
  (text) => text.replaceAll("-", "+").replaceAll("_", "/"),
  (text) => `${text.slice(0, 9)}+${text.slice(10)}`,
  (text) => text.slice(0, -1) + following(text.at(-1)),
  (text) => `${text}A`,
  (text) => text.slice(0, -1),
  (text) => encodeURIComponent(`${text}=`),
  (text) => `${text}\u00a0`,
];

/** The next letter of the alphabet, which changes unused bits. */
function following(letter) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return letters[(letters.indexOf(letter) + 1) % 64];
}
