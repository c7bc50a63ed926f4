// The flows of log-ins by SSO, with a browser at the identity providers of the emulator.

import { createHash, randomBytes } from "node:crypto";

import { deepSame, same } from "../../conformance/assert.js";
import { hiddenFields, open, submit } from "./browser.mjs";
import { isOfMember, organization } from "./members.mjs";

const APPLICATION = "https://app.example";

export const sso = {
  "a user joins an organization by SAML, and comes back without a role": async (m) => {
    const organization_id = await organization(m, { sso_jit_provisioning: "ALL_ALLOWED" });
    const connection_id = await samlConnection(m, organization_id);
    const user = { email: m.email("ada", "acme.example"), name: "Ada <O'Neil> & Co", groups: "staff, admins" };
    const verifier = randomBytes(32).toString("hex");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const signed = await submit(await start(m, connection_id, { pkce_code_challenge: challenge }), user);
    await refusesForgeries(m, signed, user);
    const sso_token = tokenOf(await submit(signed), "/signup");
    isRefusal(await submit(signed), "unsolicited_saml_response");
    await m.refused("pkce_expected_code_verifier", () => m.b2b.sso.authenticate({ sso_token }));
    const session = await m.b2b.sso.authenticate({ sso_token, pkce_code_verifier: verifier });
    await m.refused("sso_token_not_found", () => m.b2b.sso.authenticate({ sso_token, pkce_code_verifier: verifier }));
    const { member_id } = session;
    await isOfMember(m, session, member_id, ["sso"]);
    const factor = session.member_session.authentication_factors[0];
    deepSame([factor.delivery_method, factor.saml_sso_factor.provider_id], ["sso_saml", connection_id]);
    deepSame(session.member_session.roles, ["stytch_member", "stytch_admin"]);
    const { member } = await m.b2b.organizations.members.get({ organization_id, member_id });
    deepSame([member.email_address, member.name, member.status], [user.email, user.name, "active"]);
    deepSame(registrationsOf(member), [[connection_id, user.email]]);
    // The user has left the group of the administrators.
    const again = await submit(await start(m, connection_id), { ...user, groups: "staff" });
    const back = await m.b2b.sso.authenticate({ sso_token: tokenOf(await submit(again), "/login") });
    await isOfMember(m, back, member_id, ["sso"]);
    deepSame(back.member_session.roles, ["stytch_member"]);
    same(back.member.sso_registrations.length, 1);
  },
  "a member logs in by OpenID Connect, and a stranger does not": async (m) => {
    const organization_id = await organization(m, { sso_jit_provisioning: "NOT_ALLOWED" });
    const email_address = m.email("ada", "acme.example");
    const { member_id } = await m.b2b.organizations.members.create({ organization_id, email_address });
    const connection_id = await oidcConnection(m, organization_id);
    isRefusal(await submit(await start(m, connection_id), { email: m.email("eve", "acme.example") }), "invalid_connection_for_jit_provisioning");
    const page = await start(m, connection_id);
    const forged = (fields) => submit(page, { email: email_address, ...fields });
    isRefusal(await forged({ state: "other" }), "unsolicited_oidc_response");
    isRefusal(await forged({ client_id: "other" }), "oidc_auth_code_error");
    isRefusal(await forged({ nonce: "other" }), "oidc_invalid_id_token");
    const done = await submit(page, { email: email_address, name: "Ada", sub: "00u1" });
    isRefusal(await submit(page, { email: email_address }), "unsolicited_oidc_response");
    const sso_token = tokenOf(done, "/login");
    const session = await m.b2b.sso.authenticate({ sso_token });
    await m.refused("sso_token_not_found", () => m.b2b.sso.authenticate({ sso_token }));
    await isOfMember(m, session, member_id, ["sso"]);
    const factor = session.member_session.authentication_factors[0];
    deepSame([factor.delivery_method, factor.oidc_sso_factor.external_id], ["sso_oidc", "00u1"]);
    const { member } = await m.b2b.organizations.members.get({ organization_id, member_id });
    deepSame([member.name, member.status], ["Ada", "active"]);
    deepSame(registrationsOf(member), [[connection_id, "00u1"]]);
    await m.b2b.sso.deleteConnection({ organization_id, connection_id });
    isRefusal(await start(m, connection_id), "sso_connection_not_found", 404);
  },
};

/** A SAML connection to the first identity provider, whose group `admins` has a role. Returns its id. */
async function samlConnection(m, organization_id) {
  const { saml } = m.b2b.sso;
  const { connection_id } = (await saml.createConnection({ organization_id, identity_provider: "okta" })).connection;
  const metadata_url = `${m.emulator.url}/_emulator/idp/1/metadata`;
  await saml.updateByURL({ organization_id, connection_id, metadata_url });
  const { connection } = await saml.updateConnection({
    organization_id,
    connection_id,
    attribute_mapping: { email: "email", full_name: "name", groups: "groups" },
    saml_group_implicit_role_assignments: [{ role_id: "stytch_admin", group: "admins" }],
  });
  same(connection.status, "active");
  return connection_id;
}

/** An OpenID Connect connection to the second identity provider. Returns its id. */
async function oidcConnection(m, organization_id) {
  const { oidc } = m.b2b.sso;
  const { connection_id } = (await oidc.createConnection({ organization_id, identity_provider: "generic" })).connection;
  const issuer = `${m.emulator.url}/_emulator/idp/2`;
  const settings = { issuer, client_id: "acme", client_secret: "client secret" };
  const { connection } = await oidc.updateConnection({ organization_id, connection_id, ...settings });
  same(connection.status, "active");
  return connection_id;
}

/** Opens the start URL of a connection. Returns the page of the identity provider. */
function start(m, connection_id, more) {
  const url = new URL("/v1/public/sso/start", m.emulator.url);
  const targets = { login_redirect_url: `${APPLICATION}/login`, signup_redirect_url: `${APPLICATION}/signup` };
  url.search = new URLSearchParams({ connection_id, public_token: m.emulator.public_tokens.b2b, ...targets, ...more });
  return open(url);
}

/** The API refuses the SAML response of another person, of another identity provider and for another application. */
async function refusesForgeries(m, signed, { email }) {
  const xml = Buffer.from(hiddenFields(signed).SAMLResponse, "base64").toString();
  const tampered = Buffer.from(xml.replaceAll(email, m.email("eve", "acme.example"))).toString("base64");
  isRefusal(await submit(signed, { SAMLResponse: tampered }), "invalid_signature_saml_response");
  const [, acs_url] = xml.match(/ Destination="([^"]*)"/);
  const [, in_response_to] = xml.match(/ InResponseTo="([^"]*)"/);
  const sign = async (provider, more) => {
    const page = await open(`${m.emulator.url}/_emulator/idp/${provider}/saml`);
    const { SAMLResponse } = hiddenFields(await submit(page, { acs_url, in_response_to, email, ...more }));
    return submit(signed, { SAMLResponse });
  };
  isRefusal(await sign(2), "saml_certificate_mismatch");
  isRefusal(await sign(1, { audience: "https://other.example" }), "invalid_audience_saml_response");
}

/** The token in the URL of the application at which the browser has arrived. */
function tokenOf({ url, html }, path) {
  same(url.origin + url.pathname, APPLICATION + path, `the URL of the application (${html})`);
  same(url.searchParams.get("stytch_token_type"), "sso");
  return url.searchParams.get("token");
}

function isRefusal({ status, html }, error_type, expected = 400) {
  deepSame([status, html && JSON.parse(html).error_type], [expected, error_type]);
}

const registrationsOf = (member) => member.sso_registrations.map(({ connection_id, external_id }) => [connection_id, external_id]);
