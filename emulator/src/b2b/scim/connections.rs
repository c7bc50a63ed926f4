//! The routes of the API for SCIM connections: create, read, update, delete, the groups, and the rotation of the token.

use serde_json::{Value, json};

use super::connection::ScimConnection;
use super::resource::{Kind, Resource};
use crate::b2b::B2b;
use crate::b2b::organization::Organization;
use crate::b2b::sso::role_assignments;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::Object;
use crate::search::{Family, Search};

/// `POST /v1/b2b/scim/{organization_id}/connection`. An organization has at most one connection. Only this response
/// contains the token.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let name = call.fields.text("display_name")?.unwrap_or_default();
    let identity_provider = identity_provider(&call.fields)?;
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let organization_id = organization.organization_id.clone();
    if b2b.scim_connections.of(&organization_id).is_some() {
        return Err(errors::ACTIVE_SCIM_CONNECTION_EXISTS.failure());
    }
    let connection = ScimConnection {
        organization_id,
        connection_id: ids.id("scim-connection"),
        display_name: name.to_owned(),
        identity_provider: identity_provider.unwrap_or_else(|| "generic".to_owned()),
        bearer_token: ids.bearer_token(),
        next_bearer_token: None,
        group_roles: Vec::new(),
    };
    let view = connection.view_with_token(&call.request.origin());
    b2b.put_scim_connection(connection, call.now);
    Ok(Reply::ok(json!({ "connection": view })))
}

/// `GET /v1/b2b/scim/{organization_id}/connection`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let connection = b2b.scim_connections.of(&organization.organization_id);
    let view = connection.map(|connection| connection.view(&call.request.origin()));
    Ok(Reply::ok(json!({ "connection": view })))
}

/// `PUT /v1/b2b/scim/{organization_id}/connection/{connection_id}`. Changes the values that the call has.
pub(crate) fn update(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let (organization, mut connection) = of_path(b2b, call)?;
    if let Some(name) = fields.text("display_name")? {
        name.clone_into(&mut connection.display_name);
    }
    if let Some(name) = identity_provider(fields)? {
        connection.identity_provider = name;
    }
    let rows = fields.rows("scim_group_implicit_role_assignments")?;
    if let Some(rows) = group_roles(b2b, &organization, &connection, rows)? {
        connection.group_roles = rows;
    }
    let reply = reply(b2b, call, connection.clone());
    b2b.assign_group_roles(&connection, call.now);
    Ok(reply)
}

/// `DELETE /v1/b2b/scim/{organization_id}/connection/{connection_id}`. The members remain.
pub(crate) fn delete(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (organization, connection) = of_path(b2b, call)?;
    b2b.remove_scim_connection(&organization.organization_id, call.now);
    Ok(Reply::ok(
        json!({ "connection_id": connection.connection_id }),
    ))
}

/// `GET /v1/b2b/scim/{organization_id}/connection/{connection_id}`. Lists the groups, one page per call.
pub(crate) fn groups(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let mut asked = Object::new();
    if let Some(limit) = call.query_param("limit") {
        let limit: i64 = limit.parse().map_err(|_| &errors::SEARCH_INVALID_LIMIT)?;
        asked.insert("limit".into(), json!(limit));
    }
    asked.insert("cursor".into(), json!(call.query_param("cursor")));
    let search = Search::read(&Fields::from(asked), &FAMILY)?;
    let (_, connection) = of_path(b2b, call)?;
    let groups = b2b
        .scim_resources
        .of(&connection.connection_id, Kind::Group);
    let (groups, metadata) = search.page(groups);
    let view = |group: &&Resource| {
        json!({
            "group_id": group.id,
            "group_name": group.name(),
            "organization_id": connection.organization_id,
            "connection_id": connection.connection_id,
        })
    };
    let views: Vec<Value> = groups.iter().map(view).collect();
    Ok(Reply::ok(json!({
        "scim_groups": views,
        "next_cursor": metadata.get("next_cursor"),
    })))
}

/// `POST /v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/start`. Only this response contains the second
/// token. If a rotation has started already, its token is replaced.
pub(crate) fn rotate_start(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let (_, mut connection) = of_path(b2b, call)?;
    connection.next_bearer_token = Some(ids.bearer_token());
    let view = connection.view_with_next_token(&call.request.origin());
    b2b.put_scim_connection(connection, call.now);
    Ok(Reply::ok(json!({ "connection": view })))
}

/// `POST /v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/complete`. The second token replaces the first.
pub(crate) fn rotate_complete(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, mut connection) = of_path(b2b, call)?;
    let next = connection.next_bearer_token.take();
    connection.bearer_token = next.ok_or(&errors::SCIM_CONNECTION_NOT_ROTATING)?;
    Ok(reply(b2b, call, connection))
}

/// `POST /v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/cancel`. The second token becomes invalid.
pub(crate) fn rotate_cancel(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, mut connection) = of_path(b2b, call)?;
    let next = connection.next_bearer_token.take();
    next.ok_or(&errors::SCIM_CONNECTION_NOT_ROTATING)?;
    Ok(reply(b2b, call, connection))
}

fn of_path(b2b: &B2b, call: &Call) -> Result<(Organization, ScimConnection), Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = &organization.organization_id;
    let connections = &b2b.scim_connections;
    let connection = connections.find(id, call.path_param("connection_id"))?;
    Ok((organization.clone(), connection.clone()))
}

/// Stores the connection, and returns the response.
fn reply(b2b: &mut B2b, call: &Call, connection: ScimConnection) -> Reply {
    let view = connection.view(&call.request.origin());
    b2b.put_scim_connection(connection, call.now);
    Reply::ok(json!({ "connection": view }))
}

/// Returns the roles of groups in the form of the API, or `None` if a call does not have them.
pub(super) fn group_roles(
    b2b: &B2b,
    organization: &Organization,
    connection: &ScimConnection,
    rows: Option<Vec<Fields>>,
) -> Result<Option<Vec<Value>>, Failure> {
    let Some(rows) = rows else {
        return Ok(None);
    };
    let read = |row: &Fields| group_role(b2b, connection, row);
    let rows: Vec<Value> = rows.iter().map(read).collect::<Result<_, _>>()?;
    role_assignments::validate(b2b, organization, &rows)?;
    Ok(Some(rows))
}

/// Reads the role of a group. The name of the group is that of the directory.
fn group_role(b2b: &B2b, connection: &ScimConnection, row: &Fields) -> Result<Value, Failure> {
    row.ignored_texts(&["group_name"])?;
    let role_id = role_assignments::role_id(row)?;
    let group_id = row.text("group_id")?;
    let group_id = group_id.ok_or(&errors::SCIM_GROUP_ROLE_WITHOUT_GROUP)?;
    let resources = &b2b.scim_resources;
    let group = resources.find(&connection.connection_id, Kind::Group, group_id);
    let group = group.ok_or(&errors::SCIM_GROUP_DOES_NOT_EXIST)?;
    Ok(json!({ "role_id": role_id, "group_id": group_id, "group_name": group.name() }))
}

/// Reads the identity provider of a new or changed connection.
pub(super) fn identity_provider(fields: &Fields) -> Result<Option<String>, Failure> {
    match fields.text("identity_provider")? {
        None => Ok(None),
        Some(name) if IDENTITY_PROVIDERS.contains(&name) => Ok(Some(name.to_owned())),
        Some(_) => Err(errors::INVALID_SCIM_IDP.failure()),
    }
}

/// The pages of groups. They have no filters.
static FAMILY: Family<Resource> = Family {
    name: "scim_groups",
    filters: &[],
    missing_name: &errors::INVALID_ARGUMENT,
    missing_value: &errors::INVALID_ARGUMENT,
    name_must_be_string: &errors::INVALID_ARGUMENT,
    name_not_recognized: &errors::INVALID_ARGUMENT,
};

const IDENTITY_PROVIDERS: [&str; 8] = [
    "generic",
    "okta",
    "microsoft-entra",
    "cyberark",
    "jumpcloud",
    "onelogin",
    "pingfederate",
    "rippling",
];
