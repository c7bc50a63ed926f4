//! The data of an organization, and the lookup of organizations. The settings for joining and log-in are in
//! `settings.rs`.

use serde::{Deserialize, Serialize};

use super::settings::Settings;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::merge::Object;
use crate::rbac::policy::Role;
use crate::shapes;
use crate::unsupported::NoItems;

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
    sso_jit_provisioning_allowed_connections: NoItems,
    #[serde(default)]
    sso_active_connections: NoItems,
    #[serde(default)]
    sso_default_connection_id: (),
    #[serde(default)]
    scim_active_connection: (),
    #[serde(default)]
    pub(crate) custom_roles: Vec<Role>,
    #[serde(default)]
    pub(super) trusted_metadata: Object,
    pub(super) created_at: UnixSeconds,
    pub(crate) updated_at: UnixSeconds,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Organizations(Vec<Organization>);

impl Organizations {
    pub(super) fn keep(&mut self, organization: Organization) {
        self.0.push(organization);
    }

    /// Finds an organization by id, slug or external id.
    pub(crate) fn find(&self, id: &str) -> Result<&Organization, Failure> {
        self.0.get(self.position(id)?).ok_or_else(not_found)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Result<&mut Organization, Failure> {
        let position = self.position(id)?;
        self.0.get_mut(position).ok_or_else(not_found)
    }

    fn position(&self, id: &str) -> Result<usize, Failure> {
        if !shapes::is_external_id(id) && !shapes::is_slug(id) {
            return Err(errors::INVALID_ORGANIZATION_ID.failure());
        }
        let is_it = |organization: &Organization| {
            organization.organization_id == id
                || organization.organization_slug == id
                || organization.organization_external_id.as_deref() == Some(id)
        };
        self.0.iter().position(is_it).ok_or_else(not_found)
    }

    pub(super) fn has_slug(&self, slug: &str) -> bool {
        self.0
            .iter()
            .any(|organization| organization.organization_slug == slug)
    }

    pub(super) fn has_external_id(&self, id: &str) -> bool {
        self.0
            .iter()
            .any(|organization| organization.organization_external_id.as_deref() == Some(id))
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
            sso_jit_provisioning_allowed_connections: NoItems::default(),
            sso_active_connections: NoItems::default(),
            sso_default_connection_id: (),
            scim_active_connection: (),
            custom_roles: Vec::new(),
            trusted_metadata: Object::new(),
            created_at: now,
            updated_at: now,
        }
    }
}

fn not_found() -> Failure {
    errors::ORGANIZATION_NOT_FOUND.failure()
}
