//! The routes for SSO connections of every type: list and delete.

use serde_json::{Value, json};

use super::{Connection, Protocol};
use crate::b2b::B2b;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};

/// `GET /v1/b2b/sso/{organization_id}`. Lists active and pending connections.
pub(crate) fn list(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let origin = call.request.origin();
    let views = |is_wanted: fn(&Protocol) -> bool| -> Vec<Value> {
        let connections = b2b.connections.of(&organization.organization_id);
        let wanted = connections.filter(|connection| is_wanted(&connection.protocol));
        wanted.map(|connection| connection.view(&origin)).collect()
    };
    Ok(Reply::ok(json!({
        "saml_connections": views(|protocol| matches!(protocol, Protocol::Saml(_))),
        "oidc_connections": views(|protocol| matches!(protocol, Protocol::Oidc(_))),
        "external_connections": views(|protocol| matches!(protocol, Protocol::External(_))),
    })))
}

/// `DELETE /v1/b2b/sso/{organization_id}/connections/{connection_id}`. The default connection cannot be deleted while
/// another connection is active.
pub(crate) fn delete(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = &organization.organization_id;
    let connections = &b2b.connections;
    let connection_id = call.path_param("connection_id");
    let connection = connections.find(id, connection_id, &errors::SSO_CONNECTION_NOT_FOUND)?;
    let is_default = organization.sso_default_connection_id.as_deref() == Some(connection_id);
    let is_other = |other: &Connection| other.connection_id != connection_id && other.is_active();
    if is_default && connections.of(id).any(is_other) {
        return Err(errors::CANNOT_DELETE_DEFAULT_SSO_CONNECTION.failure());
    }
    let connection = connection.clone();
    b2b.remove_connection(&connection, call.now);
    Ok(Reply::ok(
        json!({ "connection_id": connection.connection_id }),
    ))
}
