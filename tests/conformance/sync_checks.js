// Synchronous checks: `authenticateJwtLocalSync`, `loadKeys`, the option `jwks`, and
// remembered tokens.

import { deepSame, failure, ok, same } from "./assert.js";

/** A `fetch` that counts and forwards the requests. */
function counting() {
  const counts = async (...request) => {
    counts.count += 1;
    return fetch(...request);
  };
  counts.count = 0;
  return counts;
}

export default (test) => {
  test("returns the same session as the asynchronous check if the keys are loaded", async (t) => {
    for (const [product, logIn] of [["consumer", () => t.logIn()], ["b2b", () => t.logInMember()]]) {
      const { session_jwt } = await logIn();
      const client = t[product](t.fresh());
      await client.loadKeys();
      const calls = await t.emulator.callsDuring(() => {
        const session = client.sessions.authenticateJwtLocalSync({ session_jwt });
        ok(!(session instanceof Promise), "the result is not a promise");
        t.session = session;
      });
      deepSame(calls, []);
      deepSame(t.session, await client.sessions.authenticateJwtLocal({ session_jwt }));
    }
  });

  test("throws jwks_unavailable if the keys are not loaded", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer(t.fresh());
    const error = await failure(() => sessions.authenticateJwtLocalSync({ session_jwt }));
    ok(error instanceof t.stytch.ClientError, "the error is a ClientError");
    deepSame([error.code, error.reason], ["jwks_unavailable", "keys_unavailable"]);
  });

  test("refuses the same tokens and options as the asynchronous check", async (t) => {
    const { session_jwt } = await t.logIn();
    const client = t.consumer();
    await client.loadKeys();
    const refused = async (params) => {
      const error = await failure(() => client.sessions.authenticateJwtLocalSync(params));
      ok(error instanceof t.stytch.ClientError, "the error is a ClientError");
      return error.reason ?? error.code;
    };
    same(await refused({ session_jwt: `${session_jwt.slice(0, -8)}AAAAAAAA` }), "bad_signature");
    same(await refused({ session_jwt, current_date: new Date(Date.now() + 400_000) }), "expired");
    same(await refused({ session_jwt, max_token_age_seconds: 0 }), "too_old");
    same(await refused({ session_jwt, clock_tolerance_seconds: "1" }), "invalid_argument");
    same(await refused({ session_jwt: "junk" }), "malformed");
    same(await refused(undefined), "no_credentials");
    const authorization_check = { resource_id: "documents", action: "read" };
    same(await refused({ session_jwt, authorization_check }), "policy_unavailable");
  });

  test("does not load fresh keys again", async (t) => {
    const fetch = counting();
    const config = { ...t.fresh(), fetch };
    await t.consumer(config).loadKeys();
    await t.consumer(config).loadKeys();
    same(fetch.count, 1);
    await t.later(601, () => t.consumer(config).loadKeys());
    same(fetch.count, 2);
    const error = await failure(() =>
      t.consumer({ ...t.fresh(), fetch: async () => new Response("no", { status: 503 }) }).loadKeys(),
    );
    same(error.code, "jwks_unavailable");
  });

  test("sends no request if the option jwks contains the key", async (t) => {
    const { session_jwt } = await t.logIn();
    const jwks = await t.consumer().sessions.getJWKS({ project_id: t.config().project_id });
    const fetch = counting();
    const config = { ...t.fresh(), fetch, jwks };
    for (const more of [{}, { jwks_pinned: false }, { jwks_pinned: true }]) {
      const client = t.consumer({ ...config, ...more });
      same(client.sessions.authenticateJwtLocalSync({ session_jwt }).user_id.startsWith("user-"), true);
      await client.sessions.authenticateJwtLocal({ session_jwt });
    }
    await t.consumer({ ...config, jwks_pinned: true }).loadKeys();
    same(fetch.count, 0);
  });

  test("fetches a key that jwks does not contain, unless jwks_pinned is true", async (t) => {
    const { session_jwt } = await t.logIn();
    const [fetch, jwks] = [counting(), { keys: [] }];
    const config = { ...t.fresh(), fetch, jwks };
    const pinned = t.consumer({ ...config, jwks_pinned: true });
    same((await failure(() => pinned.sessions.authenticateJwtLocal({ session_jwt }))).reason, "unknown_key");
    same((await failure(() => pinned.sessions.authenticateJwtLocalSync({ session_jwt }))).reason, "unknown_key");
    same(fetch.count, 0);
    const open = t.consumer(config);
    same((await failure(() => open.sessions.authenticateJwtLocalSync({ session_jwt }))).code, "jwks_unavailable");
    await open.sessions.authenticateJwtLocal({ session_jwt });
    same(fetch.count, 1);
  });

  test("uses the jwks of a client only for that client", async (t) => {
    const jwks = await t.consumer().sessions.getJWKS({ project_id: t.config().project_id });
    const { session_jwt } = await t.logIn();
    const base = t.fresh();
    t.consumer({ ...base, jwks }).sessions.authenticateJwtLocalSync({ session_jwt });
    const others = [{}, { jwks: { keys: [] } }, { jwks: { keys: [] }, jwks_pinned: true }];
    for (const other of others) {
      await failure(() => t.consumer({ ...base, ...other }).sessions.authenticateJwtLocalSync({ session_jwt }));
    }
  });

  test("refuses jwks that is not a JWK set, and jwks_pinned without jwks", async (t) => {
    for (const config of [
      { jwks: null },
      { jwks: [] },
      { jwks: "{}" },
      { jwks: { keys: {} } },
      { jwks_pinned: true },
      { jwks: { keys: [] }, jwks_pinned: "yes" },
    ]) {
      same((await failure(() => t.consumer(config))).code, "invalid_argument", JSON.stringify(config));
    }
  });

  test("returns a new object to every caller", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    const first = await sessions.authenticateJwtLocal({ session_jwt });
    const before = JSON.stringify(first);
    first.user_id = "user-test-evil";
    first.roles.push("admin");
    first.custom_claims.admin = true;
    same(JSON.stringify(sessions.authenticateJwtLocalSync({ session_jwt })), before);
  });

  test("validates the times of a remembered token at every check", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    const at = (seconds) => ({ session_jwt, current_date: new Date(Date.now() + seconds * 1000) });
    await sessions.authenticateJwtLocal({ session_jwt });
    for (const [seconds, reason] of [[310, "expired"], [-100, "not_yet_valid"]]) {
      for (const method of ["authenticateJwtLocal", "authenticateJwtLocalSync"]) {
        same((await failure(() => sessions[method](at(seconds)))).reason, reason, method);
      }
    }
    sessions.authenticateJwtLocalSync(at(200));
  });

  test("accepts valid limits of token_cache, and refuses others", async (t) => {
    for (const token_cache of [{ max_entries: 0 }, { max_bytes: 0 }, { max_entries: 1, max_bytes: 100_000 }, {}]) {
      const { session_jwt } = await t.logIn();
      const { sessions } = t.consumer({ ...t.fresh(), token_cache });
      for (let time = 0; time < 3; time += 1) await sessions.authenticateJwtLocal({ session_jwt });
    }
    for (const token_cache of [{ max_entries: -1 }, { max_entries: 1.5 }, { max_bytes: "1" }, { max_bytes: 2 ** 31 }]) {
      same((await failure(() => t.consumer({ token_cache }))).code, "invalid_argument");
    }
  });
};
