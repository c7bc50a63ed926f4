//! The users and groups that a directory has sent, and their form in SCIM (RFC 7643).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::patch::READ_ONLY;
use super::path::{CORE_GROUP, CORE_USER, ENTERPRISE, canonical};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::merge::Object;
use crate::store::{Record, Store};

/// A user or a group of a directory.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource {
    /// For a user, the id of the member.
    pub(super) id: String,
    pub(super) connection_id: String,
    pub(super) kind: Kind,
    /// The attributes that the directory has sent. The server sets the others.
    pub(super) attributes: Value,
    pub(super) created_at: UnixSeconds,
    pub(super) updated_at: UnixSeconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    User,
    Group,
}

/// The users and groups of all directories, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Resources(Store<Resource>);

/// The index of the resources. The key is the connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Connection(Kind),
}

impl Record for Resource {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Connection(self.kind), self.connection_id.clone())]
    }
}

impl Resources {
    /// Returns the users or groups of a connection.
    pub(super) fn of(&self, connection_id: &str, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.0.all(By::Connection(kind), connection_id)
    }

    /// Finds a user or a group of a connection.
    pub(super) fn find(&self, connection_id: &str, kind: Kind, id: &str) -> Option<&Resource> {
        let found = self.0.get(id);
        found.filter(|one| one.connection_id == connection_id && one.kind == kind)
    }

    /// Returns the number of users, and the groups with their numbers of users.
    pub(crate) fn overview(&self, connection_id: &str) -> (usize, Vec<Value>) {
        let groups = self.of(connection_id, Kind::Group).map(|group| {
            let members = group.member_ids().count();
            json!({ "group_id": group.id, "group_name": group.name(), "user_count": members })
        });
        (self.of(connection_id, Kind::User).count(), groups.collect())
    }

    /// Whether any directory has a user or group with this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.get(id).is_some()
    }

    pub(super) fn put(&mut self, resource: Resource) {
        self.0.put(resource);
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Removes what a directory has sent through a connection.
    pub(super) fn remove_all_of(&mut self, connection_id: &str) {
        for kind in [Kind::User, Kind::Group] {
            self.0
                .remove_all(By::Connection(kind), connection_id, |_| true);
        }
    }
}

impl Kind {
    /// The name of the type, and the path segment of its resources without the plural.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The attribute that names a resource, and that is required.
    fn naming_attribute(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }
}

impl Resource {
    /// Returns the name: `userName` or `displayName`.
    pub(super) fn name(&self) -> &str {
        self.text(self.kind.naming_attribute())
    }

    /// Returns a text, or an empty text if the attribute is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        let value = self.attributes.get(name).and_then(Value::as_str);
        value.unwrap_or_default()
    }

    /// Whether the user is active. Some directories send booleans as texts.
    pub(super) fn is_active(&self) -> bool {
        match self.attributes.get("active") {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
            _ => true,
        }
    }

    /// Returns the ids of the users of a group.
    pub(super) fn member_ids(&self) -> impl Iterator<Item = &str> {
        let members = self.attributes.get("members").and_then(Value::as_array);
        let members = members.into_iter().flatten();
        members.filter_map(|member| member.get("value")?.as_str())
    }

    /// Returns the form of SCIM. `groups` are the groups of a user.
    pub(super) fn view(&self, origin: &str, groups: Option<Value>) -> Value {
        let schema = match self.kind {
            Kind::User => CORE_USER,
            Kind::Group => CORE_GROUP,
        };
        let mut schemas = vec![schema];
        if self.attributes.get(ENTERPRISE).is_some() {
            schemas.push(ENTERPRISE);
        }
        let mut view = Object::new();
        view.insert("schemas".into(), json!(schemas));
        view.insert("id".into(), json!(self.id));
        if let Value::Object(attributes) = &self.attributes {
            view.extend(attributes.clone());
        }
        if self.kind == Kind::User {
            view.insert("active".into(), json!(self.is_active()));
        }
        if let Some(groups) = groups {
            view.insert("groups".into(), groups);
        }
        let name = self.kind.name();
        let location = format!(
            "{origin}/v1/b2b/scim/{}/{name}s/{}",
            self.connection_id, self.id
        );
        view.insert(
            "meta".into(),
            json!({
                "resourceType": name,
                "created": self.created_at,
                "lastModified": self.updated_at,
                "location": location,
            }),
        );
        Value::Object(view)
    }
}

/// Returns the attributes of a body that the directory may set. A password is dropped, because members do not log in with
/// it.
pub(super) fn attributes_of(body: &Object) -> Value {
    let mut kept = Object::new();
    for (name, value) in body {
        let name = canonical(name);
        if !READ_ONLY.contains(&name.as_str()) && name != "password" && !value.is_null() {
            kept.insert(name, value.clone());
        }
    }
    Value::Object(kept)
}

/// Returns `invalidValue` unless the attributes have the types of RFC 7643 and the name of the resource.
pub(super) fn validate(kind: Kind, attributes: &Value) -> Result<(), Failure> {
    let refused = |name: &str| {
        errors::SCIM_INVALID_VALUE.with_message(format!("The attribute {name} is malformed."))
    };
    let naming = kind.naming_attribute();
    let name = attributes.get(naming).and_then(Value::as_str);
    name.filter(|name| !name.is_empty()).ok_or_else(|| {
        errors::SCIM_INVALID_VALUE.with_message(format!("The attribute {naming} is required."))
    })?;
    for list in LISTS {
        let items = attributes.get(list);
        let is_list = |items: &Value| {
            let items = items.as_array();
            items.is_some_and(|items| items.iter().all(Value::is_object))
        };
        if !items.is_none_or(is_list) {
            return Err(refused(list));
        }
    }
    for (name, is_fitting) in [
        (
            "active",
            (|value| value.is_boolean() || value.is_string()) as fn(&Value) -> bool,
        ),
        ("name", Value::is_object),
        (ENTERPRISE, Value::is_object),
        ("displayName", Value::is_string),
        ("externalId", Value::is_string),
    ] {
        if !attributes.get(name).is_none_or(is_fitting) {
            return Err(refused(name));
        }
    }
    Ok(())
}

/// The attributes that are lists of objects.
const LISTS: [&str; 9] = [
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "entitlements",
    "roles",
    "x509Certificates",
    "members",
];
