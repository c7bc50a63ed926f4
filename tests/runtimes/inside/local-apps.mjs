// The comparison for tokens of Connected Apps: local checks and introspection.

import { KINDS, MISSING, refusedWith } from "./local-differences.mjs";
import { policies, question } from "./local-policies.mjs";
import { app, machine, session } from "./local-tokens.mjs";
import { CLOSES } from "./scripted-server.mjs";

const ORGANIZATION = "https://stytch.com/organization";

const called = (options, project) => (typeof options === "function" ? options(project) : options);

const local = (name, options, token = {}, more = {}) => ({
  method: "idp.introspectTokenLocal",
  name,
  scene: () => policies(),
  async call(client, sign, project) {
    return client.idp.introspectTokenLocal(await sign({ kind: app, ...token }), called(options, project));
  },
  ...more,
});

const network = (name, answer, options, more = {}) => ({
  method: "idp.introspectTokenNetwork",
  name,
  scene: ({ project_id, isB2b }) => ({
    ...policies(),
    [`POST /v1/public/${project_id}/oauth2/introspect`]: called(answer, isB2b),
  }),
  call: (client, _sign, project) =>
    client.idp.introspectTokenNetwork({ token: "t", client_id: "c", ...more.data }, called(options, project)),
  ...more,
});

const active = (change) => (isB2b) => ({
  json: {
    active: true,
    request_id: "request-id-test-1",
    status_code: 200,
    sub: "user-test-1",
    aud: ["project-test-1"],
    exp: 4_102_444_800,
    iat: 1,
    iss: "https://example.com",
    nbf: 2,
    jti: "jti-test-1",
    token_type: "access_token",
    plan: { späß: [null] },
    ...app({ isB2b }),
    ...change,
  },
});

const checks =
  (...about) =>
  (project) => ({ authorization_check: question(...about)(project) });
const refusal = {
  status_code: 401,
  error: "invalid_client",
  error_description: "no",
  error_uri: "https://x",
};

export const appRows = [
  local("a valid token"),
  local("custom claims", undefined, { claims: { plan: "gold", token_type: "own" } }),
  local("an audience that is a string", {}, { claims: ({ project_id }) => ({ aud: project_id }) }),
  local("expired", {}, { claims: { exp: 1 } }),
  local(
    "expired, within the clock tolerance",
    { clock_tolerance_seconds: 60 },
    { claims: ({ now }) => ({ exp: now - 10 }) },
  ),
  local("at another date", ({ now }) => ({ current_date: new Date((now + 1000) * 1000) })),
  local("another audience", {}, { claims: { aud: ["else"] } }),
  local("another issuer", {}, { claims: { iss: "else" } }),
  local("junk", {}, { broken: () => "a.b" }),
  local("allowed by a scope", checks("documents", "read")),
  local("every action allowed by a scope", checks("files", "burn")),
  local("not allowed by a scope", checks("documents", "write")),
  local("a resource that no scope has", checks("else", "read")),
  local("scopes that the policy does not contain", checks("documents", "read"), { claims: { scope: "openid" } }),
  local(
    "another organization",
    checks("documents", "read", "organization-test-2"),
    {},
    { clients: ["B2BClient"] },
  ),
  local(
    "no slug",
    {},
    { claims: { [ORGANIZATION]: { organization_id: "organization-test-1" } } },
    {
      clients: ["B2BClient"],
    },
  ),
  local(
    "no organization",
    {},
    { claims: { [ORGANIZATION]: undefined } },
    {
      clients: ["B2BClient"],
      differs: [MISSING, refusedWith("jwt_invalid")],
    },
  ),
  local("a user's session", {}, { kind: session() }, { differs: [KINDS, refusedWith("jwt_invalid")] }),
  local(
    "an M2M token",
    {},
    { kind: machine },
    {
      clients: ["Client"],
      differs: [KINDS, refusedWith("jwt_invalid")],
    },
  ),

  network("active", active()),
  network(
    "active, with all arguments",
    active(),
    {},
    { data: { client_secret: "s", token_type_hint: "access_token" } },
  ),
  network(
    "active, with empty arguments",
    active(),
    {},
    { data: { client_secret: "", token_type_hint: "" } },
  ),
  network("special characters in the fields", active(), {}, { data: { token: "a&b=c +%é\u{1f511}", client_id: "" } }),
  network("not active", { json: { active: false, request_id: "r", status_code: 200 } }),
  network("allowed by a scope", active(), checks("documents", "read")),
  network("not allowed by a scope", active(), checks("documents", "write")),
  network("scopes with spaces around", active({ scope: " read:documents " }), checks("documents", "read")),
  network("another organization", active(), checks("documents", "read", "organization-test-2"), {
    clients: ["B2BClient"],
  }),
  network(
    "a client that the API refuses",
    { status: 401, json: refusal },
    {},
    {
      differs: [
        "a refusal of the client is not a refusal of the token",
        () => ({ error: { name: "StytchError", code: undefined, status_code: 401 } }),
      ],
    },
  ),
  network("a client that is rate limited", {
    status: 400,
    json: { status_code: 400, error_type: "bad_request" },
  }),
  network(
    "an API that fails",
    { status: 500, json: { status_code: 500, error_type: "internal_server_error" } },
    {},
    {
      differs: [
        "an outage does not refuse a token",
        () => ({ error: { name: "StytchError", code: undefined, status_code: 500 } }),
      ],
    },
  ),
  network(
    "an API that is rate limited",
    { status: 429, json: { status_code: 429, error_type: "too_many_requests" } },
    {},
    {
      differs: [
        "an outage does not refuse a token",
        () => ({ error: { name: "StytchError", code: undefined, status_code: 429 } }),
      ],
    },
  ),
  network(
    "no API",
    CLOSES,
    {},
    { differs: ["an outage does not refuse a token", refusedWith(undefined, "RequestError")] },
  ),
  network(
    "no organization",
    active({ [ORGANIZATION]: undefined }),
    {},
    {
      clients: ["B2BClient"],
      differs: [MISSING, refusedWith("token_invalid")],
    },
  ),
];
