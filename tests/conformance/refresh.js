// Refresh of keys and policies: in the background, with stale keys during outages, with one
// request at a time, and from the caller's `jwks_url`.

import { deepSame, failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

const YEAR_3000 = 32503680000;

/** A `fetch` whose calls the test resolves. */
function held() {
  const calls = [];
  const fetch = (url, init) => new Promise((resolve, reject) => calls.push({ url, init, resolve, reject }));
  return { fetch, calls };
}

/** A session JWT that does not expire during these tests. */
const lasting = (t, more) => t.emulator.token({ claims: { exp: YEAR_3000 }, ...more });
const check = (client, session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });

export default (test) => {
  test("refreshes the keys in the last minute of their life, and checks do not wait for the refresh", async (t) => {
    const [base, session_jwt, waiting] = [t.fresh(), await lasting(t), []];
    await check(t.consumer(base), session_jwt);
    const { fetch, calls } = held();
    const client = t.consumer({ ...base, fetch, wait_until: (promise) => waiting.push(promise) });
    await t.later(539, () => check(client, session_jwt));
    same(calls.length, 0);
    await t.later(541, async () => {
      await check(client, session_jwt);
      client.sessions.authenticateJwtLocalSync({ session_jwt });
      await Promise.all(Array.from({ length: 20 }, () => check(client, session_jwt)));
      same(calls.length, 1, "fetches");
      same(waiting.length, 1, "calls of wait_until");
      const { keys } = await t.consumer(base).sessions.getJWKS({ project_id: t.config().project_id });
      calls[0].resolve(new Response(JSON.stringify({ keys })));
      await waiting[0];
    });
    await t.later(1_080, () => check(client, session_jwt));
    same(calls.length, 1, "fetches");
  });

  test("starts a refresh from a synchronous check", async (t) => {
    const [base, session_jwt, waiting] = [t.fresh(), await lasting(t), []];
    const client = t.consumer({ ...base, wait_until: (promise) => waiting.push(promise) });
    await client.loadKeys();
    const calls = await t.emulator.callsDuring(() =>
      t.later(541, async () => {
        client.sessions.authenticateJwtLocalSync({ session_jwt });
        await Promise.all(waiting);
      }),
    );
    deepSame(calls, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
  });

  test("keeps the keys if a refresh fails, calls on_event, and backs off", async (t) => {
    const [base, session_jwt, events] = [t.fresh(), await lasting(t), []];
    const fetch = async () => new Response("down", { status: 503 });
    const client = t.consumer({ ...base, fetch, on_event: (event) => events.push(event) });
    await check(t.consumer(base), session_jwt);
    await t.later(541, () => check(client, session_jwt));
    for (const seconds of [541, 550, 571, 600, 601]) await t.later(seconds, () => check(client, session_jwt));
    same(events.length > 0, true, "on_event was called");
    const [{ type, project_id, error }] = events;
    deepSame([type, project_id], ["keys_refresh_failed", t.config().project_id]);
    ok(error instanceof t.stytch.ClientError, "the event's error is a ClientError");
    same(error.code, "jwks_unavailable");
    const before = events.length;
    for (let i = 0; i < 50; i += 1) await t.later(5_000 + i / 100, () => check(client, session_jwt));
    ok(events.length - before <= 3, `${events.length - before} fetches in half a second of an outage`);
    same((await t.later(86_401, () => failure(() => check(client, session_jwt)))).code, "jwks_unavailable");
    const brief = t.consumer({ ...base, fetch, keys_max_stale_seconds: 700 });
    same((await t.later(701, () => failure(() => check(brief, session_jwt)))).code, "jwks_unavailable");
  });

  test("backs off if the key set is not available, and fails without a request", async (t) => {
    const [session_jwt, down] = [await t.emulator.token(), answering("down", 503)];
    const client = t.consumer({ ...t.fresh(), fetch: down, retries: 0 });
    for (let i = 0; i < 50; i += 1) same((await failure(() => check(client, session_jwt))).code, "jwks_unavailable");
    ok(down.count <= 4, `${down.count} fetches for fifty checks`);
  });

  test("sends one request for a hundred made-up kids", async (t) => {
    const client = t.consumer(t.fresh());
    await check(client, await lasting(t));
    const token = await lasting(t);
    const [header, ...rest] = token.split(".");
    const tokens = Array.from({ length: 100 }, (_, i) => {
      const { kid, ...more } = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/")));
      const made = btoa(JSON.stringify({ ...more, kid: `${kid}-${i}` }));
      return [made.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""), ...rest].join(".");
    });
    const calls = await t.emulator.callsDuring(() =>
      t.later(31, async () => {
        const verdicts = await Promise.all(tokens.map((made) => failure(() => check(client, made))));
        deepSame([...new Set(verdicts.map(({ reason }) => reason))], ["unknown_key"]);
        await check(client, token);
      }),
    );
    same(calls.length, 1);
  });

  test("lets concurrent tokens of a new key wait for one slow request", async (t) => {
    const client = t.consumer(t.fresh());
    await check(client, await lasting(t));
    await t.emulator.rotateKeys("consumer");
    const renewed = await lasting(t);
    const path_prefix = t.emulator.keySetPath("consumer");
    const calls = await t.emulator.callsDuring(() =>
      t.emulator.withFault({ path_prefix, kind: "slow", delay_ms: 300 }, () =>
        t.later(31, () => Promise.all(Array.from({ length: 20 }, () => check(client, renewed)))),
      ),
    );
    same(calls.length, 1);
  });

  test("works if the clock is ten minutes off or is corrected", async (t) => {
    const [client, session_jwt] = [t.consumer(t.fresh()), await t.emulator.token({ claims: { nbf: null, iat: null } })];
    const timeless = await lasting(t, { claims: { exp: YEAR_3000, nbf: null, iat: null } });
    await t.later(600, async () => {
      same((await failure(() => check(client, session_jwt))).reason, "expired");
      same("session_id" in (await check(client, timeless)), true);
    });
    same("session_id" in (await check(client, session_jwt)), true, "the keys remain usable after the correction");
    await t.later(-600, async () => {
      same((await failure(async () => check(client, await t.emulator.token()))).reason, "not_yet_valid");
      same("session_id" in (await check(client, timeless)), true);
    });
  });

  test("exports the key set in the form that the option jwks accepts", async (t) => {
    const session_jwt = await t.emulator.token();
    const jwks = await t.consumer(t.fresh()).exportKeys();
    deepSame(Object.keys(jwks), ["keys"]);
    const pinned = t.consumer({ ...t.fresh(), jwks, jwks_pinned: true });
    same("session_id" in pinned.sessions.authenticateJwtLocalSync({ session_jwt }), true);
    deepSame(await pinned.exportKeys(), jwks);
    const down = t.consumer({ ...t.fresh(), fetch: answering("down", 503) });
    same((await failure(() => down.exportKeys())).code, "jwks_unavailable");
  });

  test("fetches the keys from jwks_url, and uses them only for clients with that jwks_url", async (t) => {
    const { jwk, sign } = await makeSigner();
    const { project_id } = t.config();
    const claims = { aud: [project_id], iss: `stytch.com/${project_id}`, sub: "user-test-1", exp: YEAR_3000 };
    const session_jwt = await sign(
      JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }),
      JSON.stringify({ ...claims, "https://stytch.com/session": { id: "session-test-1" } }),
    );
    const [base, asked] = [t.fresh(), []];
    const own = async (url, init) => {
      asked.push([url, new Headers(init.headers).get("authorization")]);
      return new Response(JSON.stringify({ keys: [jwk] }));
    };
    const jwks_url = "https://keys.example.com/own.json?a=b";
    const client = t.consumer({ ...base, jwks_url, fetch: own });
    same((await check(client, session_jwt)).user_id, "user-test-1");
    deepSame(asked, [[jwks_url, null]]);
    same((await failure(() => check(t.consumer(base), session_jwt))).reason, "unknown_key");
    const elsewhere = t.consumer({ ...base, jwks_url: "http://127.0.0.1:1/", fetch: answering("{}") });
    same((await failure(() => check(elsewhere, session_jwt))).code, "jwks_unavailable");
  });
};
