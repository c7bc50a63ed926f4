// The rows of SSO connections.

import { generateKeyPairSync } from "node:crypto";

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const saml = (m) => ({ organization_id: organization_id(m), connection_id: m.of("sso.saml.createConnection").connection.connection_id });
const oidc = (m) => ({ organization_id: organization_id(m), connection_id: m.of("sso.oidc.createConnection").connection.connection_id });
const external = (m) => ({
  organization_id: organization_id(m),
  connection_id: m.of("sso.external.createConnection").connection.connection_id,
});
const connections = (m) => m.client.sso.getConnections({ organization_id: organization_id(m) });
const readSaml = async (m) => (await connections(m)).saml_connections[0];
const metadata = (m, number) => `${m.emulator.url}/_emulator/idp/${number}/metadata`;
const privateKey = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  }).privateKey;

/** Another organization with a SAML connection. */
async function another(m) {
  const { organization } = await m.client.organizations.create({ organization_name: "Globex" });
  const { connection } = await m.client.sso.saml.createConnection({ organization_id: organization.organization_id });
  return { external_organization_id: organization.organization_id, external_connection_id: connection.connection_id };
}

export const sso = {
  "sso.saml.createConnection": row(
    (m) => [{ organization_id: organization_id(m), display_name: "Okta", identity_provider: "okta" }],
    async (m) => same((await readSaml(m)).status, "pending"),
  ),
  "sso.saml.updateByURL": row(
    (m) => [{ ...saml(m), metadata_url: metadata(m, 1) }],
    async (m) => same((await readSaml(m)).idp_entity_id, `${m.emulator.url}/_emulator/idp/1`),
  ),
  "sso.saml.updateConnection": row(
    (m) => [{ ...saml(m), attribute_mapping: { email: "email", full_name: "name" }, saml_encryption_private_key: privateKey() }],
    async (m) => {
      same((await readSaml(m)).status, "active");
      const { organization } = await m.client.organizations.get({ organization_id: organization_id(m) });
      same(organization.sso_default_connection_id, saml(m).connection_id);
    },
  ),
  "sso.saml.deleteEncryptionPrivateKey": row(
    (m) => {
      const { private_key_id } = m.of("sso.saml.updateConnection").connection.encryption_private_keys[0];
      return [{ ...saml(m), private_key_id }];
    },
    async (m) => deepSame((await readSaml(m)).encryption_private_keys, []),
  ),
  "sso.saml.deleteVerificationCertificate": row(
    async (m) => {
      await m.client.sso.saml.updateByURL({ ...saml(m), metadata_url: metadata(m, 2) });
      await m.client.sso.saml.updateByURL({ ...saml(m), metadata_url: metadata(m, 1) });
      return [{ ...saml(m), certificate_id: (await readSaml(m)).verification_certificates[1].certificate_id }];
    },
    async (m) => same((await readSaml(m)).verification_certificates.length, 1),
  ),
  "sso.oidc.createConnection": row(
    (m) => [{ organization_id: organization_id(m), display_name: "Keycloak", identity_provider: "keycloak" }],
    async (m) => same((await connections(m)).oidc_connections[0].status, "pending"),
  ),
  "sso.oidc.updateConnection": row(
    (m) => [{ ...oidc(m), issuer: `${m.emulator.url}/_emulator/idp/2`, client_id: "acme", client_secret: "client secret" }],
    async (m) => {
      const { status, jwks_url } = (await connections(m)).oidc_connections[0];
      deepSame([status, jwks_url], ["active", `${m.emulator.url}/_emulator/idp/2/jwks`]);
    },
  ),
  "sso.external.createConnection": row(
    async (m) => [{ ...(await another(m)), organization_id: organization_id(m), display_name: "Globex" }],
    async (m) => same((await connections(m)).external_connections[0].status, "active"),
  ),
  "sso.external.updateConnection": row(
    (m) => [{ ...external(m), display_name: "Globex SSO" }],
    async (m) => same((await connections(m)).external_connections[0].display_name, "Globex SSO"),
  ),
  "sso.getConnections": row(
    (m) => [{ organization_id: organization_id(m) }],
    (m, found) => same(found.saml_connections[0].connection_id, saml(m).connection_id),
  ),
  "sso.authenticate": row(
    async (m) => {
      const { connection_id } = saml(m);
      const acs_url = `${m.emulator.url}/v1/b2b/sso/callback/${connection_id}`;
      const signed = await fetch(`${m.emulator.url}/_emulator/idp/1/saml`, {
        method: "POST",
        headers: { accept: "application/json" },
        body: JSON.stringify({ acs_url, email: "sso@acme.example", name: "Ada" }),
      });
      const { SAMLResponse } = await signed.json();
      const returned = await fetch(acs_url, { method: "POST", body: new URLSearchParams({ SAMLResponse }), redirect: "manual" });
      return [{ sso_token: new URL(returned.headers.get("location")).searchParams.get("token") }];
    },
    async (m, { member }) => {
      const { member: found } = await m.client.organizations.members.get({ organization_id: organization_id(m), member_id: member.member_id });
      same(found.sso_registrations[0].connection_id, saml(m).connection_id);
    },
  ),
  "sso.deleteConnection": row(
    (m) => [external(m)],
    async (m) => deepSame((await connections(m)).external_connections, []),
  ),
};
