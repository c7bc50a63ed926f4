//! Organizations, with their SSO connections and their SCIM connection.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{newest, pick};
use crate::b2b::B2b;
use crate::b2b::sso::{Connection, Protocol};
use crate::identity_provider::IdentityProvider;
use crate::merge::Object;

pub(super) fn list(b2b: &B2b, origin: &str) -> (Vec<Object>, usize) {
    let mut members_of: BTreeMap<&str, u64> = BTreeMap::new();
    for member in b2b.members.iter() {
        let count = members_of.entry(&member.organization_id).or_default();
        *count = count.saturating_add(1);
    }
    newest(b2b.organizations.iter(), |organization| {
        let mut view = pick(organization, &ORGANIZATION);
        let id = organization.organization_id.as_str();
        view.insert(
            "member_count".into(),
            json!(members_of.get(id).unwrap_or(&0)),
        );
        let connections = b2b.connections.of(id);
        let connections: Vec<Object> = connections.map(|one| sso(one, origin)).collect();
        view.insert("sso_connections".into(), json!(connections));
        view.insert("scim_connection".into(), scim(b2b, id, origin));
        view
    })
}

/// Returns a connection with its `kind`. `built_in` is the URL of its identity provider, if the emulator is the identity
/// provider.
fn sso(connection: &Connection, origin: &str) -> Object {
    let mut view = pick(&connection.view(origin), &SSO);
    let (kind, provider) = match &connection.protocol {
        Protocol::Saml(_) => ("SAML", view.get("idp_entity_id")),
        Protocol::Oidc(_) => ("OIDC", view.get("issuer")),
        Protocol::External(_) => ("External", None),
    };
    let provider = provider.and_then(Value::as_str);
    let built_in = provider.and_then(IdentityProvider::of_url);
    let built_in = built_in.map(|provider| provider.url().to_owned());
    view.insert("kind".into(), json!(kind));
    view.insert("built_in".into(), json!(built_in));
    view
}

/// Returns the SCIM connection with the groups of its directory, or `null`.
fn scim(b2b: &B2b, organization_id: &str, origin: &str) -> Value {
    let Some(connection) = b2b.scim_connections.of(organization_id) else {
        return Value::Null;
    };
    let mut view = pick(&connection.view(origin), &SCIM);
    let (users, groups) = b2b.scim_resources.overview(&connection.connection_id);
    view.insert("user_count".into(), json!(users));
    view.insert("groups".into(), json!(groups));
    let rotates = connection.next_bearer_token.is_some();
    view.insert("rotates".into(), json!(rotates));
    Value::Object(view)
}

const ORGANIZATION: [&str; 15] = [
    "organization_id",
    "organization_name",
    "organization_slug",
    "organization_external_id",
    "email_allowed_domains",
    "email_jit_provisioning",
    "email_invites",
    "auth_methods",
    "mfa_policy",
    "sso_default_connection_id",
    "sso_jit_provisioning",
    "first_party_connected_apps_allowed_type",
    "custom_roles",
    "trusted_metadata",
    "created_at",
];
const SSO: [&str; 21] = [
    "connection_id",
    "display_name",
    "status",
    "identity_provider",
    "idp_entity_id",
    "idp_sso_url",
    "acs_url",
    "audience_uri",
    "client_id",
    "issuer",
    "authorization_url",
    "userinfo_url",
    "jwks_url",
    "redirect_url",
    "attribute_mapping",
    "saml_connection_implicit_role_assignments",
    "saml_group_implicit_role_assignments",
    "external_organization_id",
    "external_connection_id",
    "external_connection_implicit_role_assignments",
    "external_group_implicit_role_assignments",
];
const SCIM: [&str; 6] = [
    "connection_id",
    "display_name",
    "status",
    "identity_provider",
    "base_url",
    "scim_group_implicit_role_assignments",
];
