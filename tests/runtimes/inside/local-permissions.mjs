// The comparison for authorization checks of sessions: roles of the project and of an
// organization, and membership.

import { refusedWith } from "./local-differences.mjs";
import { permissions, policies, question } from "./local-policies.mjs";
import { local } from "./local-sessions.mjs";
import { session } from "./local-tokens.mjs";
import { CLOSES } from "./scripted-server.mjs";

const asks = (name, check, token = {}, more = {}) =>
  local(name, token, (project) => ({ authorization_check: check(project) }), {
    scene: () => policies(),
    ...more,
  });

export const permissionRows = [
  asks("allowed by a role", question("documents", "write")),
  asks("every action allowed by a role", question("files", "burn")),
  asks("an action that the role does not allow", question("documents", "burn")),
  asks("a resource that no role has", question("else", "read")),
  asks("any resource", question("*", "read")),
  asks("any action", question("documents", "*")),
  asks("a role that the policy does not contain", question("documents", "read"), { kind: session({ roles: ["unlisted"] }) }),
  asks("an empty list of roles", question("documents", "read"), { kind: session({ roles: [] }) }),
  asks(
    "no list of roles",
    question("documents", "read"),
    { kind: session({ roles: undefined }) },
    {
      differs: ["a missing claim causes a refusal", refusedWith("invalid_permissions")],
    },
  ),
  asks("expired, with an allowed action", question("documents", "read"), { claims: { exp: 1 } }),
  asks(
    "another organization",
    question("documents", "read", "organization-test-2"),
    {},
    { clients: ["B2BClient"] },
  ),
  asks(
    "another organization, without its policy",
    question("documents", "read", "organization-test-2"),
    {},
    {
      clients: ["B2BClient"],
      scene: () => ({}),
      differs: ["the organization is checked before the policy", refusedWith("tenancy_mismatch")],
    },
  ),
  asks(
    "a role of the organization",
    question("documents", "read"),
    { kind: session({ roles: ["own"] }) },
    {
      clients: ["B2BClient"],
      scene: () => policies({ roles: [{ role_id: "own", permissions: [permissions("documents", "read")] }] }),
    },
  ),
  asks(
    "an organization without roles",
    question("documents", "read"),
    {},
    {
      clients: ["B2BClient"],
      scene: () => policies({}),
    },
  ),
  asks(
    "an error response instead of the policy",
    question("documents", "read"),
    {},
    {
      scene: () => ({
        "GET /v1/rbac/policy": {
          status: 500,
          json: { status_code: 500, error_type: "internal_server_error" },
        },
        "GET /v1/b2b/rbac/policy": {
          status: 500,
          json: { status_code: 500, error_type: "internal_server_error" },
        },
      }),
    },
  ),
  asks(
    "a closed connection instead of the policy",
    question("documents", "read"),
    {},
    {
      scene: () => ({ "GET /v1/rbac/policy": CLOSES, "GET /v1/b2b/rbac/policy": CLOSES }),
    },
  ),
  asks(
    "an authorization check without an action",
    question("documents", undefined),
    {},
    {
      differs: ["an authorization check without an action or a resource is refused", refusedWith("invalid_argument")],
    },
  ),
];
