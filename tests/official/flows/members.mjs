// The flows of B2B log-ins.

import { deepSame, same } from "../../conformance/assert.js";

export const members = {
  "a member logs in to an organization with a magic link": async (m) => {
    const email_address = m.email("ada", "acme.example");
    const organization_id = await organization(m);
    const { member_id } = await m.b2b.magicLinks.email.loginOrSignup({ organization_id, email_address });
    const magic_links_token = await m.emulator.tokenFor(email_address);
    const { session_token, session_jwt } = await m.b2b.magicLinks.authenticate({ magic_links_token });
    same((await m.b2b.sessions.authenticateJwtLocal({ session_jwt })).member_id, member_id);
    same((await m.b2b.sessions.authenticate({ session_token })).member.organization_id, organization_id);
    await m.b2b.sessions.revoke({ session_token });
    await m.refused("session_not_found", () => m.b2b.sessions.authenticate({ session_token }));
  },
  "an employee impersonates a member": async (m) => {
    const organization_id = await organization(m);
    const { member_id } = await m.b2b.organizations.members.create({ organization_id, email_address: m.email("eve", "acme.example") });
    const { impersonation_token } = await m.emulator.control("POST", "impersonation_tokens", { product: "b2b", member_id });
    const { member_session } = await m.b2b.impersonation.authenticate({ impersonation_token });
    deepSame(member_session.authentication_factors.map(({ type }) => type), ["impersonated"]);
  },
};

/** A new organization that members of acme.example may join. Returns its id. */
export async function organization(m, settings = {}) {
  const domains = { email_allowed_domains: ["acme.example"], email_jit_provisioning: "RESTRICTED", email_invites: "ALL_ALLOWED" };
  const created = await m.b2b.organizations.create({ organization_name: "Acme", ...domains, ...settings });
  return created.organization.organization_id;
}
