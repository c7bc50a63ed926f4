// Credentials that cross into the wasm as a number, because the wasm accepted them twice before. The result of each check must
// be the result of a check of the token itself.

import { deepSame, failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

export default (test) => {
  test("passes a token as a number from the third check on, and fetches as often as before", async (t) => {
    const { client, jwt, token, fetch, crossings } = await project(t, { exp: YEAR_3000 });
    const cookie = { headers: { cookie: `a=b; stytch_session_jwt=${await token(3)}` } };
    const [sync] = checks(client, await token(1));
    const [, local] = checks(client, await token(2));
    for (const check of [sync, local, checks(client, jwt)[2], () => client.authenticateRequest(cookie)]) {
      const counts = [];
      for (let time = 0; time < 4; time += 1) counts.push(await crossings(check));
      ok(counts[2] < counts[0], `${counts} crossings: ${check}`);
      same(counts[3], counts[2]);
    }
    same(fetch.count, 1);
    await t.later(545, () => client.sessions.authenticateJwtLocal({ session_jwt: jwt }));
    same(fetch.count, 2, "the ageing key set is fetched in the background");
  });

  test("returns an object of its own to each caller", async (t) => {
    const custom = JSON.parse('{"__proto__":{"a":[1,{"b":null}]},"roles":[],"plan":{"list":[[],{}]}}');
    const { client, jwt } = await project(t, custom);
    for (const check of checks(client, jwt)) {
      await check();
      const first = await check();
      delete first.headers;
      const text = JSON.stringify(first);
      ok(text.includes('"__proto__":{"a":[1,{"b":null}]}'), text);
      for (let time = 0; time < 4; time += 1) {
        const next = await check();
        if (next.headers) ok(next.headers instanceof Headers, "the headers are Headers");
        delete next.headers;
        same(JSON.stringify(next), text);
        deepSame(next, JSON.parse(text));
        for (const object of objectsIn(next)) {
          for (const name of Object.keys(object)) object[name] = "changed";
          object.added = true;
        }
      }
    }
  });

  test("returns results with many parts, which are parsed each time", async (t) => {
    const parts = Array.from({ length: 150 }, (_, at) => (at % 2 ? {} : []));
    const { client, jwt } = await project(t, { parts });
    for (const check of checks(client, jwt)) {
      await check();
      const [first, second] = [await check(), await check()];
      for (const { custom_claims, session = { custom_claims } } of [first, second]) same(JSON.stringify(session.custom_claims.parts), JSON.stringify(parts));
      const objects = new Set([...objectsIn(first), ...objectsIn(second)]);
      same(objects.size, objectsIn(first).length + objectsIn(second).length);
    }
  });

  test("passes a number for each of two clients with keys of their own", async (t) => {
    const { client, config, jwt, crossings } = await project(t, { exp: YEAR_3000 });
    const other = t.consumer({ ...config, isolated: true });
    const both = [client, other].map((its) => () => its.sessions.authenticateJwtLocal({ session_jwt: jwt }));
    const first = [];
    for (const check of both) {
      first.push(await crossings(check));
      await check();
    }
    // In turns, so that a client with the number of the other client would pass the token.
    const counts = [];
    for (let time = 0; time < 6; time += 1) counts.push(await crossings(both[time % 2]));
    ok(Math.max(...counts) < Math.min(...first), `${counts} crossings, and ${first} before`);
  });

  test("keeps no credentials that are too long to be compared", async (t) => {
    const { client, jwt } = await project(t);
    const check = (number) => {
      const junk = `stytch_session_jwt=${number}${"a".repeat(8000)}`;
      return client.authenticateRequest({ headers: { cookie: `stytch_session_jwt=${jwt}; ${junk}` } });
    };
    for (let number = 0; number < 20; number += 1) same((await check(number)).status, "authenticated");
    const before = t.memory.bytes();
    for (let number = 0; number < 300; number += 1) await check(number);
    ok(t.memory.bytes() - before < 2 ** 20, `${before} to ${t.memory.bytes()} bytes`);
  });

  test("validates the times and the options of each check", async (t) => {
    const { client, jwt, recall } = await project(t);
    await recall();
    const later = (seconds, expected) => t.later(seconds, () => expectRefusal(client, jwt, expected));
    await later(301, "expired");
    await later(-400, "not_yet_valid");
    await recall();
    const options = (expected, more, of_request = more) => expectRefusal(client, jwt, expected, more, of_request);
    await options("too_old", { max_token_age_seconds: 0 });
    await options("expired", { current_date: new Date(Date.now() + 400_000) });
    await options("invalid_argument", { clock_tolerance_seconds: "1" });
    await options("invalid_permissions", { authorization_check: { action: "write", resource_id: "documents" } });
    const { status, reason } = await client.authenticateRequest(bearer(jwt), { required_claims: { plan: "gold" } });
    deepSame([status, reason], ["forbidden", "claim_mismatch"]);
    await recall();
  });

  test("refuses a known token once its keys are too old, and after a reset if the key set lacks its key", async (t) => {
    const { client, jwt, answers, recall } = await project(t, { exp: YEAR_3000 });
    await recall();
    answers.text = "no";
    await t.later(5_000, () => client.sessions.authenticateJwtLocal({ session_jwt: jwt }));
    await t.later(90_000, () => expectRefusal(client, jwt, "keys_unavailable"));
    answers.text = JSON.stringify({ keys: [] });
    client.reset();
    await failure(() => client.sessions.authenticateJwtLocalSync({ session_jwt: jwt }));
    same(await reasonOf(() => client.sessions.authenticateJwtLocal({ session_jwt: jwt })), "unknown_key");
    ok((await client.authenticateRequest(bearer(jwt), { remote_fallback: "never" })).status !== "authenticated", "the request is refused");
  });

  test("deletes recalled tokens with their key set", async (t) => {
    const { client, jwt, answers, recall, signer } = await project(t, { exp: YEAR_3000 });
    await recall();
    answers.text = JSON.stringify({ keys: [{ ...signer.jwk, n: (await makeSigner(1)).jwk.n }], policy: {} });
    await t.later(601, () => expectRefusal(client, jwt, "bad_signature"));
  });

  test("decides by the configuration of the client that makes the check", async (t) => {
    const { client, jwt, config, recall } = await project(t);
    await recall();
    const keys = [(await makeSigner(1)).jwk];
    for (const [more, reason] of [
      [{ jwks: { keys }, jwks_pinned: true }, "bad_signature"],
      [{ isolated: true, fetch: answering(JSON.stringify({ keys })) }, "bad_signature"],
      [{ project_id: "project-test-other" }, "wrong_issuer"],
    ]) {
      await expectRefusal(t.consumer({ ...config, ...more }), jwt, reason);
      await recall();
    }
    const cookie = { headers: { cookie: `stytch_session_jwt=${jwt}` } };
    for (let time = 0; time < 3; time += 1) same((await client.authenticateRequest(cookie)).status, "authenticated");
    const renamed = t.consumer({ ...config, cookies: { session_jwt: "other" } });
    same((await renamed.authenticateRequest(cookie)).reason, "no_credentials");
    same((await client.authenticateRequest(cookie)).status, "authenticated");
    const uncached = t.consumer({ ...config, token_cache: { max_entries: 0 } });
    same((await uncached.authenticateRequest(cookie)).via, "local");
  });

  test("accepts only the whole token", async (t) => {
    const { client, jwt, recall, sessions } = await project(t);
    await recall();
    const other = (at) => jwt.slice(0, at) + (jwt[at] === "A" ? "B" : "A") + jwt.slice(at + 1);
    for (let at = 0; at < jwt.length; at += 3) {
      await failure(() => sessions.authenticateJwtLocalSync({ session_jwt: other(at) }), `letter ${at}`);
      const { status } = await client.authenticateRequest(bearer(other(at)), { remote_fallback: "never" });
      ok(status !== "authenticated", `letter ${at} is refused`);
    }
    for (const longer of [`${jwt} `, `${jwt}\u0100`, jwt.slice(0, -1), `${jwt}\ud800`]) {
      await failure(() => sessions.authenticateJwtLocalSync({ session_jwt: longer }));
    }
    same(sessions.authenticateJwtLocalSync({ session_jwt: jwt }).session_id, "session-test-0");
  });

  test("refuses a forged token each time, and keeps the accepted tokens", async (t) => {
    const { client, jwt, sessions, recall, crossings } = await project(t);
    await recall();
    const forged = `${jwt.slice(0, -60)}${"A".repeat(60)}`;
    const before = await crossings(() => sessions.authenticateJwtLocalSync({ session_jwt: jwt }));
    for (let time = 0; time < 300; time += 1) {
      const token = time % 3 ? forged : `${jwt.slice(0, -60)}${String(time).padStart(4, "B")}${"A".repeat(56)}`;
      same((await failure(() => sessions.authenticateJwtLocalSync({ session_jwt: token }))).reason, "bad_signature");
    }
    await expectRefusal(client, forged, "bad_signature");
    same(await crossings(() => sessions.authenticateJwtLocalSync({ session_jwt: jwt })), before);
  });

  test("returns its own session for each of many tokens and headers", async (t) => {
    const { client, token, sessions } = await project(t);
    const tokens = await Promise.all(Array.from({ length: MANY }, (_, number) => token(number)));
    for (let round = 0; round < 4; round += 1) {
      for (const [number, session_jwt] of tokens.entries()) {
        const again = round % 2 ? number : MANY - 1 - number;
        same(sessions.authenticateJwtLocalSync({ session_jwt: tokens[again] }).session_id, `session-test-${again}`);
        const { session } = await client.authenticateRequest({ headers: { cookie: `stytch_session_jwt=${session_jwt}; a=${round}` } });
        same(session.session_id, `session-test-${number}`);
      }
    }
  });

  test("has no numbers of the instance before a trap", async (t) => {
    const { client, jwt, token, sessions, config } = await project(t);
    const lasting = await token(1, YEAR_3000);
    const trap = async () => {
      t.memory.trapOnceIn("authenticate_jwt_local_now");
      same((await failure(() => sessions.authenticateJwtLocalSync({ session_jwt: jwt }))).code, "internal");
    };
    const check = async (session_jwt) => (await sessions.authenticateJwtLocal({ session_jwt })).session_id;
    // Each instance gives its first number to another token.
    await trap();
    for (let time = 0; time < 3; time += 1) same(await check(jwt), "session-test-0");
    await trap();
    for (let time = 0; time < 3; time += 1) same(await check(lasting), "session-test-1");
    await t.later(301, () => expectRefusal(client, jwt, "expired"));
    t.memory.trapOnceIn("authenticate_request");
    same((await client.authenticateRequest(bearer(jwt))).reason, "internal");
    same((await t.consumer(config).authenticateRequest(bearer(jwt))).status, "authenticated");
  });
};

/** A project with a signer, a client, and the requests that the client sent. */
async function project(t, claims) {
  const signer = await makeSigner();
  const { project_id } = t.emulator.consumer;
  const now = Math.floor(Date.now() / 1000);
  const { exp = now + 300, ...custom } = claims ?? {};
  const token = (number, until = exp) => {
    const session = { "https://stytch.com/session": { id: `session-test-${number}`, roles: ["editor"] } };
    const payload = { aud: [project_id], iss: `stytch.com/${project_id}`, exp: until, nbf: now, iat: now, ...session, ...custom };
    const extra = custom.plan ? JSON.stringify(payload).replace(/}$/, `,"__proto__":{"a":[1,{"b":null}]}}`) : JSON.stringify(payload);
    return signer.sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: signer.jwk.kid }), extra);
  };
  const answers = { text: JSON.stringify({ keys: [signer.jwk], policy: {}, status_code: 200 }) };
  const fetch = async () => {
    fetch.count += 1;
    return answers.text === "no" ? new Response("no", { status: 503 }) : new Response(answers.text);
  };
  fetch.count = 0;
  const config = { ...t.fresh(), fetch, retries: 0 };
  const client = t.consumer(config);
  const jwt = await token(0);
  await client.loadKeys();
  const crossings = async (call) => {
    const before = t.memory.crossings();
    await call();
    return t.memory.crossings() - before;
  };
  const recall = async () => {
    for (const check of checks(client, jwt)) for (let time = 0; time < 3; time += 1) same((await check()).reason, undefined);
  };
  return { client, sessions: client.sessions, config, jwt, token, fetch, answers, crossings, recall, signer };
}

/** The three checks of a token. */
const checks = (client, session_jwt, more, of_request = more) => [
  () => client.sessions.authenticateJwtLocalSync({ session_jwt, ...more }),
  () => client.sessions.authenticateJwtLocal({ session_jwt, ...more }),
  () => client.authenticateRequest(bearer(session_jwt), { remote_fallback: "never", ...of_request }),
];

const bearer = (jwt) => ({ headers: { authorization: `Bearer ${jwt}` } });

/** Fails unless all three checks refuse the token for this reason. */
async function expectRefusal(client, jwt, expected, more, of_request) {
  const [sync, ...others] = checks(client, jwt, more, of_request);
  for (const check of [...others, sync]) same(await reasonOf(check), expected, `${check}`);
}

async function reasonOf(check) {
  try {
    return (await check()).reason;
  } catch (error) {
    return error.reason ?? error.code;
  }
}

/** The objects and lists in a value, and the value. */
function objectsIn(value) {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

const YEAR_3000 = 32503680000;

/** More tokens than have numbers. */
const MANY = 300;
