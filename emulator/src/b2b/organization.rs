//! The data of an organization, and the lookup of organizations. The settings for joining and log-in are in
//! `settings.rs`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::settings::Settings;
use super::sso::Connections;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::merge::Object;
use crate::rbac::policy::Role;
use crate::shapes;
use crate::store::{Change, Record, Store};

/// An organization in the JSON form of the API. The empty fields are for features that the emulator does not have.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    pub(crate) organization_id: String,
    pub(crate) organization_name: String,
    #[serde(default)]
    pub(super) organization_logo_url: String,
    pub(crate) organization_slug: String,
    #[serde(default)]
    pub(super) organization_external_id: Option<String>,
    #[serde(flatten)]
    pub(crate) settings: Settings,
    #[serde(default)]
    pub(super) sso_jit_provisioning_allowed_connections: Vec<String>,
    #[serde(default)]
    pub(super) sso_active_connections: Vec<Value>,
    #[serde(default)]
    pub(super) sso_default_connection_id: Option<String>,
    #[serde(default)]
    pub(super) scim_active_connection: Option<Value>,
    #[serde(default)]
    pub(crate) custom_roles: Vec<Role>,
    #[serde(default)]
    pub(super) trusted_metadata: Object,
    pub(super) created_at: UnixSeconds,
    pub(crate) updated_at: UnixSeconds,
}

/// All organizations, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Organizations(Store<Organization>);

/// The indexes of the organizations.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Slug,
    ExternalId,
    /// The id, the slug or the external id.
    AnyId,
}

impl Record for Organization {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Slug, By::ExternalId];
    const OBJECT_TYPE: Option<&'static str> = Some("organization");

    fn id(&self) -> &str {
        &self.organization_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        let slug = self.organization_slug.clone();
        let mut keys = vec![
            (By::Slug, slug.clone()),
            (By::AnyId, slug),
            (By::AnyId, self.organization_id.clone()),
        ];
        if let Some(id) = &self.organization_external_id {
            keys.extend([(By::ExternalId, id.clone()), (By::AnyId, id.clone())]);
        }
        keys
    }

    fn differs(&self, other: &Self) -> bool {
        let updated_at = self.updated_at;
        let other = Self {
            updated_at,
            ..other.clone()
        };
        *self != other
    }
}

impl Organizations {
    /// Stores a new organization, or replaces the organization with the same id.
    pub(super) fn put(&mut self, organization: Organization) {
        self.0.put(organization);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Organization> {
        self.0.iter()
    }

    /// Finds an organization by id, slug or external id.
    pub(crate) fn find(&self, id: &str) -> Result<&Organization, Failure> {
        if !shapes::is_external_id(id) && !shapes::is_slug(id) {
            return Err(errors::INVALID_ORGANIZATION_ID.failure());
        }
        let found = self.0.first(By::AnyId, id);
        found.ok_or_else(|| errors::ORGANIZATION_NOT_FOUND.failure())
    }

    /// Returns an error if another organization has the slug or the external id of this organization.
    pub(super) fn validate_unique(&self, organization: &Organization) -> Result<(), Failure> {
        match self.0.collision(organization) {
            None | Some(By::AnyId) => Ok(()),
            Some(By::Slug) => Err(errors::ORGANIZATION_SLUG_USED.failure()),
            Some(By::ExternalId) => Err(errors::ORGANIZATION_EXTERNAL_ID_USED.failure()),
        }
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }

    pub(super) fn has_slug(&self, slug: &str) -> bool {
        self.0.first(By::Slug, slug).is_some()
    }

    pub(super) fn has_external_id(&self, id: &str) -> bool {
        self.0.first(By::ExternalId, id).is_some()
    }

    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        self.0.take_changes()
    }

    /// Derives an unused slug from a name: lower-case words joined by hyphens. If that slug is in use, a number is
    /// appended.
    pub(super) fn slug_for(&self, name: &str) -> String {
        let words = name
            .split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        let mut base = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
        base.truncate(100);
        if !shapes::is_slug(&base) {
            base = format!("organization-{base}")
                .trim_end_matches('-')
                .to_owned();
        }
        let numbered = (2..).map(|number: u32| format!("{base}-{number}"));
        let free = std::iter::once(base.clone())
            .chain(numbered)
            .find(|slug| !self.has_slug(slug));
        free.unwrap_or(base)
    }
}

impl Organization {
    /// Creates an organization. Its logo, external id, custom roles and metadata are empty.
    pub(super) fn new(
        ids: &mut Ids,
        name: &str,
        slug: String,
        settings: Settings,
        now: UnixSeconds,
    ) -> Self {
        Self {
            organization_id: ids.id("organization"),
            organization_name: name.to_owned(),
            organization_logo_url: String::new(),
            organization_slug: slug,
            organization_external_id: None,
            settings,
            sso_jit_provisioning_allowed_connections: Vec::new(),
            sso_active_connections: Vec::new(),
            sso_default_connection_id: None,
            scim_active_connection: None,
            custom_roles: Vec::new(),
            trusted_metadata: Object::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Sets the connections whose users become members if `sso_jit_provisioning` is RESTRICTED.
    ///
    /// Returns `sso_connection_not_found` if the organization does not have a connection.
    pub(super) fn allow_connections(
        &mut self,
        connections: &Connections,
        ids: Vec<String>,
    ) -> Result<(), Failure> {
        for id in &ids {
            connections.find(&self.organization_id, id, &errors::SSO_CONNECTION_NOT_FOUND)?;
        }
        self.sso_jit_provisioning_allowed_connections = ids;
        Ok(())
    }

    /// Whether users of an SSO connection of this organization may join.
    pub(super) fn admits_connection(&self, connection_id: &str) -> bool {
        let allowed = &self.sso_jit_provisioning_allowed_connections;
        match self.settings.sso_jit_provisioning() {
            "ALL_ALLOWED" => true,
            "RESTRICTED" => allowed.iter().any(|id| id == connection_id),
            _ => false,
        }
    }

    /// Sets the connection that is used if a request does not name one. It must be active.
    pub(super) fn set_default_connection(&mut self, id: &str) -> Result<(), Failure> {
        let mut active = self.sso_active_connections.iter();
        let is_it = |one: &Value| one.get("connection_id").and_then(Value::as_str) == Some(id);
        if !active.any(is_it) {
            return Err(errors::INVALID_DEFAULT_SSO_CONNECTION.failure());
        }
        self.sso_default_connection_id = Some(id.to_owned());
        Ok(())
    }
}
