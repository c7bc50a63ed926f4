// The rows of organizations and members that change, search and delete them.

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const own = (m) => ({ organization_id: organization_id(m), member_id: m.of("organizations.members.create").member_id });
const read = async (m) => (await m.client.organizations.members.get(own(m))).member;
const organization = async (m) =>
  (await m.client.organizations.get({ organization_id: organization_id(m) })).organization;
const by = (filter_name, filter_value) => ({ operator: "AND", operands: [{ filter_name, filter_value }] });

export const members = {
  "organizations.update": row(
    (m) => [{ organization_id: organization_id(m), organization_external_id: "acme-1", email_invites: "ALL_ALLOWED" }],
    async (m) => same((await organization(m)).organization_external_id, "acme-1"),
  ),
  "organizations.search": row(
    (m) => [{ query: by("organization_ids", [organization_id(m)]) }],
    (m, { organizations }) => deepSame(organizations.map((one) => one.organization_id), [organization_id(m)]),
  ),
  "organizations.deleteExternalId": row(
    (m) => [{ organization_id: organization_id(m) }],
    async (m) => same((await organization(m)).organization_external_id, null),
  ),
  "organizations.members.update": row(
    (m) => [{ ...own(m), mfa_phone_number: "+15005550006", external_id: "grace-1", email_address: "g2@acme.example" }],
    async (m) => same((await read(m)).mfa_phone_number, "+15005550006"),
  ),
  "organizations.members.unlinkRetiredEmail": row(
    (m) => [{ ...own(m), email_address: "grace@acme.example" }],
    async (m) => deepSame((await read(m)).retired_email_addresses, []),
  ),
  "organizations.members.deleteExternalId": row(
    (m) => [own(m)],
    async (m) => same((await read(m)).external_id, null),
  ),
  "organizations.members.deleteMFAPhoneNumber": row(
    (m) => [own(m)],
    async (m) => same((await read(m)).mfa_phone_number, ""),
  ),
  "organizations.members.deletePassword": row(
    async (m) => {
      await addFactors(m, own(m).member_id);
      return [{ organization_id: organization_id(m), member_password_id: PASSWORD_ID }];
    },
    async (m) => same((await read(m)).member_password_id, ""),
  ),
  "organizations.members.deleteTOTP": row(
    (m) => [own(m)],
    async (m) => same((await read(m)).totp_registration_id, ""),
  ),
  ...Object.fromEntries(["google", "microsoft", "slack", "hubspot", "github"].map((provider) => [
    `organizations.members.oauthProviders.${provider}`,
    row(
      (m) => [{ ...own(m), include_refresh_token: true }],
      (m, found) => same((found.registrations?.[0] ?? found).provider_subject, provider),
    ),
  ])),
  "organizations.members.oidcProviders": row(
    (m) => [own(m)],
    (m, { registrations }) => same(registrations[0].provider_subject, "oidc"),
  ),
  "organizations.members.startEmailUpdate": row(
    (m) => [{ organization_id: organization_id(m), member_id: m.of("magicLinks.authenticate").member_id, email_address: "ada2@acme.example" }],
    async (m) => {
      const { member } = await m.client.magicLinks.authenticate({ magic_links_token: await m.emulator.tokenFor("ada2@acme.example") });
      same(member.email_address, "ada2@acme.example");
    },
  ),
  "organizations.members.search": row(
    (m) => [{ organization_ids: [organization_id(m)], query: by("member_ids", [own(m).member_id]) }],
    (m, { members: found }) => deepSame(found.map(({ email_address }) => email_address), ["g2@acme.example"]),
  ),
  "organizations.members.delete": row(
    async (m) => [{ organization_id: organization_id(m), member_id: m.of("magicLinks.authenticate").member_id }],
    (m, { member_id }) => m.refused("member_not_found", () => m.client.organizations.members.get({ organization_id: organization_id(m), member_id })),
  ),
  "organizations.members.dangerouslyGet": row(
    (m) => [{ member_id: m.of("organizations.members.delete").member_id, include_deleted: true }],
    (m, { member }) => same(member.status, "deleted"),
  ),
  "organizations.members.reactivate": row(
    (m) => [{ organization_id: organization_id(m), member_id: m.of("organizations.members.delete").member_id }],
    (m, { member }) => same(member.status, "active"),
  ),
  "organizations.metrics": row(
    (m) => [{ organization_id: organization_id(m) }],
    async (m, { member_count }) => {
      const found = await m.client.organizations.members.search({ organization_ids: [organization_id(m)] });
      same(member_count, found.results_metadata.total);
    },
  ),
};

/** The last row: nothing of the organization is left. */
export const deletion = {
  "organizations.delete": row(
    (m) => [{ organization_id: organization_id(m) }],
    (m) => m.refused("organization_not_found", () => organization(m)),
  ),
};

/** Gives a member a password, an authenticator app and tokens of providers, by a changed snapshot. */
async function addFactors({ emulator }, member_id) {
  const snapshot = await (await fetch(`${emulator.url}/_emulator/snapshot.json`)).json();
  const { b2b } = snapshot.state.projects;
  const { member } = b2b.members.find((row) => row.member.member_id === member_id);
  Object.assign(member, { member_password_id: PASSWORD_ID, totp_registration_id: TOTP_ID });
  b2b.provider_tokens = Object.entries(TOKENS).map(([provider, more]) => ({
    registration_id: `oauth-user-test-${provider}`,
    member_id,
    provider,
    access_token_expires_at: "2100-01-01T00:00:00Z",
    tokens: { provider_subject: provider, access_token: "access-1", scopes: [], ...more },
  }));
  const restored = await fetch(`${emulator.url}/_emulator/restore`, { method: "POST", body: JSON.stringify(snapshot) });
  same(restored.status, 200);
}

const TOKENS = {
  google: { id_token: "id-1" },
  microsoft: { id_token: "id-1" },
  slack: { provider_tenant_id: "T1", bot_access_token: "", bot_scopes: [] },
  hubspot: { provider_tenant_id: "1" },
  github: { provider_tenant_ids: ["1"] },
  oidc: { id_token: "id-1", connection_id: "oidc-connection-test-1" },
};
const PASSWORD_ID = "member-password-test-11111111-1111-4111-8111-111111111111";
const TOTP_ID = "totp-test-11111111-1111-4111-8111-111111111111";
