// The flows of B2B log-ins.

import { deepSame, same } from "../../conformance/assert.js";
import { codeOf } from "../node/authenticator_app.mjs";

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
  "a member logs in to an organization with a passcode by email": async (m) => {
    const email_address = m.email("otto", "acme.example");
    const organization_id = await organization(m);
    const { member_id } = await m.b2b.otps.email.loginOrSignup({ organization_id, email_address });
    const { code } = await m.emulator.messageTo(email_address);
    const wrong = code === "000000" ? "000001" : "000000";
    const authenticate = (code) => m.b2b.otps.email.authenticate({ organization_id, email_address, code });
    await m.refused("otp_code_not_found", () => authenticate(wrong));
    await isOfMember(m, await authenticate(code), member_id, ["email_otp"]);
  },
  "a user discovers no organization, and creates one": async (m) => {
    const email_address = m.email("zoe", "zoe.example");
    await m.b2b.magicLinks.email.discovery.send({ email_address });
    const discovery_magic_links_token = await m.emulator.tokenFor(email_address);
    const found = await m.b2b.magicLinks.discovery.authenticate({ discovery_magic_links_token });
    deepSame(found.discovered_organizations, []);
    const { intermediate_session_token } = found;
    const create = () => m.b2b.discovery.organizations.create({ intermediate_session_token, organization_name: "Zoe" });
    const session = await create();
    await isOfMember(m, session, session.member_id, ["magic_link"]);
    await m.refused("intermediate_session_not_found", create);
    const { member } = await m.b2b.organizations.members.get({ organization_id: session.organization.organization_id, email_address });
    deepSame([member.member_id, member.is_admin, member.status], [session.member_id, true, "active"]);
  },
  "a user discovers an organization that requires a second factor by SMS, and joins it": async (m) => {
    const [email_address, mfa_phone_number] = [m.email("grace", "acme.example"), m.phone(3)];
    const organization_id = await withFounder(m);
    const joined = await discover(m, email_address, organization_id);
    same(joined.member_authenticated, false);
    const { intermediate_session_token, member_id } = joined;
    await m.b2b.otps.sms.send({ organization_id, member_id, mfa_phone_number, intermediate_session_token });
    const { code } = await m.emulator.messageTo(mfa_phone_number);
    const session = await m.b2b.otps.sms.authenticate({ organization_id, member_id, code, intermediate_session_token });
    await isOfMember(m, session, member_id, ["email_otp", "otp"]);
    const again = () => m.b2b.otps.sms.authenticate({ organization_id, member_id, code, intermediate_session_token });
    await m.refused("intermediate_session_not_found", again);
  },
  "a user joins with an authenticator app, and comes back with a recovery code": async (m) => {
    const email_address = m.email("joan", "acme.example");
    const organization_id = await withFounder(m);
    const { intermediate_session_token, member_id } = await discover(m, email_address, organization_id);
    const app = await m.b2b.totps.create({ organization_id, member_id, intermediate_session_token });
    const code = codeOf(app.secret);
    const session = await m.b2b.totps.authenticate({ organization_id, member_id, code, intermediate_session_token });
    await isOfMember(m, session, member_id, ["email_otp", "totp"]);
    const back = await discover(m, email_address, organization_id);
    same(back.mfa_required.member_options.totp_registration_id, app.totp_registration_id);
    const recover = ({ intermediate_session_token }) =>
      m.b2b.recoveryCodes.recover({ organization_id, member_id, recovery_code: app.recovery_codes[0], intermediate_session_token });
    await isOfMember(m, await recover(back), member_id, ["email_otp", "recovery_codes"]);
    const third = await discover(m, email_address, organization_id);
    await m.refused("unable_to_authenticate_recovery_code", () => recover(third));
  },
  "an employee impersonates a member": async (m) => {
    const organization_id = await organization(m);
    const { member_id } = await m.b2b.organizations.members.create({ organization_id, email_address: m.email("eve", "acme.example") });
    const { impersonation_token } = await m.emulator.control("POST", "impersonation_tokens", { product: "b2b", member_id });
    const impersonate = () => m.b2b.impersonation.authenticate({ impersonation_token });
    await isOfMember(m, await impersonate(), member_id, ["impersonated"]);
    await m.refused("unable_to_auth_impersonation_token", impersonate);
  },
};

/** Logs in by discovery with a passcode, and continues to the organization. Returns the result of the exchange. */
async function discover(m, email_address, organization_id) {
  const { discovery, otps } = m.b2b;
  await otps.email.discovery.send({ email_address });
  const { code } = await m.emulator.messageTo(email_address);
  const { intermediate_session_token, discovered_organizations } = await otps.email.discovery.authenticate({ email_address, code });
  const ids = discovered_organizations.map(({ organization }) => organization.organization_id);
  same(ids.includes(organization_id), true, "the organization is discovered");
  return discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id });
}

/** The session is of this member, by these factors, also without the API. */
export async function isOfMember(m, { session_jwt, session_token, member_session }, member_id, factors) {
  deepSame(member_session.authentication_factors.map(({ type }) => type), factors);
  same((await m.b2b.sessions.authenticateJwtLocal({ session_jwt })).member_id, member_id);
  same((await m.b2b.sessions.authenticate({ session_token })).member.member_id, member_id);
}

/** A new organization that requires a second factor. It can be discovered, because a member has verified the domain. */
async function withFounder(m) {
  const organization_id = await organization(m, { mfa_policy: "REQUIRED_FOR_ALL" });
  const email_address = m.email("founder", "acme.example");
  await m.b2b.magicLinks.email.loginOrSignup({ organization_id, email_address });
  await m.b2b.magicLinks.authenticate({ magic_links_token: await m.emulator.tokenFor(email_address) });
  return organization_id;
}

/** A new organization that members of acme.example may join. Returns its id. */
export async function organization(m, settings = {}) {
  const domains = { email_allowed_domains: ["acme.example"], email_jit_provisioning: "RESTRICTED", email_invites: "ALL_ALLOWED" };
  const created = await m.b2b.organizations.create({ organization_name: "Acme", ...domains, ...settings });
  return created.organization.organization_id;
}
