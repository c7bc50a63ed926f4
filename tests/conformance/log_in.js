// Log-in round trips: `startLogin`, `handleCallback`, `resetPassword`, `pendingLogin`, `finishLogin`, `logOut` and
// `loginResponse`.

import { deepSame, failure, matches, ok, same } from "./assert.js";
import { atProvider, callbackOf } from "./provider.js";

const ORIGIN = "https://app.example";

/** A browser: it keeps cookies, and sends them. In a page, a Request cannot contain cookies. */
class Browser {
  #cookies = new Map();

  /** Keeps the cookies of some headers. */
  keep({ headers }) {
    for (const line of headers.getSetCookie()) {
      const [pair, ...attributes] = line.split("; ");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (attributes.includes("Max-Age=0")) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  get names() {
    return [...this.#cookies.keys()].sort();
  }

  get(path, { method = "GET", ...headers } = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return { method, url: ORIGIN + path, headers: { host: "app.example", cookie, ...headers } };
  }

  /** A form of a page of the same origin. */
  post(path, headers) {
    return this.get(path, { method: "POST", "sec-fetch-site": "same-origin", ...headers });
  }

  /** Starts a log-in by magic link, and returns the path of the link. */
  async start(t, client = t.consumer(), email = t.address(), return_to = "/inbox") {
    const started = client.startLogin(this.get("/login"), { method: "magic_link", return_to });
    this.keep(started);
    await client.magicLinks.email.loginOrCreate({ email, code_challenge: started.code_challenge });
    return pathOf(await t.emulator.messageTo(email));
  }

  async open(client, path, options) {
    const result = await client.handleCallback(this.get(path), options);
    this.keep(result);
    return result;
  }
}

const pathOf = ({ url }) => `/callback${new URL(url).search}`;

/** A password, and its SHA-1. */
const PASSWORD = "violet-harbour-lantern-41";
const HASH = "dba38921ad5d877df26944c9a15f30c0a01a7eb8";

/** An OpenID Connect connection to a provider of the emulator. Returns its id. */
async function oidcConnection({ emulator }, { sso: { oidc } }, organization_id) {
  const { connection_id } = (await oidc.createConnection({ organization_id, identity_provider: "generic" })).connection;
  const issuer = `${emulator.url}/_emulator/idp/2`;
  const { connection } = await oidc.updateConnection({ organization_id, connection_id, issuer, client_id: "acme", client_secret: "client secret" });
  same(connection.status, "active");
  return connection_id;
}

/** A SAML connection to another provider of the emulator. Returns its id. */
async function samlConnection({ emulator }, { sso: { saml } }, organization_id) {
  const { connection_id } = (await saml.createConnection({ organization_id, identity_provider: "okta" })).connection;
  await saml.updateByURL({ organization_id, connection_id, metadata_url: `${emulator.url}/_emulator/idp/1/metadata` });
  const attribute_mapping = { email: "email", full_name: "name" };
  const { connection } = await saml.updateConnection({ organization_id, connection_id, attribute_mapping });
  same(connection.status, "active");
  return connection_id;
}

const SESSION = ["stytch_session", "stytch_session_jwt"];

export default (test) => {
  test("logs a user in by a magic link in the browser that started the log-in", async (t) => {
    const [client, browser] = [t.consumer(), new Browser()];
    const path = await browser.start(t, client);
    deepSame(browser.names, ["__Host-stytch_flow_magic_link"]);
    const result = await browser.open(client, path, { session_duration_minutes: 30 });
    deepSame([result.status, result.token_type, result.return_to, result.http_status], ["logged_in", "magic_links", "/inbox", 303]);
    deepSame(browser.names, SESSION);
    const verdict = await client.authenticateRequest(browser.get("/inbox"));
    same(verdict.session.user_id, result.response.user_id);
    const response = t.stytch.loginResponse(result);
    deepSame([response.status, response.headers.get("location"), response.headers.get("cache-control"), response.headers.get("referrer-policy")], [303, "/inbox", "no-store", "no-referrer"]);
    same(await response.text(), "");
  });

  test("refuses to start an email or to end a log-in for a page of another origin", async (t) => {
    const [client, browser, email, password] = [t.consumer(), new Browser(), t.address(), "correct horse battery 1"];
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "https://evil.example" }, { origin: "null" }]) {
      const request = browser.get("/login", { method: "POST", ...headers });
      for (const method of ["magic_link", "password_reset"]) {
        const error = await failure(() => client.startLogin(request, { method }));
        deepSame([error.name, error.code], ["ClientError", "cross_origin"], JSON.stringify(headers));
      }
    }
    const created = await client.passwords.create({ email, password, session_duration_minutes: 5 });
    const refused = client.finishLogin(browser.get("/password", { method: "POST", "sec-fetch-site": "cross-site" }), created);
    deepSame([refused.status, refused.reason, refused.http_status, refused.cookies], ["refused", "cross_origin", 403, []]);
    same(client.finishLogin(browser.post("/password"), created).status, "logged_in");
  });

  test("refuses the link of another browser, without a call or by the verifier", async (t) => {
    const [client, attacker, victim] = [t.consumer(), new Browser(), new Browser()];
    const path = await attacker.start(t, client);
    const calls = await t.emulator.callsDuring(async () => {
      const result = await victim.open(client, path);
      deepSame([result.status, result.reason, result.location], ["refused", "flow_not_started_here", "/?reason=flow_not_started_here"]);
    });
    deepSame(calls, []);
    const own = await victim.start(t, client);
    const result = await victim.open(client, path, { pages: { refused: "/login" } });
    deepSame([result.reason, result.error_type, result.location], ["verifier_mismatch", "pkce_mismatch", "/login?reason=verifier_mismatch"]);
    same((await victim.open(client, own)).status, "logged_in");
    same((await victim.open(client, own)).reason, "flow_not_started_here");
  });

  test("accepts an invitation only if the caller allows links without a browser", async (t) => {
    const [client, email] = [t.consumer(), t.address()];
    await client.magicLinks.email.invite({ email });
    const path = pathOf(await t.emulator.messageTo(email));
    const browser = new Browser();
    same((await browser.open(client, path)).reason, "flow_not_started_here");
    await browser.start(t, client);
    same((await browser.open(client, path)).reason, "started_without_pkce");
    same((await browser.open(client, path, { allow_unbound: true })).status, "logged_in");
  });

  test("uses nothing up for prefetches, previews and methods other than GET", async (t) => {
    const [client, browser] = [t.consumer(), new Browser()];
    const path = await browser.start(t, client);
    const calls = await t.emulator.callsDuring(async () => {
      for (const [method, headers, reason, status] of [
        ["HEAD", {}, "method_not_allowed", 405],
        ["POST", { "sec-fetch-site": "same-origin" }, "method_not_allowed", 405],
        ["GET", { "sec-purpose": "prefetch;prerender" }, "speculative_request", 403],
        ["GET", { purpose: "prefetch" }, "speculative_request", 403],
        ["GET", { "x-moz": "prefetch" }, "speculative_request", 403],
      ]) {
        const result = await client.handleCallback(browser.get(path, { method, ...headers }));
        deepSame([result.status, result.reason, result.http_status], ["refused", reason, status]);
        const response = t.stytch.loginResponse(result);
        deepSame(await response.json(), { status: "refused", reason });
      }
    });
    deepSame(calls, []);
    same((await browser.open(client, path)).status, "logged_in");
  });

  test("keeps the log-in during an outage, so that the same link works again", async (t) => {
    const [client, browser] = [t.consumer({ retries: 0 }), new Browser()];
    const path = await browser.start(t, client);
    await t.emulator.withFault({ path_prefix: "/v1/magic_links/authenticate", kind: "status", status: 503 }, async () => {
      const result = await browser.open(client, path);
      deepSame([result.status, result.reason, result.http_status], ["unavailable", "api_unavailable", 503]);
      const response = t.stytch.loginResponse(result);
      deepSame([response.status, response.headers.get("retry-after")], [503, "5"]);
    });
    same((await browser.open(client, path)).status, "logged_in");
  });

  test("two tabs of a browser both finish", async (t) => {
    const [client, browser] = [t.consumer(), new Browser()];
    const [first, second] = [await browser.start(t, client), await browser.start(t, client, t.address(), "/second")];
    same((await browser.open(client, first)).status, "logged_in");
    const result = await browser.open(client, second);
    deepSame([result.status, result.location], ["logged_in", "/second"]);
    deepSame(browser.names, SESSION);
  });

  test("shows a page with a button first, if the caller asks for it", async (t) => {
    const [client, browser] = [t.consumer(), new Browser()];
    const path = await browser.start(t, client);
    const options = { confirm: true };
    const kept = await browser.open(client, path, options);
    deepSame([kept.status, kept.http_status, kept.location], ["needs_click", 303, "/callback"]);
    const page = t.stytch.loginResponse(await browser.open(client, "/callback", options));
    same(page.status, 200);
    const html = await page.text();
    matches(html, /<form method="post"><button/);
    ok(!html.includes("<script") && !html.includes("token"), "the page has neither scripts nor tokens");
    matches(page.headers.get("content-security-policy"), /^default-src 'none'; .*frame-ancestors 'none'/);
    const cross = await client.handleCallback(browser.get("/callback", { method: "POST", "sec-fetch-site": "cross-site" }), options);
    same(cross.reason, "cross_origin");
    const result = await client.handleCallback(browser.post("/callback"), options);
    same(result.status, "logged_in");
    browser.keep(result);
    deepSame(browser.names, SESSION);
  });

  test("discovers organizations, and exchanges the intermediate session for a session", async (t) => {
    const [client, browser, email_address] = [t.b2b(), new Browser(), t.address()];
    const started = client.startLogin(browser.get("/login"), { method: "discovery", return_to: "/inbox" });
    browser.keep(started);
    await client.magicLinks.email.discovery.send({ email_address, pkce_code_challenge: started.code_challenge });
    const path = pathOf(await t.emulator.messageTo(email_address));
    same((await t.consumer().handleCallback(browser.get(path))).reason, "other_product");
    const found = await browser.open(client, path, { pages: { needs_organization: "/organizations" } });
    deepSame([found.status, found.location], ["needs_organization", "/organizations"]);
    deepSame(found.response.discovered_organizations, []);
    deepSame(browser.names, ["__Host-stytch_intermediate_session"]);
    const pending = client.pendingLogin(browser.get("/organizations"));
    const { intermediate_session_token } = pending;
    deepSame(pending, { intermediate_session_token, has_password_reset: false, return_to: "/inbox" });
    const created = await client.discovery.organizations.create({ intermediate_session_token, organization_name: "Acme" });
    const result = client.finishLogin(browser.get("/organizations"), created);
    browser.keep(result);
    deepSame([result.status, result.location, result.response.member_id], ["logged_in", "/inbox", created.member_id]);
    deepSame(browser.names, SESSION);
    deepSame(client.pendingLogin(browser.get("/")), { has_password_reset: false, return_to: "/" });
  });

  test("keeps the organization and the member for another factor, and returns to the page of the end", async (t) => {
    const [client, browser, email_address] = [t.b2b(), new Browser(), t.address()];
    const { organization } = await client.organizations.create({ organization_name: "Acme", mfa_policy: "REQUIRED_FOR_ALL" });
    const { organization_id } = organization;
    const { member_id } = await client.organizations.members.create({ organization_id, email_address });
    await client.passwords.migrate({ organization_id, email_address, hash: HASH, hash_type: "sha_1", sha_1_config: {} });
    const begun = await client.passwords.authenticate({ organization_id, email_address, password: PASSWORD });
    const result = client.finishLogin(browser.post("/password"), begun, { pages: { logged_in: "/inbox", needs_mfa: "/mfa" } });
    deepSame([result.status, result.location], ["needs_mfa", "/mfa"]);
    browser.keep(result);
    const { intermediate_session_token } = begun;
    const expected = { intermediate_session_token, organization_id, member_id, has_password_reset: false, return_to: "/inbox" };
    deepSame(client.pendingLogin(browser.get("/mfa")), expected);
  });

  test("recognizes forms of the same origin", async (t) => {
    const client = t.consumer();
    const own = { host: "app.example", origin: ORIGIN };
    for (const [headers, expected] of [
      [{ "sec-fetch-site": "same-origin" }, true],
      [{ "sec-fetch-site": "same-site", ...own }, false],
      [own, true],
      [{ ...own, origin: "https://evil.example" }, false],
      [{ ...own, origin: "null" }, false],
      [{ host: "app.example" }, false],
    ]) {
      same(client.isSameOrigin({ method: "POST", url: "/password", headers }), expected, JSON.stringify(headers));
    }
    const evil = { method: "POST", url: `${ORIGIN}/password`, headers: { host: "evil.example", origin: "https://evil.example" } };
    same(client.isSameOrigin(evil), false, "the URL comes before Host");
    const insecure = { method: "POST", url: `${ORIGIN}/password`, headers: { origin: "http://app.example" } };
    same(client.isSameOrigin(insecure), false, "a page without TLS");
  });

  test("keeps an intermediate session by sessionHeaders, in a cookie of its own", async (t) => {
    const client = t.b2b({ cookies: { http_only: false } });
    const result = { session_jwt: "", session_token: "", intermediate_session_token: "abc", member_session: null };
    deepSame(client.sessionHeaders(result).getSetCookie(), [
      "__Host-stytch_intermediate_session=/:::abc; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax",
    ]);
    same((await failure(() => client.sessionHeaders({ intermediate_session_token: "a;b" }))).code, "invalid_argument");
  });

  test("resets a password with a token that the page does not see", async (t) => {
    const [client, browser, email] = [t.consumer(), new Browser(), t.address()];
    await client.users.create({ email });
    const started = client.startLogin(browser.get("/login"), { method: "password_reset", return_to: "/inbox" });
    browser.keep(started);
    await client.passwords.email.resetStart({ email, code_challenge: started.code_challenge });
    const path = pathOf(await t.emulator.messageTo(email));
    same((await new Browser().open(client, path)).reason, "flow_not_started_here");
    const result = await browser.open(client, path, { pages: { needs_new_password: "/new-password" } });
    deepSame([result.status, result.token_type, result.location], ["needs_new_password", "reset_password", "/new-password"]);
    ok(client.pendingLogin(browser.get("/new-password")).has_password_reset, "a reset is pending");
    const reset = (password, request = browser.post("/new-password")) => client.resetPassword(request, { password, pages: { refused: "/new-password" } });
    same((await reset("a", browser.get("/new-password", { method: "POST", "sec-fetch-site": "cross-site" }))).reason, "cross_origin");
    const weak = await reset("password");
    deepSame([weak.status, weak.reason, weak.location], ["refused", "password_not_accepted", "/new-password?reason=password_not_accepted"]);
    const done = await reset("correct horse battery staple 42 !");
    browser.keep(done);
    deepSame([done.status, done.location, browser.names], ["logged_in", "/inbox", SESSION]);
    same((await client.authenticateRequest(browser.get("/inbox"))).session.user_id, done.response.user_id);
    same((await reset("correct horse battery staple 43 !")).reason, "no_token");
    same((await browser.open(client, path)).reason, "flow_not_started_here");
  });

  test("reads its cookies also if a framework has escaped their values", async (t) => {
    const [client, email] = [t.consumer(), t.address()];
    const header = ({ cookies }) => cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; ");
    const request = (url, cookie) => ({ method: "GET", url, headers: { cookie } });
    const started = client.startLogin(new Browser().get("/"), { method: "magic_link", return_to: "/inbox?a=b,c" });
    await client.magicLinks.email.loginOrCreate({ email, code_challenge: started.code_challenge });
    const path = pathOf(await t.emulator.messageTo(email));
    const result = await client.handleCallback(request(path, header(started)));
    deepSame([result.status, result.location], ["logged_in", "/inbox?a=b,c"]);
    same((await client.authenticateRequest(request("/", header(result)))).status, "authenticated");
  });

  test("makes start URLs with the public token and the challenge", async (t) => {
    const client = t.consumer({ public_token: "public-token-test-1" });
    const params = { login_redirect_url: "https://app.example/callback" };
    const { url, code_challenge } = client.startLogin(new Browser().get("/"), { method: "oauth", provider: "google", params });
    const { origin, pathname, searchParams } = new URL(url);
    deepSame([origin, pathname], [new URL(t.emulator.url).origin, "/v1/public/oauth/google/start"]);
    deepSame(Object.fromEntries(searchParams), { public_token: "public-token-test-1", code_challenge, ...params });
    const challenges = Array.from({ length: 8 }, () => client.startLogin(new Browser().get("/"), { method: "magic_link" }).code_challenge);
    same(new Set([...challenges, code_challenge]).size, 9, "each browser has a verifier of its own");
    ok(challenges.every((challenge) => /^[\w-]{43}$/.test(challenge)), "challenges are base64url");
  });

  test("logs a user in at the page of an OAuth provider", async (t) => {
    const [client, browser, email_address] = [t.consumer({ public_token: t.emulator.public_tokens.consumer }), new Browser(), t.address()];
    const target = callbackOf(t.emulator);
    const params = { login_redirect_url: target, signup_redirect_url: target };
    const started = client.startLogin(browser.get("/login"), { method: "oauth", provider: "google", params, return_to: "/inbox" });
    browser.keep(started);
    const path = `/callback${await atProvider(t.emulator, started.url, { email_address, name: "Ada" })}`;
    same((await new Browser().open(client, path)).reason, "flow_not_started_here");
    const result = await browser.open(client, path);
    deepSame([result.status, result.token_type, result.location, browser.names], ["logged_in", "oauth", "/inbox", SESSION]);
    const { session } = await client.authenticateRequest(browser.get("/inbox"));
    deepSame([session.user_id, session.authentication_factors[0].type], [result.response.user_id, "oauth"]);
  });

  test("logs a member in by OpenID Connect and by SAML", async (t) => {
    const [client, target] = [t.b2b({ public_token: t.emulator.public_tokens.b2b }), callbackOf(t.emulator)];
    const { organization } = await client.organizations.create({ organization_name: "Acme", sso_jit_provisioning: "ALL_ALLOWED" });
    for (const connect of [oidcConnection, samlConnection]) {
      const [browser, connection_id] = [new Browser(), await connect(t, client, organization.organization_id)];
      const params = { connection_id, login_redirect_url: target, signup_redirect_url: target };
      const started = client.startLogin(browser.get("/login"), { method: "sso", params, return_to: "/inbox" });
      browser.keep(started);
      const path = `/callback${await atProvider(t.emulator, started.url, { email: t.address(), name: "Ada" })}`;
      same((await new Browser().open(client, path)).reason, "flow_not_started_here");
      const result = await browser.open(client, path);
      deepSame([result.status, result.token_type, result.location, browser.names], ["logged_in", "sso", "/inbox", SESSION]);
      const verdict = await client.authenticateRequest(browser.get("/inbox"));
      deepSame([verdict.member_session.member_id, verdict.member_session.authentication_factors[0].type], [result.response.member_id, "sso"]);
    }
  });

  test("resets the password of a member", async (t) => {
    const [client, browser, email_address] = [t.b2b(), new Browser(), t.address()];
    const { organization } = await client.organizations.create({ organization_name: "Acme" });
    const { organization_id } = organization;
    const { member_id } = await client.organizations.members.create({ organization_id, email_address });
    const started = client.startLogin(browser.get("/login"), { method: "password_reset", return_to: "/inbox" });
    browser.keep(started);
    await client.passwords.email.resetStart({ organization_id, email_address, code_challenge: started.code_challenge });
    const path = pathOf(await t.emulator.messageTo(email_address));
    same((await new Browser().open(client, path)).reason, "flow_not_started_here");
    const opened = await browser.open(client, path, { pages: { needs_new_password: "/new-password" } });
    deepSame([opened.status, opened.token_type, opened.location], ["needs_new_password", "multi_tenant_passwords", "/new-password"]);
    const result = await client.resetPassword(browser.post("/new-password"), { password: PASSWORD });
    browser.keep(result);
    deepSame([result.status, result.location, result.response.member_id, browser.names], ["logged_in", "/inbox", member_id, SESSION]);
    const begun = await client.passwords.authenticate({ organization_id, email_address, password: PASSWORD });
    same(client.finishLogin(browser.post("/password"), begun).status, "logged_in");
  });

  test("names the option or the request that is wrong", async (t) => {
    const [client, request] = [t.consumer(), new Browser().get("/")];
    const link = { method: "magic_link" };
    for (const [call, message] of [
      [() => client.startLogin(request, {}), /method must be/],
      [() => client.startLogin(request, { ...link, return_to: "//evil.example" }), /return_to must be a path/],
      [() => client.startLogin(request, { ...link, return_to: "https://evil.example" }), /return_to must be a path/],
      [() => client.startLogin(request, { ...link, return_to: 5 }), /return_to must be a string/],
      [() => client.startLogin(request, { ...link, returns_to: "/" }), /unknown option "returns_to" of startLogin/],
      [() => client.startLogin(request, { method: "oauth", provider: "google" }), /"public_token" in config is required/],
      [() => client.startLogin(request, { method: "oauth", provider: "google", params: { a: 1 } }), /params must be/],
      [() => client.handleCallback(request, { allow_unbound: "yes" }), /allow_unbound must be a boolean/],
      [() => client.handleCallback(request, { confirm: undefined }), /confirm must be a boolean/],
      [() => client.handleCallback(request, { pages: { refused: "//evil" } }), /pages.refused must be a path/],
      [() => client.handleCallback(request, { pages: { refuses: "/" } }), /unknown pages option "refuses"/],
      [() => client.handleCallback(request, { cookies: { names: "a" } }), /unknown cookies option "names"/],
      [() => client.resetPassword(request, {}), /password must be a string/],
      [() => client.finishLogin(request, {}), /begins a session/],
      [() => client.finishLogin(request, { session_jwt: "a" }, { pages: { logged_in: "//evil" } }), /pages.logged_in must be a path/],
      [() => client.logOut(request, { return_to: "\\evil" }), /return_to must be a path/],
      [() => client.handleCallback({ headers: {} }), /accepts a request with a method and a url/],
      [() => client.handleCallback({ method: "GET", url: "/" }), /headers/],
    ]) {
      const error = await failure(call, String(message));
      same(error.code, "invalid_argument");
      matches(error.message, message);
      ok(!error.message.includes("evil"), "the message does not quote the value");
    }
  });

  test("reads requests of Fetch, Node and Express", async (t) => {
    const [client, query] = [t.consumer(), "?stytch_token_type=nothing&token=a"];
    for (const request of [
      new Request(`${ORIGIN}/callback${query}`),
      { method: "GET", url: `/callback${query}`, headers: { host: "app.example" } },
      { method: "GET", url: query, originalUrl: `/callback${query}`, headers: {} },
      { method: "GET", url: `${ORIGIN}/callback${query}`, headers: new Map([["Host", "app.example"]]) },
    ]) {
      same((await client.handleCallback(request)).reason, "unknown_token_type");
    }
  });

  test("refuses hostile queries and cookies without a call", async (t) => {
    const client = t.consumer();
    const long = "x".repeat(200_000);
    const calls = await t.emulator.callsDuring(async () => {
      for (const [query, cookie, reason] of [
        ["stytch_token_type=magic_links&token=a&token=b", "", "duplicate_parameter"],
        ["stytch_token_type=magic_links&t%6Fken=a&token=b", "", "duplicate_parameter"],
        ["stytch_token_type=magic_links&token=%F0%28", "", "malformed_token"],
        [`stytch_token_type=magic_links&token=${long}`, "", "malformed_token"],
        ["stytch_token_type=__proto__&token=a", "", "unknown_token_type"],
        ["stytch_token_type=impersonation&token=a", "", "impersonation_not_allowed"],
        ["stytch_token_type=magic_links&token=a", `__Host-stytch_flow_magic_link=${long}`, "flow_not_started_here"],
        ["stytch_token_type=magic_links&token=a", `a=${long}`, "flow_not_started_here"],
        ["stytch_token_type=magic_links&token=a", "__Host-stytch_flow_magic_link=9:9:\u{fffd}:", "flow_not_started_here"],
      ]) {
        const request = { method: "GET", url: `/callback?${query}`, headers: { cookie } };
        same((await client.handleCallback(request)).reason, reason, query.slice(0, 60));
      }
    });
    deepSame(calls, []);
  });

  test("logs a user out only by a form of the same origin", async (t) => {
    const [client, browser] = [t.consumer(), new Browser()];
    await browser.open(client, await browser.start(t, client));
    const session_token = /stytch_session=([^;]+)/.exec(browser.get("/").headers.cookie)[1];
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }, {}]) {
      const refused = await client.logOut(browser.get("/log-out", { method: "POST", ...headers }));
      deepSame([refused.status, refused.reason, refused.revoked, refused.headers.getSetCookie()], ["refused", "cross_origin", false, []]);
      same(t.stytch.loginResponse(refused).status, 403);
    }
    const got = t.stytch.loginResponse(await client.logOut(browser.get("/log-out")));
    deepSame([got.status, got.headers.get("allow")], [405, "POST"]);
    await browser.start(t, client);
    const out = await client.logOut(browser.get("/log-out", { method: "POST", origin: ORIGIN }), { return_to: "/goodbye" });
    browser.keep(out);
    deepSame([out.status, out.revoked, out.location, browser.names], ["logged_out", true, "/goodbye", []]);
    same((await failure(() => client.sessions.authenticate({ session_token }))).error_type, "session_not_found");
  });

  test("logs out during an outage, and says that the session was not revoked", async (t) => {
    const [client, { session_token }] = [t.consumer({ retries: 0 }), await t.logIn()];
    const request = { method: "POST", url: "/log-out", headers: { "sec-fetch-site": "same-origin", cookie: `stytch_session=${session_token}` } };
    await t.emulator.withFault({ path_prefix: "/v1/sessions/revoke", kind: "status", status: 500 }, async () => {
      const out = await client.logOut(request);
      deepSame([out.status, out.revoked, out.headers.getSetCookie().length], ["logged_out", false, 2]);
    });
  });

  test("events and results' locations contain neither tokens nor verifiers", async (t) => {
    const events = [];
    const hook = (event) => events.push(event);
    const [client, browser] = [t.consumer({ on_event: hook, on_request: hook, on_response: hook, on_verdict: hook }), new Browser()];
    const path = await browser.start(t, client);
    const verifier = browser.get("/").headers.cookie.split(":")[2];
    const token = new URLSearchParams(path.split("?")[1]).get("token");
    const result = await browser.open(client, path);
    const seen = JSON.stringify([events, result.location]);
    same(result.status, "logged_in");
    ok(events.length > 1 && !seen.includes(token) && !seen.includes(verifier), "no secret is seen");
  });
};
