//! The SCIM connection of an organization of a seed, with the users and groups of the directory.

use serde_json::json;

use super::connection::ScimConnection;
use super::connections::{group_roles, identity_provider};
use super::resource::{self, Kind, Resource, attributes_of};
use super::{groups, users};
use crate::b2b::B2b;
use crate::b2b::organization::Organization;
use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::fields::Fields;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::merge::Object;

/// The directory of a connection that is stored, before its members are stored.
pub(crate) struct SeededDirectory {
    given: Given,
    users: Vec<Given>,
    groups: Vec<Given>,
    group_roles: Fields,
}

/// Adds a connection in the form that the API returns, with its `bearer_token`. The organization is stored. Returns the
/// directory: `users` and `groups` in the form of SCIM, and the roles of the groups.
pub(crate) fn add_connection(
    b2b: &mut B2b,
    ids: &mut Ids,
    organization: &Organization,
    mut given: Given,
) -> Result<SeededDirectory, SeedError> {
    let (drawn_id, drawn_token) = (ids.id("scim-connection"), ids.bearer_token());
    let id = given.id("connection_id", "scim-connection", ids)?;
    let connection_id = id.unwrap_or(drawn_id);
    if b2b.scim_connections.by_id(&connection_id).is_some() {
        return Err(given.refused("connection_id", "is the id of another connection"));
    }
    let token = given.text("bearer_token")?;
    let message = "must be at least 16 printable ASCII characters without a space";
    let is_valid =
        |token: &String| token.len() >= 16 && token.bytes().all(|b| b.is_ascii_graphic());
    if token.as_ref().is_some_and(|token| !is_valid(token)) {
        return Err(given.refused("bearer_token", message));
    }
    let fields = given.fields(&["identity_provider"]);
    let name = identity_provider(&fields).map_err(|failure| given.failed(&failure))?;
    let connection = ScimConnection {
        organization_id: organization.organization_id.clone(),
        connection_id,
        display_name: given.text("display_name")?.unwrap_or_default(),
        identity_provider: name.unwrap_or_else(|| "generic".to_owned()),
        bearer_token: token.unwrap_or(drawn_token),
        next_bearer_token: None,
        group_roles: Vec::new(),
    };
    given.ignore(&["organization_id", "status", "base_url"]);
    let directory = SeededDirectory {
        users: given.objects("users")?,
        groups: given.objects("groups")?,
        group_roles: given.fields(&[ROLES]),
        given,
    };
    b2b.put_scim_connection(connection, organization.updated_at);
    Ok(directory)
}

impl SeededDirectory {
    /// Adds the users and groups. A user becomes a member, or belongs to the member with the same email address.
    pub(crate) fn add(
        self,
        b2b: &mut B2b,
        ids: &mut Ids,
        organization: &Organization,
        now: UnixSeconds,
    ) -> Result<(), SeedError> {
        let given = self.given;
        let connection = b2b.scim_connections.of(&organization.organization_id);
        let Some(mut connection) = connection.cloned() else {
            return given.finish(&json!({}));
        };
        for user in self.users {
            let attributes = user.all();
            let resource = resource(&connection, Kind::User, String::new(), attributes, now);
            let user_of = resource.and_then(|user| users::put(b2b, ids, &connection, user, now));
            user_of.map_err(|failure| user.failed(&failure))?;
        }
        for mut group in self.groups {
            let id = group.id("id", "scim-group", ids)?.unwrap_or_default();
            if b2b.scim_resources.has(&id) {
                return Err(group.refused("id", "is the id of another group"));
            }
            let attributes = group.all();
            let resource = resource(&connection, Kind::Group, id, attributes, now);
            let stored = resource.and_then(|group| groups::put(b2b, ids, &connection, group, now));
            stored.map_err(|failure| group.failed(&failure))?;
        }
        let roles = self.group_roles.rows(ROLES);
        let roles = roles.and_then(|rows| group_roles(b2b, organization, &connection, rows));
        if let Some(rows) = roles.map_err(|failure| given.failed(&failure))? {
            connection.group_roles = rows;
            b2b.put_scim_connection(connection.clone(), organization.updated_at);
            b2b.assign_group_roles(&connection, now);
        }
        given.finish(&json!({}))
    }
}

fn resource(
    connection: &ScimConnection,
    kind: Kind,
    id: String,
    attributes: &Object,
    now: UnixSeconds,
) -> Result<Resource, Failure> {
    let attributes = attributes_of(attributes);
    resource::validate(kind, &attributes)?;
    Ok(Resource {
        id,
        connection_id: connection.connection_id.clone(),
        kind,
        attributes,
        created_at: now,
        updated_at: now,
    })
}

/// The list of the API that assigns roles to groups.
const ROLES: &str = "scim_group_implicit_role_assignments";
