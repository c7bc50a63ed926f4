// `authenticateRequest`: the verdict on requests with valid, invalid and hostile credentials.

import { deepSame, failure, hiding, ok, same } from "./assert.js";
import { bearer, both, cookies, withHeaders } from "./credentials.js";

const AUTHENTICATE = { consumer: "POST /v1/sessions/authenticate", b2b: "POST /v1/b2b/sessions/authenticate" };

/** The two products: log-in, client, and names of the session's fields. */
const PRODUCTS = {
  consumer: { logIn: (t) => t.logIn(), client: (t, more) => t.consumer(more), name: "session", id: "session_id" },
  b2b: { logIn: (t) => t.logInMember(), client: (t, more) => t.b2b(more), name: "member_session", id: "member_session_id" },
};

/** The verdict's status, its `via` or reason, and the cookies that it sets or clears. */
const summary = ({ status, via, reason, headers }) => [
  status,
  via ?? reason,
  ...headers.getSetCookie().map((line) => line.replace(/=([^;]*);.*?(; Max-Age=0;)?.*$/s, (_, value) => (value ? "=…" : "="))),
];

/** The summary of a verdict. Fails if the API was called for it. */
async function withoutCalls(t, step) {
  let verdict;
  const calls = await t.emulator.callsDuring(async () => (verdict = await step()));
  deepSame(calls, [], "calls");
  return summary(verdict);
}

export default (test) => {
  test("refuses a bearer token that is too long, and does not read cookies", async (t) => {
    const { session_jwt } = await t.logIn();
    const client = t.consumer();
    for (const length of [2 ** 14, 2 ** 17 - 10, 2 ** 17, 2 ** 18, 2 ** 20]) {
      const headers = { authorization: `Bearer ${"a".repeat(length)}`, cookie: `stytch_session_jwt=${session_jwt}` };
      const { status, reason } = await client.authenticateRequest({ headers });
      deepSame([status, reason], length === 2 ** 14 ? ["unauthenticated", "malformed"] : ["unauthenticated", "too_long"], `${length}`);
    }
  });

  for (const [product, { logIn, client, name, id }] of Object.entries(PRODUCTS)) {
    test(`authenticates a ${product} user by bearer token and by cookie, the second time from the cache`, async (t) => {
      const login = await logIn(t);
      const guard = client(t);
      await guard.loadKeys();
      const { session_jwt } = login;
      const first = await guard.authenticateRequest(bearer(session_jwt));
      deepSame(summary(first), ["authenticated", "local"]);
      deepSame(Object.keys(first), ["status", "via", name, "session_jwt", "claims", "headers", "cookies"]);
      same(first[name][id], login[name][id]);
      same(first.session_jwt, session_jwt);
      same(first.claims["https://stytch.com/session"].id, login[name][id]);
      deepSame(first[name], await guard.sessions.authenticateJwtLocal({ session_jwt }));
      first.claims.sub = first[name].roles = "changed by a caller";
      const second = await guard.authenticateRequest(both(login));
      deepSame(summary(second), ["authenticated", "cache"]);
      ok(second.claims.sub !== first.claims.sub && Array.isArray(second[name].roles), "the second verdict has its own objects");
    });

    test(`refreshes an expired ${product} JWT once, and sets both cookies`, async (t) => {
      const login = await logIn(t);
      const guard = client(t);
      await guard.loadKeys();
      await t.later(400, async () => {
        let verdict;
        const calls = await t.emulator.callsDuring(async () => (verdict = await guard.authenticateRequest(both(login))));
        deepSame(calls, [`${AUTHENTICATE[product]} 200 basic`]);
        deepSame(summary(verdict), ["authenticated", "remote", "stytch_session_jwt=…", "stytch_session=…"]);
        same(verdict[name][id], login[name][id]);
        same(verdict.claims["https://stytch.com/session"].id, login[name][id]);
        const [jwt, token] = verdict.headers.getSetCookie();
        ok(jwt.startsWith(`stytch_session_jwt=${verdict.session_jwt}; Path=/; Max-Age=`), "the cookie contains the new JWT");
        ok(/; Max-Age=\d{4}; HttpOnly; Secure; SameSite=Lax$/.test(token), `attributes of ${token.slice(-80)}`);
        deepSame(summary(await guard.authenticateRequest(bearer(login.session_jwt))), ["authenticated", "remote"]);
      });
    });

    test(`asks the API about a ${product} session token without a JWT`, async (t) => {
      const { session_token } = await logIn(t);
      const verdict = await client(t).authenticateRequest(cookies(`stytch_session=${session_token}`));
      deepSame(summary(verdict), ["authenticated", "remote", "stytch_session_jwt=…", "stytch_session=…"]);
    });
  }

  test("accepts a Request and an object with headers", async (t) => {
    const { session_jwt } = await t.logIn();
    const request = new Request("https://example.com/", { headers: { Authorization: `bearer   ${session_jwt}` } });
    deepSame(summary(await t.consumer().authenticateRequest(request)), ["authenticated", "local"]);
    for (const other of [undefined, null, "request", {}, { headers: null }, { headers: "Cookie: a=b" }, new Map()]) {
      same((await failure(() => t.consumer().authenticateRequest(other))).code, "invalid_argument");
    }
  });

  test("sends no request if the credentials are missing or malformed", async (t) => {
    const login = await t.logIn();
    const client = t.consumer(t.fresh());
    const withBoth = (Authorization) => withHeaders({ Authorization, Cookie: both(login).headers.get("Cookie") });
    for (const [request, reason] of [
      [withHeaders({}), "no_credentials"],
      [cookies("theme=dark"), "no_credentials"],
      [withHeaders({ Authorization: "Basic YTpi" }), "no_credentials"],
      [withBoth("Bearer"), "no_credentials"],
      [withBoth("Bearer junk"), "malformed"],
      [withBoth("Bearer ä.ö.ü"), "invalid_base64url"],
      [withBoth(`Bearer ${login.session_jwt}, Bearer ${login.session_jwt}`), "malformed"],
      [cookies("stytch_session_jwt=junk"), "malformed"],
      [cookies("stytch_session=two words"), "malformed"],
      [cookies(`stytch_session=${"a".repeat(513)}`), "malformed"],
    ]) {
      deepSame(await withoutCalls(t, () => client.authenticateRequest(request)), ["unauthenticated", reason]);
    }
  });

  test("ignores cookies if there is a bearer token", async (t) => {
    const [user, other] = [await t.logIn(), await t.logIn()];
    const Cookie = both(other).headers.get("Cookie");
    const request = withHeaders({ Authorization: `Bearer ${user.session_jwt}`, Cookie });
    const verdict = await t.consumer().authenticateRequest(request);
    same(verdict.session.user_id, user.user_id);
  });

  test("uses the first of two cookies of the same name", async (t) => {
    const [first, second] = [await t.logIn(), await t.logIn()];
    const request = cookies(`stytch_session_jwt=${first.session_jwt}; stytch_session_jwt=${second.session_jwt}`);
    same((await t.consumer().authenticateRequest(request)).session.user_id, first.user_id);
  });

  test("finds its cookies among malformed ones, and in 64 KiB of others", async (t) => {
    const { session_jwt } = await t.logIn();
    const client = t.consumer();
    await client.loadKeys();
    for (const others of ["a; =b; c=d=e; ;;, stytch_session_jwt;", "é=\u00ff; f=\"g;\t", `a=${"x".repeat(65_536)}`]) {
      const request = cookies(`${others};stytch_session_jwt="${session_jwt}" ; z=1`);
      same((await client.authenticateRequest(request)).status, "authenticated", others.slice(0, 40));
    }
    const tooMany = { headers: { get: (name) => (name === "Cookie" ? `a=${"x".repeat(2 ** 20)}; stytch_session_jwt=${session_jwt}` : null) } };
    deepSame(await withoutCalls(t, () => client.authenticateRequest(tooMany)), ["unauthenticated", "malformed"]);
  });

  test("refuses tokens of the other product", async (t) => {
    const [user, member] = [await t.emulator.token(), await t.emulator.token({ product: "b2b" })];
    const crossed = await t.emulator.token({ claims: { "https://stytch.com/organization": { organization_id: "organization-test-1" } } });
    for (const [client, token] of [
      [t.consumer(), member],
      [t.b2b(), user],
      [t.consumer(), crossed],
    ]) {
      same((await client.authenticateRequest(bearer(token))).status === "authenticated", false);
    }
    deepSame(summary(await t.consumer().authenticateRequest(bearer(crossed))), ["unauthenticated", "wrong_token_kind"]);
  });

  test("refuses roles that are not strings", async (t) => {
    const token = await t.emulator.token({ claims: { "https://stytch.com/session": { id: "session-test-1", roles: ["editor", 1] } } });
    const verdict = await t.consumer().authenticateRequest(bearer(token));
    same(verdict.status, "unauthenticated");
  });

  test("reports forbidden for a member of another organization", async (t) => {
    const { session_jwt } = await t.logInMember();
    const authorization_check = { resource_id: "stytch.member", action: "read", organization_id: "organization-test-2" };
    const client = t.b2b();
    deepSame(summary(await client.authenticateRequest(bearer(session_jwt), { authorization_check })), ["forbidden", "tenancy_mismatch"]);
  });

  test("decides a permission locally, or by the API if the JWT is expired", async (t) => {
    const login = await t.logIn();
    const documents = [{ resource_id: "documents", description: "", actions: ["read", "write"] }];
    await t.emulator.setPolicy("consumer", { roles: [], resources: documents });
    const client = t.consumer();
    const options = { authorization_check: { resource_id: "documents", action: "write" } };
    deepSame(summary(await client.authenticateRequest(both(login), options)), ["forbidden", "invalid_permissions"]);
    await t.later(400, async () => {
      deepSame(summary(await client.authenticateRequest(both(login), options)), ["forbidden", "invalid_permissions"]);
    });
  });

  test("works if the clock is ten minutes off", async (t) => {
    const login = await t.logIn();
    const client = t.consumer();
    await t.later(600, async () => same((await client.authenticateRequest(both(login))).via, "remote"));
    await t.later(-600, async () => {
      deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "remote", "stytch_session_jwt=…", "stytch_session=…"]);
      deepSame(summary(await client.authenticateRequest(both(login))), ["unauthenticated", "not_yet_valid"]);
      same((await client.authenticateRequest(both(login), { clock_tolerance_seconds: 660 })).status, "authenticated");
    });
  });

  test("sends at most 11 requests for a hundred made-up kids", async (t) => {
    const client = t.consumer();
    await client.loadKeys();
    const tokens = await Promise.all([...Array(100).keys()].map((kid) => t.emulator.token({ header: { kid: `made-up-${kid}` } })));
    const statuses = new Set();
    // A new minute starts, because the budget of calls is per isolate and minute.
    const calls = await t.emulator.callsDuring(() =>
      t.later(100, async () => {
        for (const token of tokens) statuses.add((await client.authenticateRequest(cookies(`stytch_session_jwt=${token}`))).status);
      }),
    );
    ok(calls.length <= 11, `${calls.length} calls, expected at most ten and one for the keys`);
    same(statuses.has("authenticated"), false);
  });

  test("reports unavailable, and not unauthenticated, for outages and wrong configuration", async (t) => {
    const login = await t.logIn();
    const client = t.consumer({ refresh_limits: { max_pause_seconds: 0 } });
    await client.loadKeys();
    const path_prefix = "/v1/sessions/authenticate";
    const faults = [
      [{ kind: "status", status: 429 }, "rate_limited"],
      [{ kind: "status", status: 500 }, "api_unavailable"],
      [{ kind: "status", status: 401 }, "misconfigured"],
      [{ kind: "garbage" }, "api_unavailable"],
      [{ kind: "close" }, "api_unavailable"],
    ];
    await t.later(400, async () => {
      for (const [fault, reason] of faults) {
        await t.emulator.withFault({ path_prefix, ...fault }, async () =>
          deepSame(summary(await client.authenticateRequest(both(login))), ["unavailable", reason]),
        );
      }
      const slow = t.consumer({ timeout: 50 });
      await t.emulator.withFault({ path_prefix, kind: "hang" }, async () =>
        deepSame(summary(await slow.authenticateRequest(both(login))), ["unavailable", "timeout"]),
      );
    });
    const wrong = t.consumer({ ...t.fresh(), secret: "secret-test-wrong-wrong-wrong-wrong-wrong-wrong" });
    deepSame(summary(await wrong.authenticateRequest(cookies(`stytch_session=${login.session_token}`))), ["unavailable", "misconfigured"]);
  });

  test("asks the API about a token if the keys are not available", async (t) => {
    const login = await t.logIn();
    const path_prefix = t.emulator.keySetPath("consumer");
    await t.emulator.withFault({ path_prefix, kind: "status", status: 503 }, async () => {
      deepSame(summary(await t.consumer(t.fresh()).authenticateRequest(bearer(login.session_jwt))), ["authenticated", "remote"]);
      const alone = t.consumer({ ...t.fresh(), remote_fallback: "never" });
      deepSame(summary(await alone.authenticateRequest(bearer(login.session_jwt))), ["unavailable", "keys_unavailable"]);
    });
  });

  test("clears the cookies of a revoked session, that of the JWT first", async (t) => {
    const login = await t.logIn();
    const client = t.consumer();
    await client.sessions.revoke({ session_token: login.session_token });
    await t.later(400, async () => {
      const refused = ["unauthenticated", "session_not_found", "stytch_session_jwt="];
      deepSame(summary(await client.authenticateRequest(both(login))), refused);
      const remaining = cookies(`stytch_session=${login.session_token}`);
      deepSame(summary(await client.authenticateRequest(remaining)), [...refused, "stytch_session="]);
      deepSame(summary(await client.authenticateRequest(bearer(login.session_jwt))), ["unauthenticated", "session_not_found"]);
    });
  });

  test("uses the session token if the JWT is malformed, and refuses a malformed JWT without a request", async (t) => {
    const { session_token } = await t.logIn();
    const client = t.consumer();
    await client.loadKeys();
    const request = cookies(`stytch_session_jwt=junk; stytch_session=${session_token}`);
    deepSame(summary(await client.authenticateRequest(request)), ["authenticated", "remote", "stytch_session_jwt=…", "stytch_session=…"]);
    const alone = cookies("stytch_session_jwt=junk");
    deepSame(await withoutCalls(t, () => client.authenticateRequest(alone)), ["unauthenticated", "malformed"]);
  });

  test("requires claims of the token and of a refreshed token", async (t) => {
    const claims = { plan: "gold", seats: 5, trial: false, list: ["gold"] };
    const token = await t.emulator.token({ claims });
    const client = t.consumer();
    const verdictFor = async (required_claims) => summary(await client.authenticateRequest(bearer(token), { required_claims }));
    const held = [{}, { plan: "gold", seats: 5, trial: false }, { plan: true, list: true }];
    for (const required of held) same((await verdictFor(required))[0], "authenticated", JSON.stringify(required));
    for (const required of [{ plan: "silver" }, { seats: "5" }, { trial: true }, { absent: true }, { absent: null }, { plan: "gold", seats: 6 }]) {
      deepSame(await verdictFor(required), ["forbidden", "claim_mismatch"], JSON.stringify(required));
    }
    for (const wrong of [{ list: ["gold"] }, { plan: {} }, { plan: undefined }, { seats: NaN }, { seats: 5n }, "plan", ["plan"], true, undefined, null]) {
      same((await failure(() => verdictFor(wrong))).code, "invalid_argument");
    }
    for (const hidden of hiding({ plan: "silver" })) same((await failure(() => verdictFor(hidden))).code, "invalid_argument");
    const login = await t.logIn();
    await t.later(400, async () => {
      const verdict = await client.authenticateRequest(both(login), { required_claims: { plan: "gold" } });
      deepSame(summary(verdict), ["forbidden", "claim_mismatch", "stytch_session_jwt=…", "stytch_session=…"]);
    });
  });

  test("follows remote_fallback of the client and of the call", async (t) => {
    const login = await t.logIn();
    const forged = await t.emulator.token({ key: "stranger" });
    const request = bearer(forged);
    const client = t.consumer({ remote_fallback: "always" });
    await client.loadKeys();
    const calls = await t.emulator.callsDuring(async () => same((await client.authenticateRequest(request)).reason, "session_not_found"));
    same(calls.length, 1, "calls");
    const stale = () => client.authenticateRequest(request, { remote_fallback: "stale" });
    deepSame(await withoutCalls(t, stale), ["unauthenticated", "session_not_found"]);
    await t.later(11, async () => deepSame(await withoutCalls(t, stale), ["unauthenticated", "bad_signature"]));
    await t.later(400, async () => {
      deepSame(await withoutCalls(t, () => client.authenticateRequest(both(login), { remote_fallback: "never" })), ["unauthenticated", "expired"]);
    });
    deepSame(await withoutCalls(t, () => client.authenticateRequest(bearer("junk"))), ["unauthenticated", "malformed"]);
    same((await failure(() => client.authenticateRequest(request, { remote_fallback: "sometimes" }))).code, "invalid_argument");
    same((await failure(() => t.consumer({ remote_fallback: true }))).code, "invalid_argument");
  });

  test("does not lose options that are inherited or hidden", async (t) => {
    const request = bearer((await t.logIn()).session_jwt);
    const authorization_check = { resource_id: "documents", action: "write" };
    const client = t.consumer();
    const refused = (verdict) => verdict.reason ?? verdict.code;
    const outcome = (its, options) => its.authenticateRequest(request, options).catch((error) => error);
    const found = [];
    for (const options of hiding({ authorization_check })) {
      found.push(refused(await outcome(client, options)));
      same((await failure(() => t.stytch.withSession(() => new Response("in"), options))).code, "invalid_argument");
    }
    const verifier = new t.verify.SessionVerifier({ project_id: t.config().project_id, ...t.base });
    for (const options of hiding({ required_claims: { plan: "gold" } })) {
      found.push(refused(await outcome(verifier, options)));
    }
    deepSame([...new Set(found)].sort(), ["claim_mismatch", "invalid_argument", "invalid_permissions"]);
    const own = Object.assign(Object.create(null), { authorization_check });
    deepSame(summary(await client.authenticateRequest(request, own)), ["forbidden", "invalid_permissions"]);
  });

  test("throws for invalid options", async (t) => {
    const { session_jwt } = await t.logIn();
    for (const options of [{ clock_tolerance_seconds: "5" }, { max_token_age_seconds: -1 }, { authorization_check: {} }, { cookies: { path: "app" } }]) {
      const error = await failure(() => t.consumer().authenticateRequest(bearer(session_jwt), options));
      same(error.code, "invalid_argument", JSON.stringify(options));
    }
  });

  test("extends the session by session_duration_minutes", async (t) => {
    const { session_token } = await t.logIn();
    const request = cookies(`stytch_session=${session_token}`);
    const verdict = await t.consumer().authenticateRequest(request, { session_duration_minutes: 600 });
    const [, seconds] = /Max-Age=(\d+)/.exec(verdict.headers.getSetCookie()[1]);
    ok(Number(seconds) > 35_000, `Max-Age is ${seconds}, expected about ten hours`);
  });

  for (const [product, { logIn, client }] of Object.entries(PRODUCTS)) {
    test(`follows remote_fallback in authenticateJwt of the ${product} client`, async (t) => {
      const { session_jwt } = await logIn(t);
      const forged = await t.emulator.token({ product, key: "stranger" });
      const { sessions } = client(t, { remote_fallback: "stale" });
      const current_date = new Date(Date.now() + 400_000);
      same((await sessions.authenticateJwt({ session_jwt, current_date })).status_code, 200);
      same((await sessions.authenticateJwt({ session_jwt })).status_code, undefined);
      const calls = await t.emulator.callsDuring(async () => {
        same((await failure(() => sessions.authenticateJwt({ session_jwt: forged }))).reason, "bad_signature");
        same((await failure(() => sessions.authenticateJwt({ session_jwt: "junk" }))).reason, "malformed");
        same((await failure(() => sessions.authenticateJwt({}))).reason, "no_credentials");
        const expired = { session_jwt, current_date, remote_fallback: "never" };
        same((await failure(() => sessions.authenticateJwt(expired))).reason, "expired");
      });
      deepSame(calls, []);
      const always = await failure(() => sessions.authenticateJwt({ session_jwt: forged, remote_fallback: "always" }));
      same(always.name, "StytchError");
    });
  }
};
