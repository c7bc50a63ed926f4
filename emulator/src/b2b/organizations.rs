//! Organizations: create, read, update and delete.

use serde_json::json;

use super::B2b;
use super::organization::Organization;
use super::settings::Settings;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge;
use crate::rbac::policy::{self, Role};
use crate::shapes;

/// `POST /v1/b2b/organizations`.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let organization = read_new(b2b, ids, call, None)?;
    b2b.organizations.put(organization.clone());
    Ok(Reply::ok(json!({ "organization": organization })))
}

/// Reads a new organization. `default_name` is its name, and the base of its slug, if the call does not have them.
pub(super) fn read_new(
    b2b: &B2b,
    ids: &mut Ids,
    call: &Call,
    default_name: Option<&str>,
) -> Result<Organization, Failure> {
    let fields = &call.fields;
    let organizations = &b2b.organizations;
    let name = fields
        .text("organization_name")?
        .or(default_name)
        .ok_or(&errors::ORGANIZATION_NAME_MISSING)?;
    validate_name(name)?;
    let slug = slug(fields)?;
    let external_id = external_id(fields)?;
    let settings = Settings::read(fields)?;
    validate_implicit_roles(b2b, &settings, &[])?;
    let slug = slug.unwrap_or_else(|| organizations.slug_for(default_name.unwrap_or(name)));
    let mut organization = Organization::new(ids, name, slug, settings, call.now);
    if let Some(url) = fields.text("organization_logo_url")? {
        url.clone_into(&mut organization.organization_logo_url);
    }
    organization.organization_external_id = external_id;
    if let Some(metadata) = fields.object("trusted_metadata")? {
        merge::metadata(&mut organization.trusted_metadata, metadata)?;
    }
    organizations.validate_unique(&organization)?;
    Ok(organization)
}

/// `GET /v1/b2b/organizations/{organization_id}`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    Ok(Reply::ok(json!({ "organization": organization })))
}

/// `PUT /v1/b2b/organizations/{organization_id}`. Changes the fields that the call has.
pub(crate) fn update(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let name = fields.text("organization_name")?;
    name.map_or(Ok(()), validate_name)?;
    let slug = slug(fields)?;
    let external_id = external_id(fields)?;
    let logo_url = fields.text("organization_logo_url")?;
    let allowed_connections = fields.texts("sso_jit_provisioning_allowed_connections")?;
    let default_connection = fields.text("sso_default_connection_id")?;
    let known = b2b.organizations.find(call.path_param("organization_id"))?;
    let mut organization = known.clone();
    organization.settings = organization.settings.updated(fields)?;
    validate_implicit_roles(b2b, &organization.settings, &organization.custom_roles)?;
    if let Some(metadata) = fields.object("trusted_metadata")? {
        merge::metadata(&mut organization.trusted_metadata, metadata)?;
    }
    if let Some(name) = name {
        name.clone_into(&mut organization.organization_name);
    }
    if let Some(url) = logo_url {
        url.clone_into(&mut organization.organization_logo_url);
    }
    organization.organization_slug = slug.unwrap_or(organization.organization_slug);
    organization.organization_external_id = external_id.or(organization.organization_external_id);
    if let Some(ids) = allowed_connections {
        organization.allow_connections(&b2b.connections, ids)?;
    }
    if let Some(id) = default_connection {
        organization.set_default_connection(id)?;
    }
    b2b.organizations.validate_unique(&organization)?;
    Ok(reply(b2b, call, organization))
}

/// `DELETE /v1/b2b/organizations/{organization_id}`. Also deletes the members.
pub(crate) fn delete(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = organization.organization_id.clone();
    b2b.connections.remove_all_of(&id);
    b2b.remove_scim_connection(&id, call.now);
    for member_id in b2b.members.remove_all_of(&id) {
        b2b.project.authenticators.forget(&member_id);
        b2b.forget(&member_id);
        b2b.project.passwords.forget(&member_id);
    }
    b2b.organizations.remove(&id);
    Ok(Reply::ok(json!({ "organization_id": id })))
}

/// `DELETE /v1/b2b/organizations/{organization_id}/external_id`.
pub(crate) fn delete_external_id(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let mut organization = organization.clone();
    organization.organization_external_id = None;
    Ok(reply(b2b, call, organization))
}

/// `GET /v1/b2b/organizations/{organization_id}/metrics`. Deleted members do not count.
pub(crate) fn metrics(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let count = b2b.members.of(&organization.organization_id).count();
    Ok(Reply::ok(json!({ "member_count": count })))
}

/// Stores the changed organization, and returns the response.
fn reply(b2b: &mut B2b, call: &Call, mut organization: Organization) -> Reply {
    organization.updated_at = call.now;
    b2b.organizations.put(organization.clone());
    Reply::ok(json!({ "organization": organization }))
}

fn validate_name(name: &str) -> Result<(), Failure> {
    if name.chars().count() > 128 {
        return Err(errors::INVALID_ORGANIZATION_NAME.failure());
    }
    Ok(())
}

fn validate_implicit_roles(
    b2b: &B2b,
    settings: &Settings,
    custom_roles: &[Role],
) -> Result<(), Failure> {
    let of_project = b2b.project.policy.roles.iter();
    let roles: Vec<&Role> = of_project.chain(custom_roles).collect();
    policy::validate_assigned(settings.implicit_role_ids(), &roles)
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
