// Hostile requests. Each kind makes the headers of a request, and lists the users whose sessions the response may be about.

import { changed, madeUp, read, withOtherSignature } from "./tokens.mjs";

/**
 * What the attacker has: the honest users whose JWTs were stolen, an account, tokens of other projects and of other kinds, expired
 * tokens of sessions that the API does not know, and a few made-up session tokens that are sent again and again.
 */
export async function attacker({ emulator, checks, victims, account, random }) {
  const order = (given) => emulator.token(given);
  const foreign = await Promise.all(
    [
      { product: "b2b" },
      { kind: "m2m" },
      { kind: "connected_app" },
      { key: "stranger" },
      { key: "none" },
      { claims: { aud: ["project-test-11111111-1111-4111-8111-111111111111"] } },
      { claims: { iss: "stytch.com/project-test-11111111-1111-4111-8111-111111111111" } },
      { claims: { exp: null } },
      { header: { alg: "HS256" } },
      { header: { typ: "at+jwt", crit: ["exp"] } },
    ].map(order),
  );
  const gone = await Promise.all([1, 2, 3].map(() => checks.expired()));
  const again = Array.from({ length: 5 }, () => madeUp(random));
  return { victims, account, foreign, gone, again };
}

/** How often each kind is sent, of all hostile requests in a calm phase and in a flood without JWTs. */
const SHARES = {
  made_up: { calm: 2, flood: 60 },
  made_up_again: { calm: 1, flood: 8 },
  aborted: { calm: 1, flood: 4 },
  junk: { calm: 3, flood: 4 },
  too_large: { calm: 1, flood: 2 },
  forged: { calm: 12, flood: 8 },
  foreign: { calm: 6, flood: 4 },
  unknown_key: { calm: 5, flood: 6 },
  gone: { calm: 1, flood: 2 },
  own_session: { calm: 1, flood: 15 },
  mixed: { calm: 3, flood: 2 },
  mixed_forged: { calm: 1, flood: 1 },
};

/** The next request: its kind, its headers, and `allowed`, the ids of users. `aborted`: it is aborted. */
export async function next(has, random, phase) {
  const kind = drawn(random, phase);
  return { kind, allowed: [], ...(await KINDS[kind](has, random)) };
}

/** Whether the credentials of a kind are forged, or are valid somewhere else. */
export const isForgery = (kind) => ["forged", "foreign", "unknown_key", "mixed_forged"].includes(kind);

const KINDS = {
  made_up: (has, random) => ({ headers: token(madeUp(random)) }),
  made_up_again: ({ again }, random) => ({ headers: token(random.oneOf(again)) }),
  aborted: (has, random) => ({ headers: token(madeUp(random)), aborted: true }),
  junk: (has, random) => ({ headers: { [random.oneOf(["cookie", "authorization"])]: random.oneOf(JUNK)(random) } }),
  too_large: ({ victims }, random) => {
    const { header, claims } = read(random.oneOf(victims).session_jwt);
    const jwt = changed(random.oneOf(victims).session_jwt, { header, claims: { ...claims, more: "a".repeat(random.oneOf([2_000, 9_000, 40_000])) } });
    return { headers: carried(jwt, random) };
  },
  forged: ({ victims, account }, random) => ({ headers: carried(random.oneOf(FORGERIES)(random.oneOf(victims).session_jwt, account, random), random) }),
  foreign: ({ foreign }, random) => ({ headers: carried(random.oneOf(foreign), random) }),
  unknown_key: ({ victims }, random) => {
    const jwt = changed(random.oneOf(victims).session_jwt, { header: { kid: `jwk-test-${random.below(2 ** 30)}` } });
    return { headers: carried(jwt, random), unknownKey: jwt };
  },
  gone: ({ gone }, random) => {
    const jwt = random.oneOf(gone);
    return { headers: carried(jwt, random), jwt };
  },
  async own_session({ account }, random) {
    const jwt = await account.expired(random);
    return { headers: carried(jwt, random), allowed: [account.user_id], jwt };
  },
  // The JWT decides, so the response must not be of the attacker's session, and its cookies must not either.
  async mixed({ victims, account }, random) {
    const victim = random.oneOf(victims);
    const jwt = random.below(2) ? victim.session_jwt : await victim.expired(random);
    return { headers: { cookie: `stytch_session_jwt=${jwt}; stytch_session=${account.session_token}` }, allowed: [victim.user_id], jwt };
  },
  // The forged JWT is permanently invalid, so the session token of the attacker is used.
  mixed_forged({ victims, account }, random) {
    const jwt = withOtherSignature(random.oneOf(victims).session_jwt, random);
    return { headers: { cookie: `stytch_session_jwt=${jwt}; stytch_session=${account.session_token}` }, allowed: [account.user_id] };
  },
};

const FORGERIES = [
  (jwt) => changed(jwt, { claims: { sub: "user-test-11111111-1111-4111-8111-111111111111" } }),
  (jwt) => changed(jwt, { claims: { exp: 4_000_000_000 } }),
  (jwt, account, random) => withOtherSignature(jwt, random),
  (jwt) => changed(jwt, { header: { alg: "none" } }).replace(/[^.]*$/, ""),
  (jwt) => changed(jwt, { header: { alg: "none" } }),
  (jwt) => changed(jwt, { header: { alg: "HS256" } }),
  (jwt) => changed(jwt, { header: { kid: "" } }),
  (jwt) => jwt.replace(/[^.]*$/, ""),
  (jwt, account) => [...jwt.split(".").slice(0, 2), account.session_jwt.split(".")[2]].join("."),
  (jwt, account) => [...account.session_jwt.split(".").slice(0, 1), ...changed(jwt, { claims: { role: "admin" } }).split(".").slice(1)].join("."),
];

const JUNK = [
  () => "",
  () => "Bearer",
  () => "Bearer a.b.c",
  () => "Bearer ..",
  () => "stytch_session=; stytch_session_jwt=",
  () => "stytch_session_jwt=%00%ff%; stytch_session=%",
  () => `stytch_session_jwt="${"=".repeat(100)}`,
  (random) => Array.from({ length: 60 }, () => `stytch_session_jwt=${madeUp(random)}.a.b`).join("; "),
  (random) => Array.from({ length: 300 }, () => String.fromCharCode(random.oneOf([32, 59, 61, 44, 34, 126, 160, 255]))).join("x"),
  (random) => `Bearer ${".".repeat(random.below(4_000))}`,
];

const token = (value) => ({ cookie: `stytch_session=${value}` });
const carried = (jwt, random) => (random.below(2) ? { authorization: `Bearer ${jwt}` } : { cookie: `stytch_session_jwt=${jwt}` });

function drawn(random, phase) {
  const shares = Object.entries(SHARES).map(([kind, share]) => [kind, share[phase]]);
  let left = random.below(shares.reduce((sum, [, share]) => sum + share, 0));
  return shares.find(([, share]) => (left -= share) < 0)[0];
}
