// Policies that the server of a test tells, and what may be asked of them.

/** What a role or a scope grants. */
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

/** The routes of the project's policy, and of what an organization adds to it. */
export const policies = (organization = { roles: [] }) => ({
  "GET /v1/rbac/policy": { json: { policy: PROJECT_POLICY } },
  "GET /v1/b2b/rbac/policy": { json: { policy: PROJECT_POLICY } },
  "GET /v1/b2b/rbac/organizations/organization-test-1": { json: { org_policy: organization } },
});

/** What is asked, with the organization for those who have one. */
export const question =
  (resource_id, action, organization_id = "organization-test-1") =>
  ({ isB2b }) => ({ resource_id, action, ...(isB2b && { organization_id }) });
