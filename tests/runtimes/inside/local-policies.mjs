// Policies that the scripted server returns, and authorization checks for them.

/** The permissions of a role or a scope. */
export const permissions = (resource_id, ...actions) => ({ resource_id, actions });

const PROJECT_POLICY = {
  roles: [
    {
      role_id: "editor",
      permissions: [permissions("documents", "read", "write"), permissions("files", "*")],
    },
    { role_id: "admin", permissions: [permissions("documents", "*")] },
  ],
  scopes: [
    { scope: "read:documents", permissions: [permissions("documents", "read")] },
    { scope: "all:files", permissions: [permissions("files", "*")] },
  ],
  resources: [],
};

/** The routes of the project's policy and of an organization's policy. */
export const policies = (organization = { roles: [] }) => ({
  "GET /v1/rbac/policy": { json: { policy: PROJECT_POLICY } },
  "GET /v1/b2b/rbac/policy": { json: { policy: PROJECT_POLICY } },
  "GET /v1/b2b/rbac/organizations/organization-test-1": { json: { org_policy: organization } },
});

/** An authorization check, with the organization in B2B projects. */
export const question =
  (resource_id, action, organization_id = "organization-test-1") =>
  ({ isB2b }) => ({ resource_id, action, ...(isB2b && { organization_id }) });
