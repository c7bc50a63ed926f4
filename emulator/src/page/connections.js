// The SSO connections and the SCIM connection of an organization, with the addresses that an identity provider needs.

import { element } from "./dom.js";
import { badge, copyable, facts, id, list, row, toneOf } from "./parts.js";

export function connections(organization, identity_providers) {
  const sso = organization.sso_connections ?? [];
  const { scim_connection: scim } = organization;
  return [
    sso.length > 0 && element("h4", { key: "sso" }, "SSO connections"),
    sso.map((connection) => ssoRow(connection, organization, identity_providers)),
    scim && element("h4", { key: "scim" }, "SCIM connection"),
    scim && scimRow(scim),
  ];
}

function ssoRow(connection, organization, identity_providers) {
  const is_default = organization.sso_default_connection_id === connection.connection_id;
  const { kind, built_in } = connection;
  return row(
    connection.connection_id,
    connection.display_name || connection.connection_id,
    [kind, built_in && badge("Identity provider of the emulator"), is_default && badge("Default"), badge(connection.status, toneOf(connection.status))],
    [
      facts(
        ["Connection ID", id(connection.connection_id)],
        ["Kind of provider", connection.identity_provider],
        ["Entity ID of the provider", id(connection.idp_entity_id)],
        ["Log-in URL of the provider", id(connection.idp_sso_url || connection.authorization_url)],
        ["Issuer", id(connection.issuer)],
        ["Client ID", id(connection.client_id)],
        ["Attribute mapping", mapping(connection)],
        ["ACS URL", id(connection.acs_url)],
        ["Audience", id(connection.audience_uri)],
        ["Redirect URL", id(connection.redirect_url)],
        ["Other organization", id(connection.external_organization_id)],
        ["Its connection", id(connection.external_connection_id)],
        ["Roles of all", roles(connection.saml_connection_implicit_role_assignments ?? connection.external_connection_implicit_role_assignments)],
        ["Roles of groups", roles(connection.saml_group_implicit_role_assignments ?? connection.external_group_implicit_role_assignments)],
      ),
      connection.status === "pending" && !built_in && hint(kind, identity_providers?.[0]?.url),
    ],
  );
}

function mapping({ kind, attribute_mapping }) {
  if (attribute_mapping) return list(Object.entries(attribute_mapping).map(([name, value]) => `${name}: ${value}`));
  return kind === "SAML" ? "missing: without attribute_mapping, the connection is pending" : undefined;
}

/** How a connection gets an identity provider of the emulator. */
function hint(kind, url) {
  if (!url) return undefined;
  const [field, address] = kind === "SAML" ? ["metadata_url", `${url}/metadata`] : ["issuer", url];
  return [element("h4", {}, `To use an identity provider of the emulator, set ${field}`), copyable(address)];
}

function scimRow(scim) {
  const groups = (scim.groups ?? []).map(({ group_name, user_count }) => `${group_name} (${user_count})`);
  return row(
    scim.connection_id,
    scim.display_name || scim.connection_id,
    [scim.rotates && badge("Two bearer tokens", "warm"), badge(scim.status, toneOf(scim.status))],
    [
      facts(
        ["Connection ID", id(scim.connection_id)],
        ["Kind of provider", scim.identity_provider],
        ["Users", String(scim.user_count)],
        ["Groups", list(groups)],
        ["Roles of groups", roles(scim.scim_group_implicit_role_assignments)],
      ),
      element("h4", {}, "Base URL"),
      copyable(scim.base_url),
    ],
  );
}

const roles = (rows) => list(rows?.map(({ role_id, group, group_name }) => (group ?? group_name ? `${role_id} for ${group ?? group_name}` : role_id)));
