// The levers: tokens, the outbox, the clock, the request log, policies, keys, reset and snapshots.

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";
import { logIn } from "./suite.js";

export function leverTests({ createEmulator, Client, B2BClient }) {
  const started = async (options) => {
    const stytch = await createEmulator(options);
    return { stytch, client: new Client({ ...stytch.consumer }) };
  };
  const check = (client, session_jwt, more) => client.sessions.authenticateJwtLocal({ session_jwt, ...more }).then(() => "valid", ({ code }) => code);
  return {
    "mints good tokens of each kind": async () => {
      const { stytch, client } = await started();
      same(await check(client, stytch.mint()), "valid");
      same(await check(client, stytch.mint({ claims: { role: "admin" } })), "valid");
      const b2b = new B2BClient({ ...stytch.b2b });
      same(await check(b2b, stytch.mint({ product: "b2b" })), "valid");
      const { client_id } = await client.m2m.authenticateToken({ access_token: stytch.mint({ kind: "m2m" }) });
      matches(client_id, /^m2m-client-test-/);
    },
    "mints bad tokens": async () => {
      const { stytch, client } = await started();
      const past = Math.floor(Date.now() / 1000) - 600;
      for (const options of [
        { key: "stranger" },
        { key: "none" },
        { claims: { exp: past } },
        { claims: { nbf: past + 1_200 } },
        { claims: { aud: ["project-test-another"] } },
        { claims: { iss: "another" } },
        { header: { kid: "unknown" } },
        { header: { alg: "HS256" } },
        { kind: "m2m" },
        ...["expired", "not_yet_valid", "other_key", "alg_none", "other_algorithm", "wrong_signature", "other_project", "other_kind", "malformed"].map((flaw) => ({ flaw })),
      ]) {
        same(await check(client, stytch.mint(options)), "jwt_invalid", JSON.stringify(options));
      }
      const error = await failure(() => stytch.mint({ kind: "session token" }));
      deepSame([error.name, error.code], ["EmulatorError", "refused"]);
    },
    "mints a token for a stored user": async () => {
      const { stytch, client } = await started({ seed: { random_seed: 1, consumer: { users: [{ user_id: "user-test-1", email: "eve@example.com" }] } } });
      const { session } = await client.sessions.authenticateJwt({ session_jwt: stytch.mint({ user_id: "user-test-1" }) });
      same(session.user_id, "user-test-1");
      same((await failure(() => stytch.mint({ user_id: "user-test-2" }))).code, "refused");
    },
    "mints sessions with the given factors": async () => {
      const { stytch, client } = await started();
      const types = async (on, options) => (await on.sessions.authenticateJwtLocal({ session_jwt: stytch.mint(options) })).authentication_factors.map(({ type, delivery_method }) => `${type}/${delivery_method}`);
      deepSame(await types(client, {}), ["magic_link/email"]);
      const factors = ["password", "totp", "webauthn", "oauth_google"];
      deepSame(await types(client, { factors }), ["password/knowledge", "totp/authenticator_app", "webauthn/webauthn_registration", "oauth/oauth_google"]);
      const b2b = new B2BClient({ ...stytch.b2b });
      deepSame(await types(b2b, { product: "b2b", factors: ["sso_saml", "sms_otp"] }), ["sso/sso_saml", "otp/sms"]);
      const error = await failure(() => stytch.mint({ factors: ["pass"] }));
      same(error.code, "refused");
      matches(error.message, /factors may contain magic_link, /);
    },
    "mints tokens of registered clients with scopes": async () => {
      const { stytch, client } = await started();
      const { m2m_client } = await client.m2m.clients.create({ scopes: ["read:a", "read:b"] });
      const token = (options) => client.m2m.authenticateToken({ access_token: stytch.mint({ kind: "m2m", ...options }) });
      const { client_id, scopes } = await token({ client_id: m2m_client.client_id });
      deepSame([client_id, scopes], [m2m_client.client_id, ["read:a", "read:b"]]);
      deepSame((await token({ scopes: ["x"] })).scopes, ["x"]);
    },
    "finds messages in the outbox": async () => {
      const { stytch, client } = await started();
      same(stytch.outbox.latest(), undefined);
      const error = await failure(() => stytch.outbox.token("ada@example.com"));
      deepSame([error.code, error.message], ["no_message", "the outbox has no message to ada@example.com with a token"]);
      same((await failure(() => stytch.outbox.link())).message, "the outbox has no message with a link");
      for (const email of ["ada@example.com", "bob@example.com"]) await client.magicLinks.email.loginOrCreate({ email });
      same(stytch.outbox.list().length, 2);
      same(stytch.outbox.latest().to, "bob@example.com");
      const { url, token, kind, used } = stytch.outbox.latest("ada@example.com");
      deepSame([kind, used, new URL(url).searchParams.get("token")], ["signup", false, token]);
      deepSame([stytch.outbox.link("ada@example.com"), stytch.outbox.token("ada@example.com")], [url, token]);
      await client.magicLinks.authenticate({ token });
      same(stytch.outbox.latest("ada@example.com").used, true);
    },
    "moves the clock forward and back": async () => {
      const { stytch, client } = await started();
      const { session_jwt, session_token } = await logIn(stytch, client);
      const before = stytch.clock.now();
      ok(Math.abs(before - Date.now()) < 5_000, "the clock starts as the real one");
      // The session JWT lives 5 minutes, the session an hour.
      const later = stytch.clock.advance(360);
      ok(Math.abs(later - before - 360_000) <= 2_000, "six minutes later");
      const newer = (await client.sessions.authenticate({ session_token })).session_jwt;
      same(await check(client, newer, { current_date: later }), "valid");
      same(await check(client, session_jwt, { current_date: later }), "jwt_invalid");
      same(await check(client, newer), "jwt_invalid", "a token of the future");
      stytch.clock.advance(3_600);
      same((await failure(() => client.sessions.authenticate({ session_token }))).error_type, "session_not_found");
      stytch.clock.advance(-3_960);
      const back = await client.sessions.authenticate({ session_token }).catch((error) => error);
      ok(back.status_code === 200 || back.error_type === "session_not_found", "an answer after going back");
      same(await check(client, (await logIn(stytch, client)).session_jwt), "valid", "a token of now");
    },
    "sets, stops and resets the clock": async () => {
      let now = 1_800_000_000_000;
      const { stytch } = await started({ now: () => new Date(now) });
      const iso = (date) => date.toISOString();
      same(iso(stytch.clock.set("2030-01-01T00:00:00Z")), "2030-01-01T00:00:00.000Z");
      same(iso(stytch.clock.set(new Date("2031-01-01T00:00:00Z"))), "2031-01-01T00:00:00.000Z");
      same(iso(stytch.clock.set(Date.UTC(2032, 0, 1))), "2032-01-01T00:00:00.000Z");
      stytch.clock.freeze();
      now += 10_000;
      same(iso(stytch.clock.now()), "2032-01-01T00:00:00.000Z");
      same(iso(stytch.clock.advance(5)), "2032-01-01T00:00:05.000Z");
      stytch.clock.unfreeze();
      now += 10_000;
      same(iso(stytch.clock.now()), "2032-01-01T00:00:15.000Z");
      same(Number(stytch.clock.reset()), now);
      same((await failure(() => stytch.clock.advance(0.5))).code, "refused");
      same((await failure(() => stytch.clock.set("soon"))).code, "refused");
      same((await failure(() => stytch.clock.set(new Date(NaN)))).code, "invalid_option");
    },
    "dates tokens by the real clock on request": async () => {
      const { stytch, client } = await started({ tokens: "real-time" });
      stytch.clock.advance(86_400);
      same(await check(client, (await logIn(stytch, client)).session_jwt), "valid");
      stytch.clock.dateTokensBy("emulator-time");
      same(await check(client, stytch.mint()), "jwt_invalid");
    },
    "counts and lists requests": async () => {
      const { stytch, client } = await started();
      await logIn(stytch, client);
      const [first, second] = stytch.requests.list();
      deepSame([first.path, first.method, first.status, first.number], ["/v1/magic_links/email/login_or_create", "POST", 200, 1]);
      deepSame(stytch.requests.list(1).map(({ number }) => number), [second.number]);
      deepSame(stytch.requests.counts("/v1/magic_links/a"), { "POST /v1/magic_links/authenticate": 1 });
      ok(!JSON.stringify(stytch.requests.list()).includes(stytch.consumer.secret), "the log has no secrets");
    },
    "sets a policy": async () => {
      const stytch = await createEmulator();
      const roles = [{ role_id: "editor", description: "", permissions: [{ resource_id: "documents", actions: ["write"] }] }];
      const policy = stytch.policies.set("b2b", { roles, resources: [{ resource_id: "documents", description: "", actions: ["write"] }] });
      ok(policy.roles.some(({ role_id }) => role_id === "editor"), "the new role is in the policy");
      const client = new B2BClient({ ...stytch.b2b });
      ok((await client.rbac.policy({})).policy.roles.some(({ role_id }) => role_id === "editor"), "the client gets the role");
      same((await failure(() => stytch.policies.set("other", {}))).code, "refused");
    },
    "rotates keys": async () => {
      for (const seed of [undefined, "rotation"]) {
        const { stytch, client } = await started({ seed });
        const old = stytch.mint();
        const { kid } = await stytch.keys.rotate();
        matches(kid, /^stytch-emulator-/);
        const header = JSON.parse(atob(stytch.mint().split(".", 1)[0].replaceAll("-", "+").replaceAll("_", "/")));
        same(header.kid, kid);
        deepSame([await check(client, old), await check(client, stytch.mint())], ["valid", "valid"]);
      }
    },
    "resets to the state of the start": async () => {
      const { stytch, client } = await started({ seed: { random_seed: 1, consumer: { users: [{ user_id: "user-test-1", email: "eve@example.com" }] } } });
      const before = stytch.snapshot();
      await logIn(stytch, client);
      stytch.clock.advance(100);
      stytch.faults.add({ kind: "reset" });
      ok(stytch.snapshot() !== before, "the state has changed");
      stytch.reset();
      same(stytch.snapshot(), before);
      deepSame([stytch.outbox.list(), stytch.requests.list()], [[], []]);
      same((await client.users.get({ user_id: "user-test-1" })).status_code, 200);
    },
    "restores a snapshot, also in another emulator": async () => {
      const { stytch, client } = await started();
      const { session_jwt, session_token } = await logIn(stytch, client);
      const snapshot = stytch.snapshot();
      await client.sessions.revoke({ session_token });
      stytch.restore(snapshot);
      same((await client.sessions.authenticate({ session_token })).status_code, 200);
      stytch.restore(snapshot);
      const other = await createEmulator();
      other.restore(snapshot);
      deepSame([other.consumer.project_id, other.publicTokens], [stytch.consumer.project_id, stytch.publicTokens]);
      const copied = new Client({ ...other.consumer });
      same(await check(copied, session_jwt), "valid");
      for (const each of [stytch, other]) each.restore(snapshot);
      const [mine, its] = await Promise.all([client, copied].map((each) => each.users.create({ email: "new@example.com" })));
      same(its.user_id, mine.user_id, "both go on in the same way");
      const error = await failure(() => other.restore("{}"));
      deepSame([error.name, error.code], ["EmulatorError", "refused"]);
      same((await copied.sessions.authenticate({ session_token })).status_code, 200, "the state stays");
    },
    "collects webhooks": async () => {
      const { stytch, client } = await started();
      await client.users.create({ email: "ada@example.com" });
      const [webhook] = stytch.webhooks.list();
      matches(stytch.webhooks.secret, /^whsec_/);
      matches(webhook.type, /\.user\.create$/);
      same(await signature(stytch.webhooks.secret, webhook), webhook.headers["svix-signature"]);
      deepSame(stytch.webhooks.list(webhook.number), []);
      stytch.webhooks.clear();
      deepSame(stytch.webhooks.list(), []);
    },
  };
}

/** The signature of a webhook as Svix computes it. */
async function signature(secret, { headers, body }) {
  const key = Uint8Array.from(atob(secret.slice("whsec_".length)), (letter) => letter.charCodeAt(0));
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, hmac, false, ["sign"]);
  const text = new TextEncoder().encode(`${headers["svix-id"]}.${headers["svix-timestamp"]}.${body}`);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", imported, text));
  return `v1,${btoa(String.fromCharCode(...bytes))}`;
}
