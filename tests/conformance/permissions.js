// `authorization_check` with a session JWT: local decisions by the policies of the project
// and of the organization.

import { deepSame, failure, ok, same } from "./assert.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";

const may = (action, organization_id) => ({ resource_id: "documents", action, organization_id });
const role = (role_id, actions) => ({
  role_id,
  description: "",
  permissions: [{ resource_id: "documents", actions }],
});

/** The API's responses to requests for policies, by path. */
const POLICIES = {
  "/v1/rbac/policy": { policy: { roles: [role("editor", ["write"]), role("owner", ["*"])], resources: [], scopes: [] } },
  "/v1/b2b/rbac/policy": { policy: { roles: [role("editor", ["write"])], resources: [], scopes: [] } },
  "/v1/b2b/rbac/organizations/organization-test-1": { org_policy: { roles: [role("auditor", ["read"])] } },
};

/** A `fetch` that answers requests for policies, records their paths, and forwards all other requests. */
function withPolicies(answers = POLICIES, status = 200) {
  const asked = [];
  const ask = async (url, init) => {
    const { pathname } = new URL(url);
    if (!pathname.includes("/rbac/")) return fetch(url, init);
    asked.push(`${init.method} ${pathname} ${init.headers.Authorization.split(" ")[0]}`);
    const body = { status_code: status, request_id: "request-id-test-1", ...answers[pathname] };
    return new Response(JSON.stringify(body), { status });
  };
  return { fetch: ask, asked };
}

const userToken = (t, roles) => t.emulator.token({ claims: { [SESSION]: { id: "session-test-1", roles } } });
const memberToken = (t, roles) =>
  t.emulator.token({
    product: "b2b",
    claims: {
      [SESSION]: { id: "session-test-1", roles },
      [ORGANIZATION]: { organization_id: "organization-test-1", slug: "acme" },
    },
  });

export default (test) => {
  test("reports via: cache only if nothing was fetched for the verdict", async (t) => {
    const { fetch } = withPolicies();
    const config = { ...t.fresh(), fetch };
    const request = { headers: { authorization: `Bearer ${await userToken(t, ["editor"])}` } };
    const options = { authorization_check: may("write") };
    same((await t.consumer(config).authenticateRequest(request, options)).via, "local");
    same((await t.consumer(config).authenticateRequest(request, options)).via, "cache");
  });

  test("allows a user the actions of a role, with one request for the policy", async (t) => {
    const { fetch, asked } = withPolicies();
    const { sessions } = t.consumer({ fetch });
    const session_jwt = await userToken(t, ["stytch_user", "editor"]);
    const check = (action) => sessions.authenticateJwtLocal({ session_jwt, authorization_check: may(action) });
    same((await check("write")).session_id, "session-test-1");
    const refused = await failure(() => check("delete"));
    ok(refused instanceof t.stytch.ClientError, "the error is a ClientError");
    deepSame([refused.code, refused.reason], ["invalid_permissions", "invalid_permissions"]);
    deepSame(asked, ["GET /v1/rbac/policy Basic"]);
  });

  test("allows a member the actions of the project's and the organization's roles", async (t) => {
    const { fetch, asked } = withPolicies();
    const { sessions } = t.b2b({ fetch });
    const check = async (role, action) => {
      const session_jwt = await memberToken(t, [role]);
      return sessions.authenticateJwtLocal({ session_jwt, authorization_check: may(action, "organization-test-1") });
    };
    same((await check("auditor", "read")).member_session_id, "session-test-1");
    same((await check("editor", "write")).member_session_id, "session-test-1");
    same((await failure(() => check("auditor", "write"))).code, "invalid_permissions");
    deepSame(asked.sort(), [
      "GET /v1/b2b/rbac/organizations/organization-test-1 Basic",
      "GET /v1/b2b/rbac/policy Basic",
    ]);
  });

  test("refuses a member of another organization without a request for a policy", async (t) => {
    const { fetch, asked } = withPolicies();
    const session_jwt = await memberToken(t, ["editor"]);
    const authorization_check = may("write", "organization-test-2");
    const refused = await failure(() =>
      t.b2b({ fetch }).sessions.authenticateJwtLocal({ session_jwt, authorization_check }),
    );
    deepSame([refused.code, refused.reason, asked], ["tenancy_mismatch", "tenancy_mismatch", []]);
  });

  test("fetches a policy again after five minutes", async (t) => {
    const { fetch, asked } = withPolicies();
    const { sessions } = t.consumer({ fetch });
    const session_jwt = await userToken(t, ["editor"]);
    // `current_date` stays the same, so only the policy ages.
    const check = { session_jwt, authorization_check: may("write"), current_date: new Date() };
    await sessions.authenticateJwtLocal(check);
    await t.later(299, () => sessions.authenticateJwtLocal(check));
    same(asked.length, 1);
    await t.later(301, () => sessions.authenticateJwtLocal(check));
    same(asked.length, 2);
  });

  test("fetches a policy again after policy_ttl_seconds, with one request for concurrent checks", async (t) => {
    const { fetch, asked } = withPolicies();
    const { sessions } = t.consumer({ fetch, policy_ttl_seconds: 10 });
    const session_jwt = await userToken(t, ["editor"]);
    const check = { session_jwt, authorization_check: may("write"), current_date: new Date() };
    await sessions.authenticateJwtLocal(check);
    await t.later(9, () => sessions.authenticateJwtLocal(check));
    same(asked.length, 1);
    await t.later(11, () => Promise.all(Array.from({ length: 20 }, () => sessions.authenticateJwtLocal(check))));
    same(asked.length, 2);
    const always = t.consumer({ fetch, policy_ttl_seconds: 0 }).sessions;
    await t.later(20, () => always.authenticateJwtLocal(check));
    same(asked.length, 3);
  });

  const UNUSABLE = {
    "does not arrive": () => Promise.reject(new TypeError("down")),
    "is an error response": async () => new Response('{"error_type":"internal_server_error"}', { status: 500 }),
    "is rate limited": async () => new Response('{"error_type":"too_many_requests"}', { status: 429 }),
    "is empty": async () => new Response(""),
    "is missing": async () => new Response('{"status_code":200}'),
    "is malformed": async () => new Response('{"policy":{"roles":[{"role_id":7}]}}'),
  };
  for (const [what, down] of Object.entries(UNUSABLE)) {
    test(`decides by the stale policy if the newer one ${what}, for at most keys_max_stale_seconds`, async (t) => {
      const [base, events, calls] = [t.fresh(), [], []];
      const session_jwt = await userToken(t, ["editor"]);
      const current_date = new Date();
      const ask = (config, action) =>
        t.consumer({ ...base, ...config }).sessions.authenticateJwtLocal({
          session_jwt,
          authorization_check: may(action),
          current_date,
        });
      await ask({ fetch: withPolicies().fetch }, "write");
      const fetch = (url, init) => {
        if (!url.includes("/rbac/")) return globalThis.fetch(url, init);
        calls.push(url);
        return down();
      };
      const on_event = ({ type }) => events.push(type);
      await t.later(301, async () => {
        for (let i = 0; i < 10; i += 1) {
          same("session_id" in (await ask({ fetch, on_event, retries: 0 }, "write")), true);
          same((await failure(() => ask({ fetch, on_event, retries: 0 }, "delete"))).code, "invalid_permissions");
        }
        ok(calls.length <= 3, `${calls.length} requests for twenty checks`);
        same(events.length, calls.length);
        same(events[0], "policy_refresh_failed");
        const strict = await failure(() => ask({ fetch, keys_max_stale_seconds: 300 }, "write"));
        ok(["policy_unavailable", "api_unavailable", undefined].includes(strict.reason), "the error does not claim a missing permission");
        same(["jwks_unavailable", undefined].includes(strict.code), true);
      });
    });
  }

  test("keeps the policy requests of clients with different secrets apart", async (t) => {
    const session_jwt = await userToken(t, ["stytch_user"]);
    const [base, check] = [t.fresh(), { session_jwt, authorization_check: may("write") }];
    const wrong = t.consumer({ ...base, secret: "secret-test-wrong" });
    const right = t.consumer(base);
    for (let i = 0; i < 5; i += 1) {
      const [refused, decided] = await Promise.all(
        [wrong, right].map((client) => failure(() => client.sessions.authenticateJwtLocal(check))),
      );
      ok(refused instanceof t.stytch.StytchError || refused.code === "invalid_permissions", `found ${refused}`);
      same(decided.code, "invalid_permissions");
    }
    const alone = t.consumer({ ...t.fresh(), secret: "secret-test-wrong" });
    for (let i = 0; i < 5; i += 1) {
      const refused = await failure(() => alone.sessions.authenticateJwtLocal(check));
      ok(refused instanceof t.stytch.StytchError && refused.status_code < 500, `expected the API's refusal, found ${refused}`);
    }
  });

  test("rejects with the API's refusal or a RequestError if there is no usable policy", async (t) => {
    const authorization_check = may("write");
    const session_jwt = await userToken(t, ["owner"]);
    const check = (answers, status) => {
      const { fetch } = withPolicies(answers, status);
      return failure(() =>
        t.consumer({ ...t.fresh(), fetch }).sessions.authenticateJwtLocal({ session_jwt, authorization_check }),
      );
    };
    const refused = await check({ "/v1/rbac/policy": { error_type: "unauthorized_credentials" } }, 401);
    ok(refused instanceof t.stytch.StytchError, "the error is a StytchError");
    same(refused.error_type, "unauthorized_credentials");
    for (const policy of [undefined, null, [], { roles: "all" }, { roles: [{ role_id: "owner", permissions: "*" }] }]) {
      const unusable = await check({ "/v1/rbac/policy": { policy } });
      ok(unusable instanceof t.stytch.RequestError, "the error is a RequestError");
    }
  });

  test("refuses an incomplete authorization_check", async (t) => {
    const checks = ["write", {}, { action: "write" }, { resource_id: "documents" }, may(["write"]), false, 0];
    const [user, member] = [await userToken(t, ["owner"]), await memberToken(t, ["editor"])];
    for (const authorization_check of checks) {
      for (const method of ["authenticateJwt", "authenticateJwtLocal"]) {
        const refused = await failure(() => t.consumer().sessions[method]({ session_jwt: user, authorization_check }));
        same(refused.code, "invalid_argument", `${method} with ${JSON.stringify(authorization_check)}`);
      }
    }
    // authenticateJwt may ask the API first. JSON omits such values, so the API would check nothing.
    const lost = { session_jwt: user, authorization_check: async () => may("write"), max_token_age_seconds: 0 };
    same((await failure(() => t.consumer().sessions.authenticateJwt(lost))).code, "invalid_argument");
    const nowhere = { session_jwt: member, authorization_check: may("write") };
    same((await failure(() => t.b2b().sessions.authenticateJwtLocal(nowhere))).code, "invalid_argument");
  });

  test("follows the API's decision about permissions if the API is called", async (t) => {
    const { fetch } = withPolicies();
    const authorization_check = may("delete");
    const session_jwt = await userToken(t, ["editor"]);
    const asked = [];
    const keep = async (url, init) => {
      if (new URL(url).pathname !== "/v1/sessions/authenticate") return fetch(url, init);
      asked.push(JSON.parse(init.body));
      return new Response(JSON.stringify({ status_code: 200, verdict: { authorized: true } }));
    };
    const answer = await t.consumer({ fetch: keep }).sessions.authenticateJwt({ session_jwt, authorization_check });
    deepSame(answer.verdict, { authorized: true });
    deepSame(asked, [{ session_jwt, authorization_check: { resource_id: "documents", action: "delete" } }]);
  });

  test("decides about a user and a member like the API", async (t) => {
    const documents = [{ resource_id: "documents", description: "", actions: ["read", "write"] }];
    for (const [product, path] of [["consumer", "/v1/rbac/policy"], ["b2b", "/v1/b2b/rbac/policy"]]) {
      await t.emulator.setPolicy(product, { roles: [role("editor", ["write"])], resources: documents });
      const { token, organization_id } = await editor[product](t);
      const { sessions } = t[product](t.fresh());
      const check = (action) => ({ session_jwt: token, authorization_check: may(action, organization_id) });
      const calls = await t.emulator.callsDuring(async () => {
        await sessions.authenticateJwtLocal(check("write"));
        same((await failure(() => sessions.authenticateJwtLocal(check("read")))).code, "invalid_permissions");
      });
      ok(calls.includes(`GET ${path} 200 basic`), "the policy was fetched from the API");
      const { verdict } = await sessions.authenticate(check("write"));
      same(verdict.authorized, true);
      same((await failure(() => sessions.authenticate(check("read")))).status_code, 403);
      await t.emulator.setPolicy(product, {});
    }
  });
};

/** Logs a new user or member in, and adds the role `editor`. */
const editor = {
  async consumer(t) {
    const { user_id } = await t.logIn();
    await t.consumer().users.update({ user_id, roles: ["editor"] });
    const { emails } = await t.consumer().users.get({ user_id });
    const email = emails[0].email;
    await t.consumer().magicLinks.email.loginOrCreate({ email });
    const login = { token: await t.emulator.tokenFor(email), session_duration_minutes: 60 };
    return { token: (await t.consumer().magicLinks.authenticate(login)).session_jwt };
  },
  async b2b(t) {
    const client = t.b2b();
    const { organization_id } = (await client.organizations.create({ organization_name: "Acme" })).organization;
    const email_address = t.address("editor");
    await client.organizations.members.create({ organization_id, email_address, roles: ["editor"] });
    await client.magicLinks.email.loginOrSignup({ organization_id, email_address });
    const magic_links_token = await t.emulator.tokenFor(email_address);
    return { token: (await client.magicLinks.authenticate({ magic_links_token })).session_jwt, organization_id };
  },
};
