//! Organizations: create and read.

use serde_json::json;

use super::B2b;
use super::organization::Organization;
use super::settings::Settings;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::rbac::policy::{self, Role};
use crate::shapes;

/// `POST /v1/b2b/organizations`.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organizations = &mut b2b.organizations;
    let name = fields
        .text("organization_name")?
        .ok_or(&errors::ORGANIZATION_NAME_MISSING)?;
    if name.chars().count() > 128 {
        return Err(errors::INVALID_ORGANIZATION_NAME.failure());
    }
    let slug = slug(fields)?;
    let external_id = external_id(fields)?;
    let settings = Settings::read(fields)?;
    let roles: Vec<&Role> = b2b.project.policy.roles.iter().collect();
    policy::validate_assigned(settings.implicit_role_ids(), &roles)?;
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
    let slug = slug.unwrap_or_else(|| organizations.slug_for(name));
    let mut organization = Organization::new(ids, name, slug, settings, call.now);
    fields
        .text("organization_logo_url")?
        .unwrap_or_default()
        .clone_into(&mut organization.organization_logo_url);
    organization.organization_external_id = external_id;
    organization.trusted_metadata = trusted_metadata;
    organizations.put(organization.clone());
    Ok(Reply::ok(json!({ "organization": organization })))
}

/// `GET /v1/b2b/organizations/{organization_id}`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    Ok(Reply::ok(json!({ "organization": organization })))
}

pub(super) fn slug(fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text("organization_slug")? else {
        return Ok(None);
    };
    if shapes::is_slug(text) {
        Ok(Some(text.into()))
    } else {
        Err(errors::INVALID_ORGANIZATION_SLUG.failure())
    }
}

pub(super) fn external_id(fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text("organization_external_id")? else {
        return Ok(None);
    };
    let valid = shapes::is_external_id(text);
    if valid {
        Ok(Some(text.into()))
    } else {
        Err(errors::INVALID_ORGANIZATION_EXTERNAL_ID.failure())
    }
}
