// Services that accept access tokens: `idp.authenticateRequest`, `m2m.authenticateRequest`,
// and the metadata of a protected resource (RFC 9728), which names the authorization servers.

import { deepSame, failure, hiding, ok, same } from "./assert.js";

const SERVICE = "https://mcp.example.com/mcp";
const METADATA = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

const bearer = (token) => new Request(SERVICE, { headers: { Authorization: `Bearer ${token}` } });

/** A Connected App's token from the emulator, for the project and these audiences. */
const appToken = (t, scope, audiences = [], product = "consumer", claims = {}) =>
  t.emulator.token({
    product,
    kind: "connected_app",
    claims: { client_id: "connected-app-test-1", scope, aud: [t.emulator[product].project_id, ...audiences], ...claims },
  });

const challengeOf = ({ headers }) => headers.get("WWW-Authenticate");

/** A `fetch` that answers requests whose path ends with `end`, and forwards all others. */
const answering = (end, status, body) => async (url, init) => {
  if (!new URL(url).pathname.endsWith(end)) return fetch(url, init);
  if (status === 0) throw new TypeError("no network");
  return new Response(JSON.stringify({ status_code: status, ...body }), { status });
};

/** Statuses (0: no response) and the reason of the verdict `unavailable`, by the purpose of the request. */
const OUTAGES = [408, 425, 500, 502, 503, 504, 0];
const REFUSALS = [400, 401, 403, 404];
const OUTCOMES = {
  policy: [[429, "rate_limited"], ...REFUSALS.map((status) => [status, "misconfigured"]), ...OUTAGES.map((status) => [status, "policy_unavailable"])],
  introspection: [[429, "rate_limited"], ...[401, 403, 404].map((status) => [status, "misconfigured"]), ...OUTAGES.map((status) => [status, "api_unavailable"])],
  session: [[429, "rate_limited"], ...REFUSALS.map((status) => [status, "misconfigured"]), ...OUTAGES.map((status) => [status, "api_unavailable"])],
};

export default (test) => {
  test("reports unavailable if the response to an introspection is malformed", async (t) => {
    const access_token = await appToken(t, "openid");
    const active = '{"active":true,"client_id":"connected-app-test-1","scope":"openid"';
    for (const body of ["<html>maintenance</html>", "", "[]", "null", "\ud800", `${active},"active":false}`, `${active},"scope":"admin"}`, `${active}}x`]) {
      const introspected = (url) => new URL(url).pathname.endsWith("/oauth2/introspect");
      const answer = async (url, init) => (introspected(url) ? new Response(body) : fetch(url, init));
      const { idp } = t.consumer({ ...t.fresh(), fetch: answer });
      const { headers, ...verdict } = await idp.authenticateRequest(bearer(access_token), { introspect: "always" });
      deepSame(verdict, { status: "unavailable", http_status: 503, reason: "api_unavailable" }, body);
      same(challengeOf({ headers }), null, body);
      const error = await failure(() => idp.introspectTokenNetwork({ token: access_token, client_id: "connected-app-test-1" }));
      deepSame([error.name, error.reason], ["RequestError", "api_unavailable"], body);
    }
  });

  test("authenticates a Connected App whose token has the audience and the scopes", async (t) => {
    const access_token = await appToken(t, "openid read:notes", [SERVICE]);
    const { idp } = t.consumer(t.fresh());
    const options = { audience: SERVICE, required_scopes: ["read:notes"] };
    const verdict = await idp.authenticateRequest(bearer(access_token), options);
    const { headers, token, ...rest } = verdict;
    deepSame(rest, { status: "authenticated", access_token, via: "local" });
    deepSame(token, await idp.introspectTokenLocal(access_token));
    same([...headers].length, 0);
    same((await idp.authenticateRequest(bearer(access_token), options)).via, "cache");
    const others = ["https://another.example.com", SERVICE];
    same((await idp.authenticateRequest(bearer(access_token), { audience: others })).status, "authenticated");
    for (const scheme of ["bearer", "BEARER  "]) {
      const request = new Request(SERVICE, { headers: { Authorization: `${scheme} ${access_token}` } });
      same((await idp.authenticateRequest(request, options)).status, "authenticated");
    }
  });

  test("sends a challenge without an error code if the request has no token", async (t) => {
    const { idp, m2m } = t.consumer();
    const access_token = await appToken(t, "openid");
    const calls = await t.emulator.callsDuring(async () => {
      for (const request of [
        new Request(SERVICE),
        new Request(SERVICE, { headers: { Authorization: "Basic YTpi" } }),
        new Request(SERVICE, { headers: { Authorization: "Bearer" } }),
        new Request(`${SERVICE}?access_token=${access_token}`),
        { headers: new Headers() },
      ]) {
        for (const resource of [idp, m2m]) {
          const options = { realm: "notes", resource_metadata_url: METADATA, required_scopes: ["read:notes", "openid"] };
          const { headers, ...verdict } = await resource.authenticateRequest(request, options);
          deepSame(verdict, { status: "unauthenticated", http_status: 401, reason: "no_credentials" });
          same(
            headers.get("WWW-Authenticate"),
            `Bearer realm="notes", resource_metadata="${METADATA}", scope="read:notes openid"`,
          );
          // RFC 6750, section 3: a challenge has at least one parameter.
          same(challengeOf(await resource.authenticateRequest(request)), 'Bearer realm="api"');
        }
      }
    });
    deepSame(calls, []);
  });

  test("refuses an invalid token with a challenge that contains no part of the token", async (t) => {
    const { idp } = t.consumer();
    const good = await appToken(t, "openid", [SERVICE]);
    const tokens = {
      expired: await appToken(t, "openid", [SERVICE], "consumer", { exp: 1 }),
      wrong_audience: await appToken(t, "openid", ["https://another.example.com"]),
      bad_signature: `${good.slice(0, -8)}AAAAAAAA`,
      malformed: 'junk", error="none',
      wrong_token_kind: await t.emulator.token(),
    };
    for (const [reason, token] of Object.entries(tokens)) {
      const options = { audience: SERVICE, realm: 'the "notes" \\', required_scopes: ["openid"] };
      const { headers, ...verdict } = await idp.authenticateRequest(bearer(token), options);
      deepSame(verdict, { status: "unauthenticated", http_status: 401, reason });
      same(headers.get("WWW-Authenticate"), 'Bearer realm="the \\"notes\\" \\\\", error="invalid_token", scope="openid"');
    }
    for (const [junk, expected] of [["", "no_credentials"], ["a, Bearer b", "malformed"], ["x".repeat(20_000), "too_long"]]) {
      same((await idp.authenticateRequest(bearer(junk))).reason, expected);
    }
    // A token whose only audience is the project is not valid for another audience.
    const broad = await appToken(t, "openid");
    same((await idp.authenticateRequest(bearer(broad))).status, "authenticated");
    same((await idp.authenticateRequest(bearer(broad), { audience: SERVICE })).reason, "wrong_audience");
  });

  test("names the required scopes if one is missing", async (t) => {
    const token = await appToken(t, "openid read:notes");
    const options = { required_scopes: ["read:notes", "write:notes"], resource_metadata_url: METADATA };
    const { headers, ...verdict } = await t.consumer().idp.authenticateRequest(bearer(token), options);
    deepSame(verdict, { status: "forbidden", http_status: 403, reason: "missing_scopes" });
    same(
      headers.get("WWW-Authenticate"),
      `Bearer resource_metadata="${METADATA}", error="insufficient_scope", scope="read:notes write:notes"`,
    );
  });

  test("decides an app's actions by its scopes and the policy, after the check of the organization", async (t) => {
    const permissions = [{ resource_id: "notes", actions: ["read"] }];
    const scopes = [{ scope: "read:notes", description: "", permissions }];
    const policies = answering("/rbac/policy", 200, { policy: { roles: [], resources: [], scopes } });
    const organization = { organization_id: "organization-test-1", slug: "acme" };
    const claims = { "https://stytch.com/organization": organization };
    for (const [product, organization_id] of [["consumer"], ["b2b", "organization-test-1"]]) {
      const { idp } = t[product]({ fetch: policies });
      const token = await appToken(t, "read:notes", [], product, product === "b2b" ? claims : {});
      const ask = (action, where = organization_id) =>
        idp.authenticateRequest(bearer(token), {
          authorization_check: { resource_id: "notes", action, organization_id: where },
        });
      same((await ask("read")).status, "authenticated");
      const refused = await ask("write");
      deepSame([refused.status, refused.reason], ["forbidden", "invalid_permissions"]);
      same(challengeOf(refused), 'Bearer error="insufficient_scope"');
      if (product === "consumer") continue;
      const elsewhere = await ask("read", "organization-test-2");
      deepSame([elsewhere.http_status, elsewhere.reason], [403, "tenancy_mismatch"]);
      // No scope allows an action in another organization.
      same(challengeOf(elsewhere), null);
    }
  });

  test("reports unavailable during outages, without a challenge", async (t) => {
    const token = await appToken(t, "openid");
    const authorization_check = { resource_id: "notes", action: "read" };
    const ask = async (fetch, options) => {
      const { idp } = t.consumer({ ...t.fresh(), fetch });
      const { headers, ...verdict } = await idp.authenticateRequest(bearer(token), options);
      same(headers.get("WWW-Authenticate"), null);
      deepSame([verdict.status, verdict.http_status], ["unavailable", 503]);
      return verdict.reason;
    };
    const keys = new URL(t.emulator.keySetPath("consumer"), SERVICE).pathname;
    same(await ask(answering(keys, 503)), "keys_unavailable");
    for (const [status, reason] of OUTCOMES.policy) {
      same(await ask(answering("/rbac/policy", status), { authorization_check }), reason, `policy ${status}`);
    }
    for (const [status, reason] of OUTCOMES.introspection) {
      same(await ask(answering("/introspect", status), { introspect: "always" }), reason, `introspection ${status}`);
    }
  });

  // A status has the same meaning for a session and for an access token.
  test("reports a policy that cannot be loaded as unavailable for sessions too", async (t) => {
    for (const [product, logIn] of [["consumer", () => t.logIn()], ["b2b", () => t.logInMember()]]) {
      const { session_jwt, organization_id } = await logIn();
      const authorization_check = { resource_id: "notes", action: "read", organization_id };
      for (const [status, reason] of OUTCOMES.policy) {
        const client = t[product]({ ...t.fresh(), fetch: answering("/rbac/policy", status) });
        const verdict = await client.authenticateRequest(bearer(session_jwt), { authorization_check });
        deepSame([verdict.status, verdict.reason], ["unavailable", reason], `${product}, policy ${status}`);
      }
    }
  });

  test("reports unavailable with the right reason if a session cannot be refreshed", async (t) => {
    const { session_token } = await t.logIn();
    for (const [status, reason] of OUTCOMES.session) {
      const client = t.consumer({ ...t.fresh(), fetch: answering("/sessions/authenticate", status) });
      const verdict = await client.authenticateRequest({ headers: { cookie: `stytch_session=${session_token}` } });
      deepSame([verdict.status, verdict.reason, verdict.headers.has("set-cookie")], ["unavailable", reason, false], `session ${status}`);
    }
  });

  test("reports unavailable for an unknown kid until the key set was fetched again", async (t) => {
    const tokens = { idp: await appToken(t, "openid"), m2m: await t.emulator.token({ kind: "m2m", claims: { scope: "openid" } }) };
    for (const [name, token] of Object.entries(tokens)) {
      const [, ...rest] = token.split(".");
      const header = btoa(JSON.stringify({ alg: "RS256", typ: "JWT", kid: "jwk-test-newer" })).replaceAll("=", "");
      const client = t.consumer(t.fresh());
      await client.loadKeys();
      const verdictAfter = async (seconds) => {
        const { headers, ...verdict } = await t.later(seconds, () => client[name].authenticateRequest(bearer([header, ...rest].join("."))));
        return [...Object.values(verdict), headers.get("WWW-Authenticate")];
      };
      deepSame(await verdictAfter(1), ["unavailable", 503, "keys_unavailable", null]);
      deepSame(await verdictAfter(31), ["unauthenticated", 401, "unknown_key", 'Bearer error="invalid_token"']);
    }
  });

  test("introspects locally valid tokens if introspect is always", async (t) => {
    const token = await appToken(t, "openid", [SERVICE]);
    const { idp } = t.consumer();
    const options = { introspect: "always", audience: SERVICE, required_scopes: ["openid"] };
    const calls = await t.emulator.callsDuring(async () => {
      const verdict = await idp.authenticateRequest(bearer(token), options);
      deepSame([verdict.status, verdict.via, verdict.token.subject], ["authenticated", "remote", (await idp.introspectTokenLocal(token)).subject]);
    });
    deepSame(calls.filter((call) => call.includes("introspect")).length, 1);
    const silent = await t.emulator.callsDuring(async () => {
      const junk = await appToken(t, "openid", ["https://another.example.com"]);
      same((await idp.authenticateRequest(bearer(junk), options)).reason, "wrong_audience");
      same((await idp.authenticateRequest(bearer("junk"), options)).reason, "malformed");
    });
    deepSame(silent, []);
    for (const [status, body] of [[200, { active: false }], [400, { error: "invalid_request" }]]) {
      const asked = t.consumer({ fetch: answering("/introspect", status, body) });
      const revoked = await asked.idp.authenticateRequest(bearer(token), options);
      deepSame([revoked.status, revoked.reason], ["unauthenticated", "not_active"]);
      same(challengeOf(revoked), 'Bearer error="invalid_token", scope="openid"');
    }
    // The response of the API is validated like the claims of a token.
    const { project_id } = t.config();
    const claims = { active: true, sub: "user-test-1", client_id: "c", aud: [project_id, SERVICE] };
    for (const [scope, aud, reason] of [["openid", project_id, "wrong_audience"], ["email", claims.aud, "missing_scopes"]]) {
      const asked = t.consumer({ fetch: answering("/introspect", 200, { ...claims, scope, aud }) });
      same((await asked.idp.authenticateRequest(bearer(token), options)).reason, reason);
    }
  });

  test("authenticates an M2M client by its scopes and audience", async (t) => {
    for (const product of ["consumer", "b2b"]) {
      const { m2m } = t[product]();
      const { project_id } = t.emulator[product];
      const claims = { sub: "m2m-client-test-1", scope: "read:notes write:*", aud: [project_id, SERVICE] };
      const token = await t.emulator.token({ product, kind: "m2m", claims });
      const ask = (options) => m2m.authenticateRequest(bearer(token), options);
      const verdict = await ask({ required_scopes: ["read:notes", "write:a:b"], audience: SERVICE });
      deepSame(verdict.token, { client_id: "m2m-client-test-1", scopes: ["read:notes", "write:*"], custom_claims: {} });
      same(verdict.access_token, token);
      same((await ask({ required_scopes: ["read:notes:a"] })).reason, "missing_scopes");
      same((await ask({ audience: "https://another.example.com" })).reason, "wrong_audience");
      same((await ask({ max_token_age_seconds: 0 })).reason, "too_old");
    }
  });

  test("throws for invalid options and invalid requests", async (t) => {
    const { idp, m2m } = t.consumer();
    const request = bearer(await appToken(t, "openid"));
    for (const options of [
      { audience: "" },
      { audience: [] },
      { audience: [1] },
      { audience: null },
      { required_scopes: "openid" },
      { required_scopes: ["open id"] },
      { required_scopes: ['open"id'] },
      { required_scopes: [""] },
      { required_scopes: [1] },
      { realm: "a\nb" },
      { realm: "" },
      { realm: 1 },
      { resource_metadata_url: "http://mcp.example.com/" },
      { resource_metadata_url: "/.well-known/oauth-protected-resource" },
      { resource_metadata_url: "javascript:alert(1)" },
      { clock_tolerance_seconds: "1" },
      { introspect: "sometimes" },
      { authorization_check: {} },
      { authorization_check: false },
    ]) {
      for (const resource of [idp, m2m]) {
        if (resource === m2m && "clock_tolerance_seconds" in options) continue;
        const error = await failure(() => resource.authenticateRequest(request, options), JSON.stringify(options));
        same(error.code, "invalid_argument", JSON.stringify(options));
      }
    }
    const found = new Set();
    for (const hidden of hiding({ required_scopes: ["admin"] })) {
      const verdict = await idp.authenticateRequest(request, hidden).catch((error) => error);
      found.add(verdict.reason ?? verdict.code);
    }
    deepSame([...found].sort(), ["invalid_argument", "missing_scopes"]);
    for (const nothing of [undefined, null, "Bearer a", {}, { headers: null }, { headers: "Authorization: Bearer a" }]) {
      same((await failure(() => idp.authenticateRequest(nothing))).code, "invalid_argument");
    }
  });

  test("returns the metadata of a protected resource", async (t) => {
    const { idp } = t.consumer();
    const more = { resource_name: "Notes", resource_documentation: "https://mcp.example.com/help" };
    const authorization_servers = ["https://project.customers.stytch.dev"];
    deepSame(idp.protectedResourceMetadata({ resource: SERVICE, scopes_supported: ["read:notes"], ...more, authorization_servers }), {
      ...more,
      resource: SERVICE,
      authorization_servers,
      bearer_methods_supported: ["header"],
      scopes_supported: ["read:notes"],
    });
    for (const product of ["consumer", "b2b"]) {
      const { idp } = t[product]({ custom_base_url: "https://login.example.com/" });
      const { authorization_servers: servers } = idp.protectedResourceMetadata({ resource: "http://127.0.0.1:8787/mcp" });
      deepSame(servers, ["https://login.example.com"]);
    }
  });

  test("refuses metadata that clients could not trust", async (t) => {
    const idp = t.consumer({ custom_base_url: "https://login.example.com" }).idp;
    const describe = (idp, options) => failure(async () => idp.protectedResourceMetadata(options), JSON.stringify(options));
    for (const resource of [undefined, "", 1, "/mcp", "http://mcp.example.com", `${SERVICE}#a`, `${SERVICE}#`, "ftp://a.example"]) {
      same((await describe(idp, { resource })).code, "invalid_argument", String(resource));
    }
    for (const more of [
      { authorization_servers: [] },
      { authorization_servers: "https://a.example" },
      { authorization_servers: ["http://a.example"] },
      { authorization_servers: ["https://test.stytch.com"] },
      { scopes_supported: "openid" },
      { scopes_supported: ["a b"] },
    ]) {
      same((await describe(idp, { resource: SERVICE, ...more })).code, "invalid_argument", JSON.stringify(more));
    }
    // All projects share the default host, so it does not identify an authorization server.
    const { idp: shared } = new t.stytch.Client(t.emulator.consumer);
    same((await describe(shared, { resource: SERVICE })).code, "invalid_argument");
  });
};
