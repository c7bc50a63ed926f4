//! The data of SCIM connections, and their lookup.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::b2b::B2b;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::merge;
use crate::store::{Record, Store};

/// A SCIM connection of an organization. A deleted connection is removed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScimConnection {
    pub(crate) organization_id: String,
    pub(crate) connection_id: String,
    pub(crate) display_name: String,
    pub(crate) identity_provider: String,
    pub(crate) bearer_token: String,
    /// The second token during a rotation.
    pub(crate) next_bearer_token: Option<String>,
    /// The roles of groups, in the form of the API.
    pub(crate) group_roles: Vec<Value>,
}

/// The SCIM connections of all organizations, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ScimConnections(Store<ScimConnection>);

/// The index of the connections.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Organization,
}

impl Record for ScimConnection {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Organization];

    fn id(&self) -> &str {
        &self.connection_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Organization, self.organization_id.clone())]
    }
}

impl ScimConnections {
    /// Returns the connection of an organization.
    pub(crate) fn of(&self, organization_id: &str) -> Option<&ScimConnection> {
        self.0.first(By::Organization, organization_id)
    }

    /// Finds the connection of an organization by its id.
    pub(crate) fn find(&self, organization_id: &str, id: &str) -> Result<&ScimConnection, Failure> {
        let found = self.of(organization_id);
        let found = found.filter(|connection| connection.connection_id == id);
        found.ok_or_else(|| errors::NO_ACTIVE_SCIM_CONNECTION.failure())
    }

    /// Finds a connection by its id.
    pub(super) fn by_id(&self, id: &str) -> Option<&ScimConnection> {
        self.0.get(id)
    }

    /// Finds the connection that accepts a bearer token.
    pub(crate) fn authenticated(&self, id: &str, bearer_token: &str) -> Option<&ScimConnection> {
        let accepts = |connection: &&ScimConnection| {
            let tokens = [
                Some(&connection.bearer_token),
                connection.next_bearer_token.as_ref(),
            ];
            let mut tokens = tokens.into_iter().flatten();
            tokens.any(|token| token == bearer_token)
        };
        self.0.get(id).filter(accepts)
    }
}

impl ScimConnection {
    /// Returns the JSON form of the API without the tokens.
    pub(crate) fn view(&self, origin: &str) -> Value {
        let mut view = merge::object(self.shared_view(origin));
        let next = self.next_bearer_token.as_deref();
        view.insert(
            "bearer_token_last_four".into(),
            json!(last_four(&self.bearer_token)),
        );
        view.insert(
            "next_bearer_token_last_four".into(),
            json!(next.map_or("", last_four)),
        );
        Value::Object(view)
    }

    /// Returns the form of the response that contains the token.
    pub(crate) fn view_with_token(&self, origin: &str) -> Value {
        let mut view = merge::object(self.shared_view(origin));
        view.insert("bearer_token".into(), json!(self.bearer_token));
        Value::Object(view)
    }

    /// Returns the form of the response that contains the second token.
    pub(crate) fn view_with_next_token(&self, origin: &str) -> Value {
        let mut view = merge::object(self.shared_view(origin));
        view.insert(
            "bearer_token_last_four".into(),
            json!(last_four(&self.bearer_token)),
        );
        view.insert("next_bearer_token".into(), json!(self.next_bearer_token));
        Value::Object(view)
    }

    fn shared_view(&self, origin: &str) -> Value {
        let suffix = match self.identity_provider.as_str() {
            // Without this parameter, Entra sends requests that differ from RFC 7644.
            "microsoft-entra" => "?aadOptscim062020",
            _ => "",
        };
        json!({
            "organization_id": self.organization_id,
            "connection_id": self.connection_id,
            "status": "active",
            "display_name": self.display_name,
            "identity_provider": self.identity_provider,
            "base_url": format!("{origin}/v1/b2b/scim/{}{suffix}", self.connection_id),
            "scim_group_implicit_role_assignments": self.group_roles,
        })
    }
}

impl B2b {
    /// Stores a new or changed connection.
    pub(super) fn put_scim_connection(&mut self, connection: ScimConnection, now: UnixSeconds) {
        let organization_id = connection.organization_id.clone();
        self.scim_connections.0.put(connection);
        self.list_scim_connection(&organization_id, now);
    }

    /// Removes the connection of an organization, and everything that the directory has sent. The members remain.
    pub(in crate::b2b) fn remove_scim_connection(
        &mut self,
        organization_id: &str,
        now: UnixSeconds,
    ) {
        let Some(connection) = self.scim_connections.of(organization_id).cloned() else {
            return;
        };
        self.scim_connections.0.remove(&connection.connection_id);
        self.scim_resources.remove_all_of(&connection.connection_id);
        self.list_scim_connection(organization_id, now);
        let members: Vec<_> = self.members.of(organization_id).cloned().collect();
        for mut member in members {
            let had_roles = member.unlink_connection(&connection.connection_id);
            if member.scim_registration.take().is_some() || had_roles {
                member.updated_at = now;
                self.members.put(member);
            }
        }
    }

    fn list_scim_connection(&mut self, organization_id: &str, now: UnixSeconds) {
        let Ok(organization) = self.organizations.find(organization_id) else {
            return;
        };
        let mut changed = organization.clone();
        let connection = self.scim_connections.of(organization_id);
        changed.scim_active_connection = connection.map(|connection| {
            json!({
                "connection_id": connection.connection_id,
                "display_name": connection.display_name,
                "bearer_token_last_four": last_four(&connection.bearer_token),
            })
        });
        if changed != *organization {
            changed.updated_at = now;
            self.organizations.put(changed);
        }
    }
}

/// Returns the last four characters of a token, which are ASCII.
fn last_four(token: &str) -> &str {
    token
        .get(token.len().saturating_sub(4)..)
        .unwrap_or_default()
}
