// Tokens side by side with jose: some thousands of changed ones are taken by both and
// say the same, or refused by both, or the difference is listed with its reason. What
// is drawn by lot is drawn the same way each time.

import { isDeepStrictEqual } from "node:util";

import { createLocalJWKSet, jwtVerify } from "jose";
import { Client } from "stytch-edge";

import { deepSame, ok, same } from "../conformance/assert.js";
import { describe, JOSE_DIFFERENCES } from "./inside/jose-differences.mjs";
import { NOW, PROJECT as project_id, tokens } from "./inside/jose-tokens.mjs";
import { SESSION } from "./inside/jose-values.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { keyFrom } from "./inside/seeded.mjs";

// Newer Nodes have it, and jose would read base64url by other rules there than here.
delete Uint8Array.fromBase64;

const TOKENS = 5_504;
const FAMILIES = 16;
const keys = { ours: keyFrom(1, "k"), second: keyFrom(2, "second"), stranger: keyFrom(3, "k") };
const sets = { one: [keys.ours.jwk], two: [keys.ours.jwk, keys.second.jwk] };
const current_date = new Date(NOW * 1000);
const readers = Object.fromEntries(
  Object.entries(sets).map(([set, keys]) => [set, { ours: ours(set, keys), theirs: theirs(set, keys) }]),
);

const counts = { tokens: 0, taken: 0, refused: 0, differing: 0 };
const seen = new Map(JOSE_DIFFERENCES.map(({ name }) => [name, 0]));
const families = new Map();
const unlisted = [];
for (const { family, set, token } of tokens(keys)) {
  const [mine, judged] = [await readers[set].ours(token), await readers[set].theirs(token)];
  counts.tokens += 1;
  families.set(family, (families.get(family) ?? 0) + 1);
  if (mine.taken && judged.taken) {
    counts.taken += 1;
    const expected = sessionOf(judged.taken);
    if (!isDeepStrictEqual(mine.taken, expected)) unlisted.push({ family, token, mine: mine.taken, expected });
  } else if (!mine.taken && !judged.taken) {
    counts.refused += 1;
  } else {
    counts.differing += 1;
    const row = judged.taken && JOSE_DIFFERENCES.find(({ fits }) => fits(describe(token)));
    if (row && mine.reason === row.reason) seen.set(row.name, seen.get(row.name) + 1);
    else unlisted.push({ family, token, mine, judged, row: row?.name });
  }
}

const tests = {
  "no token is taken by one reader only, or says something else, but for what is listed": () => {
    for (const difference of unlisted.slice(0, 5)) console.log(JSON.stringify(shown(difference), undefined, 1));
    same(unlisted.length, 0, "unlisted differences");
  },
  [`${TOKENS} tokens are tried, of ${FAMILIES} families`]: () => {
    same(counts.tokens, TOKENS);
    same(families.size, FAMILIES);
  },
  "both readers take 1405 of them and refuse 3177; they differ about 922": () => {
    deepSame(counts, { tokens: TOKENS, taken: 1405, refused: 3177, differing: 922 });
  },
};
for (const { name, why } of JOSE_DIFFERENCES) {
  tests[`it happens that ${name} (${why})`] = () => ok(seen.get(name) > 0, "the difference was seen");
}
report(await runOwn(tests), 3 + JOSE_DIFFERENCES.length);

function ours(set, keys) {
  const answer = async () => new Response(JSON.stringify({ keys }));
  // The package keeps keys by base URL; of its two issuers the tokens name one or the other.
  const custom_base_url = `https://${set}.login.example.com`;
  const { sessions } = new Client({ project_id, secret: "none", custom_base_url, fetch: answer });
  return (session_jwt) =>
    sessions.authenticateJwtLocal({ session_jwt, current_date }).then(
      (taken) => ({ taken }),
      ({ code, reason }) => ({ code, reason }),
    );
}

/** jose, asked for all that it can be asked for. */
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
      ({ payload }) => ({ taken: payload }),
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
