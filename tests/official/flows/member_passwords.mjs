// The flows of members' passwords: in one organization, and shared between organizations.

import { same } from "../../conformance/assert.js";
import { isOfMember, organization } from "./members.mjs";

const [FIRST, SECOND] = ["violet-harbour-lantern-41", "walnut bicycles hum at dawn"];

export const memberPasswords = {
  "a member chooses a password, forgets it, and chooses another": async (m) => {
    const { passwords } = m.b2b;
    const { member_id, ...member } = await invited(m);
    await reset(m, member, FIRST);
    const before = await passwords.authenticate({ ...member, password: FIRST });
    await isOfMember(m, before, member_id, ["password"]);
    same((await reset(m, member, SECOND)).member_id, member_id);
    await m.refused("session_not_found", () => m.b2b.sessions.authenticate({ session_token: before.session_token }));
    await m.refused("unauthorized_credentials", () => passwords.authenticate({ ...member, password: FIRST }));
    await isOfMember(m, await passwords.authenticate({ ...member, password: SECOND }), member_id, ["password"]);
  },
  "a user chooses one password for all organizations, and enters one": async (m) => {
    const { discovery, passwords } = m.b2b;
    const share = (shared) => m.emulator.control("POST", "password_config", { product: "b2b", cross_org_passwords: shared });
    await share(true);
    try {
      const { email_address, organization_id, member_id } = await invited(m);
      // A password alone does not prove the address to an organization: an earlier log-in did.
      await m.b2b.magicLinks.email.loginOrSignup({ organization_id, email_address });
      await m.b2b.magicLinks.authenticate({ magic_links_token: await m.emulator.tokenFor(email_address) });
      await passwords.discovery.email.resetStart({ email_address });
      const password_reset_token = await m.emulator.tokenFor(email_address);
      await passwords.discovery.email.reset({ password_reset_token, password: FIRST });
      await m.refused("unauthorized_credentials", () => passwords.discovery.authenticate({ email_address, password: SECOND }));
      const found = await passwords.discovery.authenticate({ email_address, password: FIRST });
      const ids = found.discovered_organizations.map(({ organization }) => organization.organization_id);
      same(ids.includes(organization_id), true, "the organization is discovered");
      const { intermediate_session_token } = found;
      const exchange = () => discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id });
      await isOfMember(m, await exchange(), member_id, ["password"]);
      await m.refused("intermediate_session_not_found", exchange);
    } finally {
      await share(false);
    }
  },
};

/** A new member of a new organization: their ids, and the address. */
async function invited(m) {
  const organization_id = await organization(m, { email_jit_provisioning: "NOT_ALLOWED" });
  const email_address = m.email("rosalind", "acme.example");
  const { member_id } = await m.b2b.organizations.members.create({ organization_id, email_address });
  return { organization_id, email_address, member_id };
}

/** Sets a password by the link in an email. Returns the result, and fails unless the link works once only. */
async function reset(m, member, password) {
  await m.b2b.passwords.email.resetStart(member);
  const password_reset_token = await m.emulator.tokenFor(member.email_address);
  const done = await m.b2b.passwords.email.reset({ password_reset_token, password });
  await m.refused("unable_to_auth_password_reset_token", () => m.b2b.passwords.email.reset({ password_reset_token, password }));
  return done;
}
