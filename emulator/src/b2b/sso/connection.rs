//! The data of SSO connections, and their lookup.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::external::External;
use super::oidc::Oidc;
use super::saml_connection::Saml;
use crate::b2b::B2b;
use crate::clock::UnixSeconds;
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::merge;
use crate::store::{Record, Store};

/// An SSO connection of an organization.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connection {
    pub(crate) organization_id: String,
    pub(crate) connection_id: String,
    pub(crate) display_name: String,
    pub(crate) protocol: Protocol,
}

/// The part of a connection that depends on its type.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Protocol {
    Saml(Box<Saml>),
    Oidc(Oidc),
    External(External),
}

/// The SSO connections of all organizations, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Connections(Store<Connection>);

/// The index of the connections.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Organization,
}

impl Record for Connection {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.connection_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Organization, self.organization_id.clone())]
    }
}

impl Connections {
    /// Finds a connection of any organization and type.
    pub(crate) fn get(&self, connection_id: &str) -> Option<&Connection> {
        self.0.get(connection_id)
    }

    /// Finds a connection of one organization. If it does not exist, returns the error `unknown`.
    pub(crate) fn find(
        &self,
        organization_id: &str,
        connection_id: &str,
        unknown: &'static ErrorRow,
    ) -> Result<&Connection, Failure> {
        let found = self.get(connection_id);
        let found = found.filter(|connection| connection.organization_id == organization_id);
        found.ok_or_else(|| unknown.failure())
    }

    /// Returns the connections of an organization, in the order of creation.
    pub(crate) fn of(&self, organization_id: &str) -> impl Iterator<Item = &Connection> {
        self.0.all(By::Organization, organization_id)
    }

    /// Removes the connections of a deleted organization.
    pub(crate) fn remove_all_of(&mut self, organization_id: &str) {
        self.0
            .remove_all(By::Organization, organization_id, |_| true);
    }
}

impl Connection {
    /// Whether members can log in with the connection, as far as the connection itself decides it.
    pub(crate) fn is_active(&self) -> bool {
        match &self.protocol {
            Protocol::Saml(saml) => saml.is_active(),
            Protocol::Oidc(oidc) => oidc.is_active(),
            Protocol::External(_) => true,
        }
    }

    /// Changes the display name if the call has one.
    pub(crate) fn rename(&mut self, fields: &Fields) -> Result<(), Failure> {
        if let Some(name) = fields.text("display_name")? {
            name.clone_into(&mut self.display_name);
        }
        Ok(())
    }

    /// Returns the JSON form of the API. `origin` is the URL of the API without a path.
    pub(crate) fn view(&self, origin: &str) -> Value {
        let mut view = merge::object(json!({
            "organization_id": self.organization_id,
            "connection_id": self.connection_id,
            "status": if self.is_active() { "active" } else { "pending" },
            "display_name": self.display_name,
        }));
        let callback = self.callback_url(origin);
        view.extend(merge::object(match &self.protocol {
            Protocol::Saml(saml) => saml.view(&callback),
            Protocol::Oidc(oidc) => oidc.view(&callback),
            Protocol::External(external) => json!(external),
        }));
        Value::Object(view)
    }

    /// Returns the URL at which identity providers return users: the ACS URL of SAML, the redirect URL of OpenID
    /// Connect.
    pub(crate) fn callback_url(&self, origin: &str) -> String {
        format!("{origin}/v1/b2b/sso/callback/{}", self.connection_id)
    }

    /// The start of the ids of the accounts that members have at the connection.
    pub(super) fn registration_prefix(&self) -> &'static str {
        match &self.protocol {
            Protocol::Saml(_) => "saml-member-registration",
            Protocol::Oidc(_) => "oidc-member-registration",
            Protocol::External(_) => "external-member-registration",
        }
    }

    /// Returns the form in which an organization lists its active connections.
    fn entry(&self) -> Value {
        let identity_provider = match &self.protocol {
            Protocol::Saml(saml) => saml.identity_provider.as_str(),
            Protocol::Oidc(oidc) => oidc.identity_provider.as_str(),
            Protocol::External(_) => "generic",
        };
        json!({
            "connection_id": self.connection_id,
            "display_name": self.display_name,
            "identity_provider": identity_provider,
        })
    }
}

/// Reads the identity provider of a new or changed connection.
pub(super) fn identity_provider(fields: &Fields) -> Result<Option<String>, Failure> {
    match fields.text("identity_provider")? {
        None => Ok(None),
        Some(name) if IDENTITY_PROVIDERS.contains(&name) => Ok(Some(name.to_owned())),
        Some(_) => Err(errors::INVALID_SSO_IDP.failure()),
    }
}

impl B2b {
    /// Stores a new or changed connection.
    pub(super) fn put_connection(&mut self, connection: Connection, now: UnixSeconds) {
        let organization_id = connection.organization_id.clone();
        self.connections.0.put(connection);
        self.list_connections(&organization_id, now);
    }

    /// Removes a connection, and what it has assigned to members.
    pub(super) fn remove_connection(&mut self, connection: &Connection, now: UnixSeconds) {
        self.connections.0.remove(&connection.connection_id);
        self.list_connections(&connection.organization_id, now);
        let members: Vec<_> = self
            .members
            .of(&connection.organization_id)
            .cloned()
            .collect();
        for mut member in members {
            if member.unlink_connection(&connection.connection_id) {
                member.updated_at = now;
                self.members.put(member);
            }
        }
    }

    /// Lists the active connections of the organization. If no default is set, the first connection is the default.
    fn list_connections(&mut self, organization_id: &str, now: UnixSeconds) {
        let Ok(organization) = self.organizations.find(organization_id) else {
            return;
        };
        let mut changed = organization.clone();
        let active = self.connections.of(organization_id);
        let active: Vec<&Connection> = active.filter(|one| one.is_active()).collect();
        let default = changed.sso_default_connection_id.take();
        let kept = default.filter(|id| active.iter().any(|one| one.connection_id == *id));
        let first = active.first().map(|one| one.connection_id.clone());
        changed.sso_default_connection_id = kept.or(first);
        changed.sso_active_connections = active.into_iter().map(Connection::entry).collect();
        let connections = &self.connections;
        changed
            .sso_jit_provisioning_allowed_connections
            .retain(|id| connections.get(id).is_some());
        if changed != *organization {
            changed.updated_at = now;
            self.organizations.put(changed);
        }
    }
}

const IDENTITY_PROVIDERS: [&str; 15] = [
    "classlink",
    "cyberark",
    "duo",
    "generic",
    "google-workspace",
    "jumpcloud",
    "keycloak",
    "miniorange",
    "microsoft-entra",
    "okta",
    "onelogin",
    "pingfederate",
    "rippling",
    "salesforce",
    "shibboleth",
];
