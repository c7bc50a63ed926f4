// The project's key set: when it is fetched, how, and the result if it is not available.

import { deepSame, failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

const YEAR_3000 = 32503680000;

export default (test) => {
  test("fetches the key set once, without credentials, and only when a token needs it", async (t) => {
    const client = t.consumer(t.fresh());
    const session_jwt = await t.emulator.token();
    const calls = await t.emulator.callsDuring(async () => {
      await failure(() => client.sessions.authenticateJwtLocal({ session_jwt: "garbage" }));
      for (let i = 0; i < 3; i += 1) await client.sessions.authenticateJwtLocal({ session_jwt });
    });
    deepSame(calls, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
  });

  test("fetches the key set of a B2B project from the B2B path", async (t) => {
    const client = t.b2b(t.fresh());
    const session_jwt = await t.emulator.token({ product: "b2b" });
    const calls = await t.emulator.callsDuring(() => client.sessions.authenticateJwtLocal({ session_jwt }));
    deepSame(calls, [`GET ${t.emulator.keySetPath("b2b")} 200 none`]);
  });

  test("fetches the key set once for 10,000 clients, and does not grow the wasm memory", async (t) => {
    const fresh = t.fresh();
    const session_jwt = await t.emulator.token();
    const check = async (times) => {
      for (let i = 0; i < times; i += 1)
        await t.consumer(fresh).sessions.authenticateJwtLocal({ session_jwt });
      return t.memory.bytes();
    };
    const calls = await t.emulator.callsDuring(async () => {
      const afterAThousand = await check(1_000);
      same(await check(9_000), afterAThousand, "bytes of wasm memory");
    });
    deepSame(calls, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
    same(t.memory.instanceCount(), t.instancesBefore, "instances of the wasm");
  });

  test("decides each of 40 concurrent checks that start before the keys are available", async (t) => {
    const fresh = t.fresh();
    const good = await t.emulator.token();
    const bad = await t.emulator.token({ key: "stranger" });
    const check = (session_jwt) => t.consumer(fresh).sessions.authenticateJwtLocal({ session_jwt });
    const tokens = Array.from({ length: 40 }, (_, i) => (i % 2 ? bad : good));
    const verdicts = await Promise.allSettled(tokens.map(check));
    for (const [i, { status, reason }] of verdicts.entries()) {
      same(status, i % 2 ? "rejected" : "fulfilled", `verdict ${i}`);
      if (i % 2) same(reason.reason, "bad_signature");
    }
  });

  const FAULTS = {
    "returns an error": [{ kind: "status", status: 503 }, "keys_unavailable"],
    "returns invalid JSON": [{ kind: "garbage" }, "keys_unavailable"],
    "redirects": [{ kind: "redirect" }, "keys_unavailable"],
    "closes the connection": [{ kind: "close" }, "keys_unavailable"],
    "never returns": [{ kind: "hang" }, "timeout"],
    "returns a body that never ends": [{ kind: "hang_body" }, "timeout"],
  };
  for (const [what, [fault, reason]] of Object.entries(FAULTS)) {
    test(`fails with jwks_unavailable if the key set's URL ${what}, and recovers afterwards`, async (t) => {
      // A retry could reach the time limit, whatever the first failure was.
      const { sessions } = t.consumer({ ...t.fresh(), timeout: 300, retries: 0 });
      const session_jwt = await t.emulator.token();
      const path_prefix = t.emulator.keySetPath("consumer");
      const calls = await t.emulator.callsDuring(() =>
        t.emulator.withFault({ path_prefix, ...fault }, async () => {
          const started = Date.now();
          const error = await failure(() => sessions.authenticateJwtLocal({ session_jwt }));
          ok(error instanceof t.stytch.ClientError, `expected a ClientError, found ${error}`);
          same(error.code, "jwks_unavailable");
          same(error.reason, reason);
          ok(Date.now() - started < 4_000, "the call ends within its time limit");
        }),
      );
      const others = calls.filter(
        (call) => !call.startsWith(`GET ${path_prefix} `) || !call.endsWith(" none"),
      );
      deepSame(others, [], "other calls, or calls with credentials");
      // A check in the same millisecond as the failure counts as a part of the failed attempt.
      for (const failed_at = Date.now(); Date.now() === failed_at; ) await t.emulator.lastCall();
      ok("session_id" in (await sessions.authenticateJwtLocal({ session_jwt })), "the check succeeds after the fault");
    });
  }

  // The API withdraws keys with an empty key set. A response that is not a key set is an outage.
  test("refuses a token if the key set has no usable key, and reports a malformed key set as unavailable", async (t) => {
    const { jwk, sign } = await makeSigner();
    const session_jwt = await signedBy(t, jwk, sign);
    const sets = [[{ ...jwk, use: "enc" }], [{ ...jwk, kty: "EC" }], [{ ...jwk, n: "AQAB" }]];
    const answers = [
      [{ keys: [] }, "jwt_invalid", "unknown_key"],
      ...sets.map((keys) => [{ keys }, "jwt_invalid", "unusable_key"]),
      ...[{ keys: "none" }, {}, [], null].map((answer) => [answer, "jwks_unavailable", "keys_unavailable"]),
    ];
    for (const [answer, code, reason] of answers) {
      const client = t.consumer({ ...t.fresh(), fetch: answering(JSON.stringify(answer)) });
      const error = await failure(() => client.sessions.authenticateJwtLocal({ session_jwt }));
      same(error.code, code, JSON.stringify(answer));
      same(error.reason, reason, JSON.stringify(answer));
    }
  });

  test("ignores unusable keys and uses the others", async (t) => {
    const { jwk, sign } = await makeSigner();
    const keys = [null, 7, { kty: "EC", kid: jwk.kid }, { ...jwk, kid: "weak", n: "AQAB" }, jwk];
    const client = t.consumer({ ...t.fresh(), fetch: answering(JSON.stringify({ keys })) });
    const session_jwt = await signedBy(t, jwk, sign);
    same((await client.sessions.authenticateJwtLocal({ session_jwt })).session_id, "session-test-1");
  });

  test("refuses a token if two keys have its kid", async (t) => {
    const { jwk, sign } = await makeSigner();
    const client = t.consumer({ ...t.fresh(), fetch: answering(JSON.stringify({ keys: [jwk, jwk] })) });
    const session_jwt = await signedBy(t, jwk, sign);
    const error = await failure(() => client.sessions.authenticateJwtLocal({ session_jwt }));
    same(error.reason, "duplicate_kid");
  });

  test("accepts concurrent tokens of a new key while the key set is fetched", async (t) => {
    const client = t.consumer(t.fresh());
    const token = () => t.emulator.token({ claims: { exp: YEAR_3000 } });
    await client.sessions.authenticateJwtLocal({ session_jwt: await token() });
    await t.emulator.rotateKeys("consumer");
    const renewed = [await token(), await token(), await token()];
    const check = (session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });
    const sessions = await t.later(31, () => Promise.all(renewed.map(check)));
    same(sessions.filter(({ session_id }) => session_id).length, 3);
  });

  test("does not refuse an unknown kid during an outage", async (t) => {
    const client = t.consumer(t.fresh());
    const token = () => t.emulator.token({ claims: { exp: YEAR_3000 } });
    const old = await token();
    const check = (session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });
    await check(old);
    await t.emulator.rotateKeys("consumer");
    const renewed = await token();
    const path_prefix = t.emulator.keySetPath("consumer");
    await t.emulator.withFault({ path_prefix, kind: "status", status: 503 }, () =>
      t.later(31, async () => {
        same((await failure(() => check(renewed))).code, "jwks_unavailable", "at the failed attempt");
        same((await failure(() => check(renewed))).code, "jwks_unavailable", "right after the failed attempt");
        ok("session_id" in (await check(old)), "the cached keys remain valid");
      }),
    );
    ok("session_id" in (await t.later(62, () => check(renewed))), "the next attempt succeeds");
  });

  test("fetches the key set again for an unknown kid, at most once per 30 seconds", async (t) => {
    const client = t.consumer(t.fresh());
    const check = (session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });
    const old = await t.emulator.token({ claims: { exp: YEAR_3000 } });
    await check(old);
    await t.emulator.rotateKeys("consumer");
    const renewed = await t.emulator.token({ claims: { exp: YEAR_3000 } });
    const keySet = `GET ${t.emulator.keySetPath("consumer")} 200 none`;
    deepSame(
      await t.emulator.callsDuring(async () =>
        same((await failure(() => check(renewed))).reason, "unknown_key"),
      ),
      [],
    );
    const calls = await t.emulator.callsDuring(() =>
      t.later(31, async () => {
        await check(renewed);
        await check(old);
        const madeUp = await t.emulator.token({ header: { kid: "jwk-test-made-up" } });
        same((await failure(() => check(madeUp))).reason, "unknown_key");
      }),
    );
    deepSame(calls, [keySet]);
  });

  test("fetches the key set again after ten minutes", async (t) => {
    const client = t.consumer(t.fresh());
    const session_jwt = await t.emulator.token({ claims: { exp: YEAR_3000 } });
    const check = () => client.sessions.authenticateJwtLocal({ session_jwt });
    await check();
    deepSame(await t.emulator.callsDuring(() => t.later(539, check)), []);
    const keySet = `GET ${t.emulator.keySetPath("consumer")} 200 none`;
    deepSame(await t.emulator.callsDuring(() => t.later(601, async () => [await check(), await check()])), [
      keySet,
    ]);
  });

  test("verifies with stale keys for at most 24 hours of an outage", async (t) => {
    const client = t.consumer(t.fresh());
    const session_jwt = await t.emulator.token({ claims: { exp: YEAR_3000 } });
    const check = () => client.sessions.authenticateJwtLocal({ session_jwt });
    await check();
    const path_prefix = t.emulator.keySetPath("consumer");
    await t.emulator.withFault({ path_prefix, kind: "status", status: 503 }, async () => {
      await t.later(601, check);
      await t.later(86_000, check);
      const error = await t.later(86_401, () => failure(check));
      same(error.code, "jwks_unavailable");
    });
  });
};

async function signedBy(t, jwk, sign) {
  const { project_id } = t.emulator.consumer;
  const claims = {
    aud: [project_id],
    iss: `stytch.com/${project_id}`,
    sub: "user-test-1",
    exp: YEAR_3000,
    "https://stytch.com/session": { id: "session-test-1" },
  };
  return sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify(claims));
}
