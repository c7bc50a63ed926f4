//! External connections, which use the SSO connection of another organization: their data and their routes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::saml::reply;
use super::{Connection, Protocol, role_assignments};
use crate::b2b::B2b;
use crate::b2b::organization::Organization;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;

/// The part of an SSO connection that only external connections have, in the JSON form of the API.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct External {
    pub(crate) external_organization_id: String,
    pub(crate) external_connection_id: String,
    pub(crate) external_connection_implicit_role_assignments: Vec<Value>,
    pub(crate) external_group_implicit_role_assignments: Vec<Value>,
}

impl External {
    /// Reads a new connection of the organization.
    pub(super) fn new(
        b2b: &B2b,
        organization: &Organization,
        fields: &Fields,
    ) -> Result<Self, Failure> {
        let external_organization = fields.text("external_organization_id")?;
        let external_organization =
            external_organization.ok_or(&errors::INVALID_ORGANIZATION_ID)?;
        let external_connection = fields.text("external_connection_id")?;
        let external_connection =
            external_connection.ok_or(&errors::EXTERNAL_CONNECTION_ID_NOT_FOUND)?;
        let id = &organization.organization_id;
        let roles = role_assignments::of_connection(
            b2b,
            organization,
            fields,
            "connection_implicit_role_assignments",
        )?;
        let group_roles = role_assignments::of_groups(
            b2b,
            organization,
            fields,
            "group_implicit_role_assignments",
        )?;
        let other = b2b.organizations.find(external_organization)?;
        if other.organization_id == *id {
            return Err(errors::EXTERNAL_ORGANIZATION_IS_THE_SAME.failure());
        }
        let unknown = &errors::EXTERNAL_CONNECTION_ID_NOT_FOUND;
        let connections = &b2b.connections;
        let used = connections.find(&other.organization_id, external_connection, unknown)?;
        if matches!(used.protocol, Protocol::External(_)) {
            return Err(unknown.failure());
        }
        let uses_it = |known: &Connection| {
            matches!(&known.protocol, Protocol::External(external)
                if external.external_connection_id == used.connection_id)
        };
        if connections.of(id).any(uses_it) {
            return Err(errors::DUPLICATE_EXTERNAL_SSO_CONNECTION.failure());
        }
        Ok(Self {
            external_organization_id: other.organization_id.clone(),
            external_connection_id: used.connection_id.clone(),
            external_connection_implicit_role_assignments: roles.unwrap_or_default(),
            external_group_implicit_role_assignments: group_roles.unwrap_or_default(),
        })
    }
}

/// `POST /v1/b2b/sso/external/{organization_id}`. The connection is active at once.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let name = fields.text("display_name")?.unwrap_or_default();
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let external = External::new(b2b, organization, fields)?;
    let connection = Connection {
        organization_id: organization.organization_id.clone(),
        connection_id: ids.id("external-connection"),
        display_name: name.to_owned(),
        protocol: Protocol::External(external),
    };
    Ok(reply(b2b, call, connection))
}

/// `PUT /v1/b2b/sso/external/{organization_id}/connections/{connection_id}`. Changes the values that the call has.
pub(crate) fn update(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = &organization.organization_id;
    let unknown = &errors::EXTERNAL_CONNECTION_ID_NOT_FOUND;
    let connections = &b2b.connections;
    let connection = connections.find(id, call.path_param("connection_id"), unknown)?;
    let mut connection = connection.clone();
    let Protocol::External(external) = &mut connection.protocol else {
        return Err(unknown.failure());
    };
    let name = "external_connection_implicit_role_assignments";
    if let Some(rows) = role_assignments::of_connection(b2b, organization, fields, name)? {
        external.external_connection_implicit_role_assignments = rows;
    }
    let name = "external_group_implicit_role_assignments";
    if let Some(rows) = role_assignments::of_groups(b2b, organization, fields, name)? {
        external.external_group_implicit_role_assignments = rows;
    }
    connection.rename(fields)?;
    Ok(reply(b2b, call, connection))
}
