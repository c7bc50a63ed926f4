// Access tokens of M2M clients (`m2m`) and of Connected Apps (`idp`).

import { deepSame, failure, ok, same } from "./assert.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";

/** Claims that turn the emulator's session JWT into the token of an M2M client or of a Connected App. */
const machineClaims = (scope) => ({ sub: "m2m-client-test-1", scope, plan: "gold", [SESSION]: null, [ORGANIZATION]: null });
const appClaims = (scope) => ({ sub: "user-test-1", client_id: "connected-app-test-1", scope, plan: "gold", [SESSION]: null });

/** A `fetch` that answers one OAuth2 route and records the forms it receives. */
function answeringForms(route, answer, status = 200) {
  const forms = [];
  const answerForms = async (url, init) => {
    if (!new URL(url).pathname.endsWith(route)) return fetch(url, init);
    forms.push({ form: Object.fromEntries(new URLSearchParams(init.body)), headers: init.headers, url });
    return new Response(JSON.stringify(answer), { status });
  };
  return { fetch: answerForms, forms };
}

export default (test) => {
  for (const product of ["consumer", "b2b"]) {
    test(`exchanges an M2M client's credentials of a ${product} project for a token`, async (t) => {
      const answer = { access_token: "t", token_type: "bearer", expires_in: 3600, status_code: 200, request_id: "r" };
      const { fetch, forms } = answeringForms("/oauth2/token", answer);
      const client_secret = "a secret & more";
      const { m2m } = t[product]({ fetch });
      deepSame(await m2m.token({ client_id: "c", client_secret, scopes: ["read:a", "write:b"] }), answer);
      await m2m.token({ client_id: "c", client_secret, scopes: [] });
      const { project_id } = t.config(product);
      deepSame(
        forms.map(({ form }) => form),
        [
          { client_id: "c", client_secret, grant_type: "client_credentials", scope: "read:a write:b" },
          { client_id: "c", client_secret, grant_type: "client_credentials" },
        ],
      );
      same(new URL(forms[0].url).pathname, `/v1/public/${project_id}/oauth2/token`);
      same("Authorization" in forms[0].headers, false, "an Authorization header was sent");
    });
  }

  test("verifies an M2M token and returns its scopes", async (t) => {
    const access_token = await t.emulator.token({ claims: machineClaims("read:users write:*") });
    const { m2m } = t.consumer();
    const expected = {
      client_id: "m2m-client-test-1",
      scopes: ["read:users", "write:*"],
      custom_claims: { plan: "gold" },
    };
    deepSame(await m2m.authenticateToken({ access_token }), expected);
    deepSame(await m2m.authenticateToken({ access_token, required_scopes: [] }), expected);
    const required_scopes = ["read:users", "write:books:old"];
    deepSame(await m2m.authenticateToken({ access_token, required_scopes }), expected);
    const calls = await t.emulator.callsDuring(() => m2m.authenticateToken({ access_token }));
    deepSame(calls, []);
  });

  test("names the missing scopes", async (t) => {
    const access_token = await t.emulator.token({ claims: machineClaims("read:users") });
    const required_scopes = ["read:users", "delete:users"];
    const error = await failure(() => t.consumer().m2m.authenticateToken({ access_token, required_scopes }));
    ok(error instanceof t.stytch.ClientError, "it is a ClientError");
    deepSame([error.code, error.reason, error.cause], ["missing_scopes", "missing_scopes", required_scopes]);
    same(error.message, "missing_scopes: Missing at least one required scope: read:users,delete:users");
  });

  test("lets the caller's function decide about the scopes", async (t) => {
    const access_token = await t.emulator.token({ claims: machineClaims("read:users") });
    const { m2m } = t.consumer();
    const asked = [];
    const decider = (verdict) => (question) => {
      asked.push(question);
      return verdict;
    };
    const required_scopes = ["admin"];
    same((await m2m.authenticateToken({ access_token, required_scopes }, decider(true))).client_id, "m2m-client-test-1");
    const error = await failure(() => m2m.authenticateToken({ access_token, required_scopes }, decider(false)));
    same(error.code, "missing_scopes");
    deepSame(asked[0], { hasScopes: ["read:users"], requiredScopes: ["admin"] });
    await m2m.authenticateToken({ access_token }, decider(false));
    same(asked.length, 2);
    // A promise does not count as `true`; its value counts.
    const later = (verdict) => async () => verdict;
    const no = await failure(() => m2m.authenticateToken({ access_token, required_scopes }, later(false)));
    same(no.code, "missing_scopes");
    await m2m.authenticateToken({ access_token, required_scopes }, later(true));
  });

  test("refuses required_scopes that are not a list of strings", async (t) => {
    const access_token = await t.emulator.token({ claims: machineClaims("r e a d") });
    for (const required_scopes of ["read", { length: 1 }, [1], [null], [["read"]]]) {
      const error = await failure(() => t.consumer().m2m.authenticateToken({ access_token, required_scopes }));
      same(error.code, "invalid_argument");
    }
  });

  test("verifies a Connected App's token by its signature", async (t) => {
    const token = await t.emulator.token({ claims: appClaims("openid email") });
    const { custom_claims, organization, ...rest } = await t.consumer().idp.introspectTokenLocal(token);
    same(organization, undefined);
    deepSame(custom_claims, { client_id: "connected-app-test-1", plan: "gold" });
    const { subject, scope, token_type, audience, issuer } = rest;
    const { project_id } = t.config();
    deepSame(
      { subject, scope, token_type, audience, issuer },
      {
        subject: "user-test-1",
        scope: "openid email",
        token_type: "access_token",
        audience: [project_id],
        issuer: `stytch.com/${project_id}`,
      },
    );
    ok(Number.isInteger(rest.expires_at) && Number.isInteger(rest.issued_at), "the dates are numbers");
    const current_date = new Date(Date.now() + 400_000);
    const late = await failure(() => t.consumer().idp.introspectTokenLocal(token, { current_date }));
    deepSame([late.code, late.reason], ["jwt_invalid", "expired"]);
  });

  test("returns the organization of a member's Connected App", async (t) => {
    const claims = { ...appClaims("openid"), [ORGANIZATION]: { organization_id: "organization-test-1", slug: "acme" } };
    const token = await t.emulator.token({ product: "b2b", claims });
    const { organization } = await t.b2b().idp.introspectTokenLocal(token);
    deepSame(organization, { organization_id: "organization-test-1", slug: "acme" });
  });

  test("asks the API about a Connected App's token", async (t) => {
    const answer = {
      ...appClaims("openid"),
      [SESSION]: undefined,
      active: true,
      token_type: "access_token",
      aud: ["p"],
      exp: 2,
      iat: 1,
      nbf: 1,
      iss: "i",
      status_code: 200,
      request_id: "r",
    };
    const { fetch, forms } = answeringForms("/oauth2/introspect", answer);
    const question = { token: "a.b.c", client_id: "c", client_secret: "", token_type_hint: "access_token" };
    deepSame(await t.consumer({ fetch }).idp.introspectTokenNetwork(question), {
      subject: "user-test-1",
      scope: "openid",
      audience: ["p"],
      expires_at: 2,
      issued_at: 1,
      issuer: "i",
      not_before: 1,
      token_type: "access_token",
      custom_claims: { plan: "gold" },
    });
    deepSame(forms[0].form, { token: "a.b.c", client_id: "c", token_type_hint: "access_token" });
    // The length limit applies to tokens, and not to the API's responses.
    const long = answeringForms("/oauth2/introspect", { ...answer, plan: "y".repeat(100_000) });
    const claims = await t.consumer({ fetch: long.fetch }).idp.introspectTokenNetwork(question);
    same(claims.custom_claims.plan.length, 100_000);
  });

  test("reports the API's refusal of a token as token_invalid, and other errors as they are", async (t) => {
    const ask = (answer, status) => {
      const { fetch } = answeringForms("/oauth2/introspect", answer, status);
      return failure(() => t.consumer({ fetch }).idp.introspectTokenNetwork({ token: "t", client_id: "c" }));
    };
    const inactive = await ask({ active: false, status_code: 200 });
    deepSame([inactive.code, inactive.reason], ["token_invalid", "not_active"]);
    const refused = await ask({ error: "invalid_request", status_code: 400 }, 400);
    same(refused.code, "token_invalid");
    same(refused.cause.error_type, "invalid_request");
    for (const status of [401, 403, 404, 408, 425, 429, 500, 503]) {
      ok((await ask({ error: "about the client, or an outage" }, status)) instanceof t.stytch.StytchError, `${status} causes a StytchError`);
    }
    const silent = async () => Promise.reject(new TypeError("no network"));
    const error = await failure(() =>
      t.consumer({ fetch: silent }).idp.introspectTokenNetwork({ token: "t", client_id: "c" }),
    );
    ok(error instanceof t.stytch.RequestError, "it is a RequestError");
  });

  test("iterates over every page of a search", async (t) => {
    const queries = [];
    const pages = { undefined: ["u1", "u2"], c1: ["u3"], c2: [] };
    const next = { undefined: "c1", c1: "c2", c2: null };
    const fetch = async (_, init) => {
      const query = JSON.parse(init.body);
      queries.push(query);
      const results = pages[query.cursor].map((user_id) => ({ user_id }));
      return new Response(JSON.stringify({ results, results_metadata: { next_cursor: next[query.cursor] } }));
    };
    const search = t.consumer({ fetch }).users.searchAll({ limit: 2 });
    same(search.hasNext(), true);
    same((await search.next()).length, 2);
    const found = [];
    for await (const users of search) found.push(users.length);
    deepSame(found, [1, 0]);
    same(search.hasNext(), false);
    deepSame(queries, [{ limit: 2 }, { limit: 2, cursor: "c1" }, { limit: 2, cursor: "c2" }]);
  });

  test("creates an M2M client, fetches a token for it and verifies the token", async (t) => {
    const { m2m } = t.consumer();
    const { m2m_client } = await m2m.clients.create({ client_name: "reports", scopes: ["read:users", "write:users"] });
    const { client_id, client_secret } = m2m_client;
    const { access_token, expires_in } = await m2m.token({ client_id, client_secret, scopes: ["read:users"] });
    same(expires_in, 3600);
    const required_scopes = ["read:users"];
    deepSame(await m2m.authenticateToken({ access_token, required_scopes }), {
      client_id,
      scopes: ["read:users"],
      custom_claims: {},
    });
    const error = await failure(() => m2m.authenticateToken({ access_token, required_scopes: ["write:users"] }));
    same(error.code, "missing_scopes");
    const refused = await failure(() => m2m.token({ client_id, client_secret: "another secret" }));
    ok(refused instanceof t.stytch.StytchError, "it is a StytchError");
    same(refused.error_type, "invalid_client");
    await m2m.clients.delete({ client_id });
  });

  test("returns the same about a Connected App's token as the API", async (t) => {
    const claims = appClaims("openid email");
    const token = await t.emulator.token({ claims });
    const { idp } = t.consumer();
    const local = await idp.introspectTokenLocal(token);
    const { custom_claims, ...asked } = await idp.introspectTokenNetwork({ token, client_id: claims.client_id });
    deepSame({ ...asked, custom_claims: { ...custom_claims, client_id: claims.client_id } }, local);
    const calls = await t.emulator.callsDuring(() => idp.introspectTokenNetwork({ token, client_id: claims.client_id }));
    deepSame(calls, [`POST /v1/public/${t.config().project_id}/oauth2/introspect 200 none`]);
  });
};
