// The rows of discovery, invites and exchanges.

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const EVE = "eve@acme.example";
const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const types = ({ discovered_organizations }) => discovered_organizations.map(({ membership }) => membership.type);
const token = (m, name) => m.of(name).intermediate_session_token;

export const discovery = {
  "magicLinks.email.discovery.send": row(() => [{ email_address: EVE }]),
  "magicLinks.discovery.authenticate": row(
    async (m) => [{ discovery_magic_links_token: await m.emulator.tokenFor(EVE) }],
    (m, found) => deepSame(types(found), ["eligible_to_join_by_email_domain"]),
  ),
  "otps.email.discovery.send": row(() => [{ email_address: "zoe@zoe.example" }]),
  "otps.email.discovery.authenticate": row(
    async (m) => [{ email_address: "zoe@zoe.example", code: await codeFor(m, "zoe@zoe.example") }],
    (m, found) => deepSame(types(found), []),
  ),
  "discovery.organizations.list": row(
    (m) => [{ intermediate_session_token: token(m, "magicLinks.discovery.authenticate") }],
    (m, found) => deepSame(types(found), ["eligible_to_join_by_email_domain"]),
  ),
  "discovery.intermediateSessions.exchange": row(
    (m) => [{ intermediate_session_token: token(m, "magicLinks.discovery.authenticate"), organization_id: organization_id(m) }],
    async (m, { member_id, session_token }) => {
      const { member } = await m.client.sessions.authenticate({ session_token });
      same(member.member_id, member_id);
    },
  ),
  "discovery.organizations.create": row(
    (m) => [{ intermediate_session_token: token(m, "otps.email.discovery.authenticate"), organization_name: "Zoe", email_invites: "ALL_ALLOWED" }],
    async (m, { organization }) => {
      const read = await m.client.organizations.get({ organization_id: organization.organization_slug });
      same(read.organization.organization_name, "Zoe");
    },
  ),
  "magicLinks.email.invite": row(
    (m) => [{ organization_id: m.of("discovery.organizations.create").organization.organization_id, email_address: EVE }],
    async (m, { member, organization: { organization_id } }) => {
      const read = await m.client.organizations.members.get({ organization_id, member_id: member.member_id });
      same(read.member.status, "invited");
    },
  ),
  "sessions.exchange": row(
    (m) => [{
      organization_id: m.of("magicLinks.email.invite").organization.organization_id,
      session_token: m.of("discovery.intermediateSessions.exchange").session_token,
    }],
    async (m, { session_token }) => {
      const { member } = await m.client.sessions.authenticate({ session_token });
      same(member.status, "active");
    },
  ),
};

/** The code in the newest message to this address. */
async function codeFor({ emulator }, address) {
  const { messages } = await (await fetch(`${emulator.url}/_emulator/outbox.json`)).json();
  return messages.find(({ to }) => to === address).code;
}
