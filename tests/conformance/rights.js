// Synchronous decisions about the actions of a session: `rbac.can` and `rbac.explain`, and
// `loadPolicies`, which fetches the policies for them.

import { deepSame, failure, ok, same } from "./assert.js";

const role = (role_id, actions) => ({ role_id, description: "", permissions: [{ resource_id: "documents", actions }] });
const may = (action, organization_id) => ({ resource_id: "documents", action, organization_id });
const SCOPE = { scope: "write:documents", description: "", permissions: [{ resource_id: "documents", actions: ["write"] }] };
const PROJECT = { roles: [role("editor", ["read", "write"])], resources: [], scopes: [SCOPE] };

/** The API's responses to requests for policies, by path. */
const POLICIES = {
  "/v1/rbac/policy": { policy: PROJECT },
  "/v1/b2b/rbac/policy": { policy: PROJECT },
  "/v1/b2b/rbac/organizations/organization-test-1": { org_policy: { roles: [role("auditor", ["audit"])] } },
};

/** A `fetch` that answers requests for policies and records their paths. */
function withPolicies(answers = POLICIES) {
  const asked = [];
  const ask = async (url) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    return new Response(JSON.stringify({ status_code: 200, ...answers[pathname] }));
  };
  return { fetch: ask, asked };
}

const user = (...roles) => ({ session_id: "session-test-1", user_id: "user-test-1", roles });
const member = (...roles) => ({ member_id: "member-test-1", organization_id: "organization-test-1", roles });
const HERE = "organization-test-1";

export default (test) => {
  test("decides synchronously about a user after the policy is loaded", async (t) => {
    const { fetch, asked } = withPolicies();
    const client = t.consumer({ fetch });
    const early = await failure(() => client.rbac.can(user("editor"), may("write")));
    ok(early instanceof t.stytch.ClientError, "the error is a ClientError");
    deepSame([early.code, early.reason], ["jwks_unavailable", "policy_unavailable"]);
    await client.loadPolicies();
    await client.loadPolicies();
    deepSame(asked, ["/v1/rbac/policy"]);
    same(client.rbac.can(user("editor"), may("write")), true);
    same(client.rbac.can(user("editor"), may("delete")), false);
    same(client.rbac.can({ subject: "user-test-1", scope: "openid write:documents" }, may("write")), true);
    same(client.rbac.can({ subject: "user-test-1", scope: "openid editor" }, may("write")), false);
    // Another client of the project does not send a request either.
    same(t.consumer().rbac.can(user("editor"), may("read")), true);
    const late = await failure(() => t.later(301, () => client.rbac.can(user("editor"), may("write"))));
    same(late.reason, "policy_unavailable");
  });

  test("decides synchronously about a member, by the policies of the project and the organization", async (t) => {
    const { fetch, asked } = withPolicies();
    const client = t.b2b({ fetch });
    await client.loadPolicies();
    deepSame(asked, ["/v1/b2b/rbac/policy"]);
    same(client.rbac.can(member("editor"), may("write", HERE)), true);
    same((await failure(() => client.rbac.can(member("auditor"), may("audit", HERE)))).reason, "policy_unavailable");
    await client.loadPolicies({ organization_id: HERE });
    deepSame(asked.slice(1), ["/v1/b2b/rbac/organizations/organization-test-1"]);
    same(client.rbac.can(member("auditor"), may("audit", HERE)), true);
    same(client.rbac.can(member("auditor"), may("write", HERE)), false);
    const app = { scope: "write:documents", organization: { organization_id: HERE, slug: "acme" } };
    same(client.rbac.can(app, may("write", HERE)), true);
    same(client.rbac.can(app, may("write", "organization-test-2")), false);
  });

  test("explains which role or scope allows an action, or which roles would allow it", async (t) => {
    const client = t.b2b({ fetch: withPolicies().fetch });
    await client.loadPolicies({ organization_id: HERE });
    const explain = (session, action, organization_id = HERE) => client.rbac.explain(session, may(action, organization_id));
    const asked = (action) => ({ resource_id: "documents", action });
    deepSame(explain(member("stytch_member", "editor"), "write"), {
      ...asked("write"),
      allowed: true,
      granted_by: "project",
      role_id: "editor",
      actions: ["read", "write"],
    });
    deepSame(explain(member("auditor"), "audit"), {
      ...asked("audit"),
      allowed: true,
      granted_by: "organization",
      role_id: "auditor",
      actions: ["audit"],
    });
    deepSame(explain({ scope: "a write:documents", organization: { organization_id: HERE } }, "write"), {
      ...asked("write"),
      allowed: true,
      granted_by: "project",
      scope: "write:documents",
      actions: ["write"],
    });
    deepSame(explain(member("editor", "auditr"), "audit"), {
      ...asked("audit"),
      allowed: false,
      reason: "invalid_permissions",
      held: ["editor", "auditr"],
      not_in_policy: ["auditr"],
      would_allow: ["auditor"],
    });
    deepSame(explain(member("editor"), "write", "organization-test-2"), {
      ...asked("write"),
      allowed: false,
      reason: "tenancy_mismatch",
      organization_id: HERE,
      asked_organization_id: "organization-test-2",
    });
  });

  test("refuses an argument that is not a session, or a session of the other product", async (t) => {
    const [client, b2b] = [t.consumer({ fetch: withPolicies().fetch }), t.b2b({ fetch: withPolicies().fetch })];
    await Promise.all([client.loadPolicies(), b2b.loadPolicies({ organization_id: HERE })]);
    const throwing = Object.defineProperty({}, "roles", { get: () => ouch() });
    const circle = { roles: [] };
    circle.roles.push(circle);
    const none = [undefined, null, "editor", 1, [], {}, { session: user("editor") }, { roles: "editor" }, { roles: [1] }];
    none.push(throwing, circle, { roles: [1n] }, { roles: ["editor", undefined] }, { scopes: ["write:documents"] });
    for (const session of [...none, member("editor")]) {
      for (const method of ["can", "explain"]) {
        const error = await failure(() => client.rbac[method](session, may("write")), typeof session);
        ok(error instanceof t.stytch.ClientError, "the error is a ClientError");
        same(error.code, "invalid_argument", String(error));
      }
    }
    for (const session of [...none, user("editor"), { ...member("editor"), organization_id: 1 }]) {
      const error = await failure(() => b2b.rbac.can(session, may("write", HERE)), typeof session);
      same(error.code, "invalid_argument", String(error));
    }
  });

  test("refuses an incomplete authorization check", async (t) => {
    const client = t.consumer({ fetch: withPolicies().fetch });
    await client.loadPolicies();
    for (const check of [undefined, null, {}, "write", { action: "write" }, may(1), may(["write"])]) {
      same((await failure(() => client.rbac.can(user("editor"), check))).code, "invalid_argument");
    }
    same((await failure(() => t.b2b().rbac.can(member("editor"), may("write")))).code, "invalid_argument");
  });

  test("fails if a policy is missing or malformed, and accepts an empty policy", async (t) => {
    const load = (policy) => {
      const fault = { path_prefix: "/v1/rbac/policy", kind: "answer", body: { status_code: 200, policy } };
      return t.emulator.withFault(fault, () => t.consumer(t.fresh()).loadPolicies());
    };
    for (const policy of [undefined, null, [], "all", { roles: "all" }, { roles: [{ role_id: 1 }] }, { scopes: [{}] }]) {
      ok((await failure(() => load(policy))) instanceof t.stytch.RequestError, "the error is a RequestError");
    }
    for (const organization_id of [1, "", null, {}]) {
      same((await failure(() => t.b2b().loadPolicies({ organization_id }))).code, "invalid_argument");
    }
    await load({});
    const client = t.consumer({ fetch: withPolicies({ "/v1/rbac/policy": { policy: { roles: [], scopes: null } } }).fetch });
    await client.loadPolicies();
    deepSame(client.rbac.explain(user("editor"), may("write")).would_allow, []);
  });

  test("decides about a session from a log-in with the emulator's policy", async (t) => {
    await t.emulator.setPolicy("consumer", { roles: [role("editor", ["write"])] });
    const client = t.consumer();
    const { session } = await t.logIn();
    await client.loadPolicies();
    deepSame(client.rbac.explain(session, may("write")).would_allow, ["editor"]);
    await t.emulator.setPolicy("consumer", {});
  });
};

function ouch() {
  throw new Error("a getter that throws");
}
