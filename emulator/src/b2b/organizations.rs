//! Organizations: what is stored of one, and how one is found and created. The settings that decide who may join are
//! judged next door, in `settings.rs`.

use serde::Serialize;
use serde_json::{Value, json};

use super::settings::Settings;
use crate::Emulator;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::{self, Object};
use crate::rbac::policy::{self, Role};
use crate::shapes;

/// An organization, its fields as they stand on the wire. The empty ones are products that this emulator does not have.
#[derive(Clone, Serialize)]
pub(crate) struct Organization {
    pub(crate) organization_id: String,
    pub(crate) organization_name: String,
    organization_logo_url: String,
    pub(crate) organization_slug: String,
    organization_external_id: Option<String>,
    #[serde(flatten)]
    pub(crate) settings: Settings,
    sso_jit_provisioning_allowed_connections: [Value; 0],
    sso_active_connections: [Value; 0],
    sso_default_connection_id: (),
    scim_active_connection: (),
    pub(crate) custom_roles: Vec<Role>,
    trusted_metadata: Object,
    created_at: UnixSeconds,
    pub(crate) updated_at: UnixSeconds,
}

#[derive(Clone, Default)]
pub(crate) struct Organizations(Vec<Organization>);

impl Organizations {
    /// An organization by its id, its slug or the caller's own id.
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

    fn has_slug(&self, slug: &str) -> bool {
        self.0
            .iter()
            .any(|organization| organization.organization_slug == slug)
    }

    fn has_external_id(&self, id: &str) -> bool {
        self.0
            .iter()
            .any(|organization| organization.organization_external_id.as_deref() == Some(id))
    }

    /// A free slug made of a name: lower-case words joined by hyphens, and a number where that is taken.
    fn slug_for(&self, name: &str) -> String {
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

/// `POST /v1/b2b/organizations`.
pub(crate) fn create(emulator: &mut Emulator, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organizations = &mut emulator.b2b.organizations;
    let name = fields
        .text("organization_name")?
        .ok_or(&errors::ORGANIZATION_NAME_MISSING)?;
    if name.chars().count() > 128 {
        return Err(errors::INVALID_ORGANIZATION_NAME.failure());
    }
    let slug = slug(fields)?;
    let external_id = external_id(fields)?;
    let settings = Settings::read(fields)?;
    let roles: Vec<&Role> = emulator.b2b.project.policy.roles.iter().collect();
    policy::judge_assigned(settings.implicit_role_ids(), &roles)?;
    let mut trusted_metadata = Object::new();
    merge::metadata(
        &mut trusted_metadata,
        fields.object("trusted_metadata")?.unwrap_or(&Object::new()),
    )?;

    if slug
        .as_deref()
        .is_some_and(|slug| organizations.has_slug(slug))
    {
        return Err(errors::ORGANIZATION_SLUG_USED.failure());
    }
    if external_id
        .as_deref()
        .is_some_and(|id| organizations.has_external_id(id))
    {
        return Err(errors::ORGANIZATION_EXTERNAL_ID_USED.failure());
    }
    let organization = Organization {
        organization_id: emulator.ids.id("organization"),
        organization_name: name.to_owned(),
        organization_logo_url: fields
            .text("organization_logo_url")?
            .unwrap_or_default()
            .to_owned(),
        organization_slug: slug.unwrap_or_else(|| organizations.slug_for(name)),
        organization_external_id: external_id,
        settings,
        sso_jit_provisioning_allowed_connections: [],
        sso_active_connections: [],
        sso_default_connection_id: (),
        scim_active_connection: (),
        custom_roles: Vec::new(),
        trusted_metadata,
        created_at: call.now,
        updated_at: call.now,
    };
    organizations.0.push(organization.clone());
    Ok(Reply::ok(json!({ "organization": organization })))
}

/// `GET /v1/b2b/organizations/{organization_id}`.
pub(crate) fn read(emulator: &mut Emulator, call: &Call) -> Result<Reply, Failure> {
    let organization = emulator
        .b2b
        .organizations
        .find(call.path_param("organization_id"))?;
    Ok(Reply::ok(json!({ "organization": organization })))
}

fn not_found() -> Failure {
    errors::ORGANIZATION_NOT_FOUND.failure()
}

fn slug(fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text("organization_slug")? else {
        return Ok(None);
    };
    if shapes::is_slug(text) {
        Ok(Some(text.into()))
    } else {
        Err(errors::INVALID_ORGANIZATION_SLUG.failure())
    }
}

fn external_id(fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text("organization_external_id")? else {
        return Ok(None);
    };
    let sound = shapes::is_external_id(text);
    if sound {
        Ok(Some(text.into()))
    } else {
        Err(errors::INVALID_ORGANIZATION_EXTERNAL_ID.failure())
    }
}
