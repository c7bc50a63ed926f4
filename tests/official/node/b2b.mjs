// The scenario of the B2B client: one row for each method whose route the emulator has.

import { deepSame, same } from "../../conformance/assert.js";
import { apps, deletedApp } from "./apps.mjs";
import { appsOfMembers } from "./authorized_apps.mjs";
import { discovery } from "./b2b_discovery.mjs";
import { deletion, members } from "./b2b_members.mjs";
import { memberSessions } from "./b2b_sessions.mjs";
import { row } from "./drive.mjs";
import { memberPasswords } from "./member_passwords.mjs";
import { secondFactors } from "./second_factors.mjs";
import { services } from "./services.mjs";
import { scim } from "./b2b_scim.mjs";
import { sso } from "./b2b_sso.mjs";

const EMAIL = "ada@acme.example";
const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const logIn = (m) => m.of("magicLinks.authenticate");
const sessions = async (m) =>
  (await m.client.sessions.get({ organization_id: organization_id(m), member_id: logIn(m).member_id })).member_sessions;
const memberBy = async (m, email_address) =>
  (await m.client.organizations.members.get({ organization_id: organization_id(m), email_address })).member;
const editor = { role_id: "editor", description: "", permissions: [{ resource_id: "documents", actions: ["read"] }] };

export const b2b = {
  ...services,
  ...apps,
  "organizations.create": row(
    () => [{ organization_name: "Acme", email_jit_provisioning: "RESTRICTED", email_allowed_domains: ["acme.example"] }],
    async (m) => {
      const { organization } = await m.client.organizations.get({ organization_id: organization_id(m) });
      deepSame(organization.email_allowed_domains, ["acme.example"]);
    },
  ),
  "organizations.get": row(
    (m) => [{ organization_id: organization_id(m) }],
    (m, { organization }) => same(organization.organization_name, "Acme"),
  ),
  "organizations.members.create": row(
    (m) => [{ organization_id: organization_id(m), email_address: "grace@acme.example", name: "Grace" }],
    async (m) => same((await memberBy(m, "grace@acme.example")).name, "Grace"),
  ),
  ...appsOfMembers,
  ...deletedApp,
  "organizations.members.get": row(
    (m) => [{ organization_id: organization_id(m), member_id: m.of("organizations.members.create").member_id }],
    (m, { member }) => same(member.email_address, "grace@acme.example"),
  ),
  "rbac.organizations.setOrgPolicy": row(
    (m) => [{ organization_id: organization_id(m), org_policy: { roles: [editor] } }],
    async (m) => {
      const { org_policy } = await m.client.rbac.organizations.getOrgPolicy({ organization_id: organization_id(m) });
      deepSame(org_policy.roles.map(({ role_id }) => role_id), ["editor"]);
    },
  ),
  "rbac.organizations.getOrgPolicy": row(
    (m) => [{ organization_id: organization_id(m) }],
    (m, { org_policy }) => deepSame(org_policy.roles[0].permissions, editor.permissions),
  ),
  "magicLinks.email.loginOrSignup": row(
    (m) => [{ organization_id: organization_id(m), email_address: EMAIL }],
    async (m) => same((await memberBy(m, EMAIL)).status, "pending"),
  ),
  "magicLinks.authenticate": row(
    async (m) => [{ magic_links_token: await m.emulator.tokenFor(EMAIL) }],
    async (m) => same((await memberBy(m, EMAIL)).status, "active"),
  ),
  "sessions.get": row(
    (m) => [{ organization_id: organization_id(m), member_id: logIn(m).member_id }],
    (m, { member_sessions }) =>
      deepSame(member_sessions.map(({ member_session_id }) => member_session_id), [logIn(m).member_session.member_session_id]),
  ),
  "sessions.authenticate": row(
    (m) => [{ session_token: logIn(m).session_token, session_custom_claims: { plan: "gold" } }],
    async (m) => deepSame((await sessions(m))[0].custom_claims, { plan: "gold" }),
  ),
  "sessions.getJWKS": row(
    (m) => [{ project_id: m.emulator[m.product].project_id }],
    (m, { keys }) => same(keys[0].kid, m.headerOf(logIn(m).session_jwt).kid),
  ),
  "sessions.authenticateJwt": row(
    (m) => [{ session_jwt: logIn(m).session_jwt, max_token_age_seconds: 0 }],
    (m, { member_session }) => same(member_session.member_session_id, logIn(m).member_session.member_session_id),
  ),
  "sessions.authenticateJwtLocal": row(
    (m) => [{ session_jwt: logIn(m).session_jwt }],
    (m, session) => same(session.member_id, logIn(m).member_id),
  ),
  "sessions.revoke": row(
    (m) => [{ member_session_id: logIn(m).member_session.member_session_id }],
    async (m) => deepSame(await sessions(m), []),
  ),
  "impersonation.authenticate": row(
    (m) => {
      const { member_id } = logIn(m);
      return m.emulator.control("POST", "impersonation_tokens", { product: "b2b", member_id }).then((data) => [data]);
    },
    async (m, { member_session }) =>
      deepSame((await sessions(m)).map(({ member_session_id }) => member_session_id), [member_session.member_session_id]),
  ),
  ...discovery,
  ...sso,
  ...scim,
  ...members,
  ...memberSessions,
  ...memberPasswords,
  ...secondFactors,
  ...deletion,
};
