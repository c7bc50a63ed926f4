// A comparison with jose on thousands of modified tokens: both accept a token with the same
// result, or both refuse it, or the difference is listed with its reason. The random numbers
// have fixed seeds, so every run compares the same tokens.

import { isDeepStrictEqual } from "node:util";

import { createLocalJWKSet, jwtVerify } from "jose";
import { Client } from "stytch-edge";

import { deepSame, ok, same } from "../conformance/assert.js";
import { describe, JOSE_DIFFERENCES } from "./inside/jose-differences.mjs";
import { NOW, PROJECT as project_id, tokens } from "./inside/jose-tokens.mjs";
import { SESSION } from "./inside/jose-values.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { keyFrom } from "./inside/seeded.mjs";

// Newer versions of Node have this method, and jose would decode base64url with its rules.
delete Uint8Array.fromBase64;

const TOKENS = 5_504;
const FAMILIES = 16;
const keys = { ours: keyFrom(1, "k"), second: keyFrom(2, "second"), unknown: keyFrom(3, "k") };
const sets = { one: [keys.ours.jwk], two: [keys.ours.jwk, keys.second.jwk] };
const current_date = new Date(NOW * 1000);
const readers = Object.fromEntries(
  Object.entries(sets).map(([set, keys]) => [set, { ours: ours(set, keys), theirs: theirs(set, keys) }]),
);

const counts = { tokens: 0, accepted: 0, refused: 0, differing: 0 };
const seen = new Map(JOSE_DIFFERENCES.map(({ name }) => [name, 0]));
const families = new Map();
const unlisted = [];
for (const { family, set, token } of tokens(keys)) {
  const [mine, other] = [await readers[set].ours(token), await readers[set].theirs(token)];
  counts.tokens += 1;
  families.set(family, (families.get(family) ?? 0) + 1);
  if (mine.accepted && other.accepted) {
    counts.accepted += 1;
    const expected = sessionOf(other.accepted);
    if (!isDeepStrictEqual(mine.accepted, expected)) unlisted.push({ family, token, mine: mine.accepted, expected });
  } else if (!mine.accepted && !other.accepted) {
    counts.refused += 1;
  } else {
    counts.differing += 1;
    const row = other.accepted && JOSE_DIFFERENCES.find(({ fits }) => fits(describe(token)));
    if (row && mine.reason === row.reason) seen.set(row.name, seen.get(row.name) + 1);
    else unlisted.push({ family, token, mine, other, row: row?.name });
  }
}

const tests = {
  "accepts and refuses the same tokens as jose, except for the listed differences": () => {
    for (const difference of unlisted.slice(0, 5)) console.log(JSON.stringify(shown(difference), undefined, 1));
    same(unlisted.length, 0, "unlisted differences");
  },
  [`compares ${TOKENS} tokens of ${FAMILIES} families`]: () => {
    same(counts.tokens, TOKENS);
    same(families.size, FAMILIES);
  },
  "accepts 1405 tokens and refuses 3177 like jose, and differs for 922": () => {
    deepSame(counts, { tokens: TOKENS, accepted: 1405, refused: 3177, differing: 922 });
  },
};
for (const { name, why } of JOSE_DIFFERENCES) {
  tests[`listed difference: ${name} (${why})`] = () => ok(seen.get(name) > 0, "the difference occurs");
}
report(await runOwn(tests), 3 + JOSE_DIFFERENCES.length);

function ours(set, keys) {
  const answer = async () => new Response(JSON.stringify({ keys }));
  // The package keeps keys per base URL. The tokens use either of the two accepted issuers.
  const custom_base_url = `https://${set}.login.example.com`;
  const { sessions } = new Client({ project_id, secret: "none", custom_base_url, fetch: answer });
  return (session_jwt) =>
    sessions.authenticateJwtLocal({ session_jwt, current_date }).then(
      (accepted) => ({ accepted }),
      ({ code, reason }) => ({ code, reason }),
    );
}

/** jose, with every check that it offers. */
function theirs(set, keys) {
  const keySet = createLocalJWKSet({ keys });
  const issuer = [`stytch.com/${project_id}`, `https://${set}.login.example.com`];
  const options = {
    algorithms: ["RS256"],
    typ: "JWT",
    issuer,
    audience: project_id,
    requiredClaims: ["exp"],
    currentDate: current_date,
  };
  return (token) =>
    jwtVerify(token, keySet, options).then(
      ({ payload }) => ({ accepted: payload }),
      ({ code, message }) => ({ code, message }),
    );
}

/** The session that a payload describes. */
function sessionOf({ iss, aud, sub, exp, nbf, iat, jti, [SESSION]: session, ...custom_claims }) {
  const { id, attributes, authentication_factors, started_at, last_accessed_at, expires_at, roles } = session;
  const all = {
    session_id: id,
    attributes,
    authentication_factors: authentication_factors ?? [],
    user_id: sub ?? "",
    started_at,
    last_accessed_at,
    expires_at: new Date(expires_at || exp * 1000).toISOString(),
    custom_claims,
    roles: roles ?? [],
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function shown({ token, ...difference }) {
  const texts = token.split(".").map((part) => Buffer.from(part, "base64url").toString().slice(0, 400));
  return { ...difference, texts: texts.slice(0, 2), token: token.slice(0, 120) };
}
