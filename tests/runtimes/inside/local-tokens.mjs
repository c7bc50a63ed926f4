// The claims of each kind of token, in addition to those of every token.

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";

/** The claims of a session JWT. `change` applies to the session claim. */
export const session =
  (change = {}) =>
  ({ isB2b }) => ({
    [SESSION]: {
      id: "session-test-1",
      started_at: "2026-01-02T03:04:05Z",
      last_accessed_at: "2026-01-02T03:04:06Z",
      expires_at: "2099-01-02T03:04:07Z",
      attributes: { ip_address: "203.0.113.1", user_agent: "späß" },
      authentication_factors: [{ type: "magic_link", delivery_method: "email" }],
      roles: ["editor", "unlisted"],
      ...change,
    },
    ...(isB2b && { [ORGANIZATION]: { organization_id: "organization-test-1", slug: "one" } }),
  });

/** The claims of an M2M token. */
export const machine = () => ({ scope: "read:users write:users all:* ping" });

/** The claims of a Connected App's token. */
export const app = ({ isB2b }) => ({
  client_id: "connected-app-test-1",
  scope: "openid read:documents all:files",
  ...(isB2b && { [ORGANIZATION]: { organization_id: "organization-test-1", slug: "one" } }),
});
