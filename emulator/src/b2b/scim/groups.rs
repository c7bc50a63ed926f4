//! The groups of a directory, which assign roles to members.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::connection::ScimConnection;
use super::resource::{Kind, Resource};
use crate::b2b::B2b;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;

/// Stores a new or changed group. For a new group, the id of the resource is empty. Its members must be users of the
/// directory.
pub(super) fn put(
    b2b: &mut B2b,
    ids: &mut Ids,
    connection: &ScimConnection,
    mut group: Resource,
    now: UnixSeconds,
) -> Result<Resource, Failure> {
    let mut members: Vec<Value> = Vec::new();
    for id in group.member_ids() {
        let user = b2b
            .scim_resources
            .find(&connection.connection_id, Kind::User, id);
        let user = user.ok_or_else(|| {
            errors::SCIM_INVALID_VALUE
                .with_message("A member of the group is not a user of the directory.")
        })?;
        let member = json!({ "value": user.id, "display": user.name() });
        if !members.contains(&member) {
            members.push(member);
        }
    }
    if let Value::Object(attributes) = &mut group.attributes {
        attributes.insert("members".into(), json!(members));
    }
    if group.id.is_empty() {
        group.id = ids.id("scim-group");
    }
    b2b.scim_resources.put(group.clone());
    rename(b2b, &group, now);
    if let Ok(connection) = b2b
        .scim_connections
        .find(&connection.organization_id, &connection.connection_id)
    {
        let connection = connection.clone();
        b2b.assign_group_roles(&connection, now);
    }
    Ok(group)
}

/// Removes a group. Members lose the roles that the group assigned.
pub(super) fn remove(
    b2b: &mut B2b,
    connection: &ScimConnection,
    group: &Resource,
    now: UnixSeconds,
) {
    b2b.scim_resources.remove(&group.id);
    let mut connection = connection.clone();
    connection
        .group_roles
        .retain(|row| row.get("group_id").and_then(Value::as_str) != Some(&group.id));
    b2b.put_scim_connection(connection.clone(), now);
    b2b.assign_group_roles(&connection, now);
}

/// Removes a deleted user from all groups.
pub(super) fn remove_user(b2b: &mut B2b, connection_id: &str, user_id: &str) {
    let groups = b2b.scim_resources.of(connection_id, Kind::Group);
    let groups: Vec<Resource> = groups.cloned().collect();
    for mut group in groups {
        if let Some(Value::Array(members)) = group.attributes.get_mut("members") {
            members.retain(|member| member.get("value").and_then(Value::as_str) != Some(user_id));
        }
        b2b.scim_resources.put(group);
    }
}

/// Writes the name of a group into the role assignments of the connection.
fn rename(b2b: &mut B2b, group: &Resource, now: UnixSeconds) {
    let Some(connection) = b2b.scim_connections.by_id(&group.connection_id) else {
        return;
    };
    let mut connection = connection.clone();
    for row in &mut connection.group_roles {
        if row.get("group_id").and_then(Value::as_str) == Some(&group.id)
            && let Value::Object(row) = row
        {
            row.insert("group_name".into(), json!(group.name()));
        }
    }
    b2b.put_scim_connection(connection, now);
}

impl B2b {
    /// Returns the groups of a user, in the form of SCIM.
    pub(super) fn scim_groups_of(&self, connection: &ScimConnection, user_id: &str) -> Value {
        let groups = self
            .scim_resources
            .of(&connection.connection_id, Kind::Group);
        let own = groups.filter(|group| group.member_ids().any(|id| id == user_id));
        own.map(|group| json!({ "value": group.id, "display": group.name() }))
            .collect()
    }

    /// Assigns the roles of groups to their members, and removes the roles that groups do not assign any more. Also writes
    /// the groups of each user to the member.
    pub(super) fn assign_group_roles(&mut self, connection: &ScimConnection, now: UnixSeconds) {
        let connection_id = &connection.connection_id;
        let mut groups_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for group in self.scim_resources.of(connection_id, Kind::Group) {
            for id in group.member_ids() {
                groups_of
                    .entry(id.to_owned())
                    .or_default()
                    .push(group.id.clone());
            }
        }
        let users = self.scim_resources.of(connection_id, Kind::User);
        let ids: Vec<String> = users.map(|user| user.id.clone()).collect();
        for id in ids {
            let Ok(member) = self.members.in_any_status(&id) else {
                continue;
            };
            let mut changed = member.clone();
            let own = groups_of.remove(&id).unwrap_or_default();
            let rows = connection.group_roles.iter().filter_map(|row| {
                let text = |name: &str| row.get(name)?.as_str();
                let group_id = text("group_id")?;
                let is_own = own.iter().any(|own| own == group_id);
                is_own.then_some((text("role_id")?, group_id))
            });
            let sources = rows.map(|(role_id, group_id)| {
                let details = json!({ "connection_id": connection_id, "group_id": group_id });
                let source = json!({ "type": "scim_connection_group", "details": details });
                (role_id.to_owned(), source)
            });
            changed.replace_sources_of(connection_id, sources.collect());
            let groups = self.scim_groups_of(connection, &id);
            if let Some(Value::Object(registration)) = &mut changed.scim_registration
                && let Some(Value::Object(attributes)) = registration.get_mut("scim_attributes")
            {
                attributes.insert("groups".into(), groups);
            }
            if changed != *member {
                changed.updated_at = now;
                self.members.put(changed);
            }
        }
    }
}
