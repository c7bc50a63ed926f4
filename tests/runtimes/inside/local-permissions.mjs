// What the bearer of a session may do, side by side: roles of the project and of an
// organization, and whose member somebody is.

import { refusedWith } from "./local-differences.mjs";
import { permissions, policies, question } from "./local-policies.mjs";
import { local } from "./local-sessions.mjs";
import { session } from "./local-tokens.mjs";
import { HANGS_UP } from "./stand.mjs";

const asks = (name, check, token = {}, more = {}) =>
  local(name, token, (place) => ({ authorization_check: check(place) }), {
    scene: () => policies(),
    ...more,
  });

export const permissionRows = [
  asks("allowed by a role", question("documents", "write")),
  asks("any action allowed by a role", question("files", "burn")),
  asks("an action that the role has not", question("documents", "burn")),
  asks("a resource that no role has", question("else", "read")),
  asks("any resource", question("*", "read")),
  asks("any action", question("documents", "*")),
  asks("no role of the policy", question("documents", "read"), { kind: session({ roles: ["nobody"] }) }),
  asks("an empty list of roles", question("documents", "read"), { kind: session({ roles: [] }) }),
  asks(
    "no roles at all",
    question("documents", "read"),
    { kind: session({ roles: undefined }) },
    {
      differs: ["a claim that is missing is a verdict", refusedWith("invalid_permissions")],
    },
  ),
  asks("expired, and allowed", question("documents", "read"), { claims: { exp: 1 } }),
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
      differs: ["whoever is no member is told so first", refusedWith("tenancy_mismatch")],
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
    "no policy to be had",
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
    "no policy to be asked for",
    question("documents", "read"),
    {},
    {
      scene: () => ({ "GET /v1/rbac/policy": HANGS_UP, "GET /v1/b2b/rbac/policy": HANGS_UP }),
    },
  ),
  asks(
    "a question without an action",
    question("documents", undefined),
    {},
    {
      differs: ["a question without an action or a resource is refused", refusedWith("invalid_argument")],
    },
  ),
];
