//! The routes for SAML connections.

use serde_json::json;

use super::connection::identity_provider;
use super::saml_connection::Saml;
use super::{Connection, Protocol, role_assignments};
use crate::b2b::B2b;
use crate::b2b::organization::Organization;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;

/// `POST /v1/b2b/sso/saml/{organization_id}`. The connection is pending until the identity provider is configured.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let name = call.fields.text("display_name")?.unwrap_or_default();
    let saml = Saml::new(identity_provider(&call.fields)?);
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let connection = Connection {
        organization_id: organization.organization_id.clone(),
        connection_id: ids.id("saml-connection"),
        display_name: name.to_owned(),
        protocol: Protocol::Saml(Box::new(saml)),
    };
    Ok(reply(b2b, call, connection))
}

/// `PUT /v1/b2b/sso/saml/{organization_id}/connections/{connection_id}`. Changes the values that the call has.
pub(crate) fn update(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let (organization, mut connection, mut saml) = of_path(b2b, call)?;
    connection.rename(fields)?;
    saml.update(ids, fields, call.now)?;
    assign_roles(b2b, &organization, &mut saml, fields)?;
    connection.protocol = Protocol::Saml(Box::new(saml));
    Ok(reply(b2b, call, connection))
}

/// `DELETE /v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/verification_certificates/{certificate_id}`. An
/// active connection keeps its last certificate.
pub(crate) fn delete_certificate(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, mut connection, mut saml) = of_path(b2b, call)?;
    let id = call.path_param("certificate_id");
    let was_active = saml.is_active();
    let count = saml.verification_certificates.len();
    saml.verification_certificates
        .retain(|known| known.certificate_id != id);
    if saml.verification_certificates.len() == count {
        return Err(errors::SSO_VERIFICATION_KEY_NOT_FOUND.failure());
    }
    if was_active && saml.verification_certificates.is_empty() {
        return Err(errors::CANNOT_DELETE_LAST_VERIFICATION_KEY.failure());
    }
    connection.protocol = Protocol::Saml(Box::new(saml));
    b2b.put_connection(connection, call.now);
    Ok(Reply::ok(json!({ "certificate_id": id })))
}

/// `DELETE /v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/encryption_private_keys/{private_key_id}`.
pub(crate) fn delete_private_key(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, mut connection, mut saml) = of_path(b2b, call)?;
    let id = call.path_param("private_key_id");
    let count = saml.encryption_private_keys.len();
    saml.encryption_private_keys
        .retain(|known| known.private_key_id != id);
    if saml.encryption_private_keys.len() == count {
        return Err(errors::SSO_ENCRYPTION_PRIVATE_KEY_NOT_FOUND.failure());
    }
    connection.protocol = Protocol::Saml(Box::new(saml));
    b2b.put_connection(connection, call.now);
    Ok(Reply::ok(json!({ "private_key_id": id })))
}

/// Changes the role assignments that the fields have, after the other values of the connection.
pub(super) fn assign_roles(
    b2b: &B2b,
    organization: &Organization,
    saml: &mut Saml,
    fields: &Fields,
) -> Result<(), Failure> {
    let name = "saml_connection_implicit_role_assignments";
    if let Some(rows) = role_assignments::of_connection(b2b, organization, fields, name)? {
        saml.connection_roles = rows;
    }
    let name = "saml_group_implicit_role_assignments";
    if let Some(rows) = role_assignments::of_groups(b2b, organization, fields, name)? {
        saml.group_roles = rows;
    }
    saml.validate_groups()
}

/// Returns the organization and the connection that the path names.
pub(super) fn of_path(b2b: &B2b, call: &Call) -> Result<(Organization, Connection, Saml), Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = &organization.organization_id;
    let unknown = &errors::SAML_CONNECTION_NOT_FOUND;
    let connections = &b2b.connections;
    let connection = connections.find(id, call.path_param("connection_id"), unknown)?;
    let Protocol::Saml(saml) = &connection.protocol else {
        return Err(unknown.failure());
    };
    Ok((organization.clone(), connection.clone(), (**saml).clone()))
}

/// Stores the connection, and returns the response.
pub(super) fn reply(b2b: &mut B2b, call: &Call, connection: Connection) -> Reply {
    let view = connection.view(&call.request.origin());
    b2b.put_connection(connection, call.now);
    Reply::ok(json!({ "connection": view }))
}
