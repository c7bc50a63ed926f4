//! The custom roles of an organization, in addition to the roles of its project.

use serde_json::{Value, json};

use super::B2b;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::rbac::policy::Role;

/// `GET /v1/b2b/rbac/organizations/{organization_id}`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organizations = &b2b.organizations;
    let organization = organizations.find(call.path_param("organization_id"))?;
    Ok(reply(&organization.custom_roles))
}

/// `PUT /v1/b2b/rbac/organizations/{organization_id}`. Replaces all custom roles.
pub(crate) fn replace(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let wanted = custom_roles(&call.fields)?;
    let organizations = &b2b.organizations;
    let mut organization = organizations
        .find(call.path_param("organization_id"))?
        .clone();
    b2b.project.policy.validate_custom_roles(&wanted)?;
    organization.custom_roles = wanted;
    organization.updated_at = call.now;
    let reply = reply(&organization.custom_roles);
    b2b.organizations.put(organization);
    Ok(reply)
}

pub(super) fn custom_roles(fields: &Fields) -> Result<Vec<Role>, Failure> {
    let policy = fields.inner("org_policy")?;
    let policy = policy.ok_or_else(|| {
        errors::INVALID_ARGUMENT.with_message("The field org_policy is required.")
    })?;
    let roles = policy.value("roles").cloned().unwrap_or_else(|| json!([]));
    let malformed = |reason: &str| {
        errors::INVALID_RBAC_CUSTOM_ROLE.with_message(format!(
            "The field org_policy.roles is malformed: {reason}."
        ))
    };
    // serde reads a struct from a list of its members, too.
    if !are_objects(&roles) || !members(&roles, "permissions").all(are_objects) {
        return Err(malformed("each role and each permission must be an object"));
    }
    serde_json::from_value(roles).map_err(|error| malformed(&error.to_string()))
}

fn are_objects(list: &Value) -> bool {
    list.as_array()
        .is_none_or(|items| items.iter().all(Value::is_object))
}

fn members<'a>(list: &'a Value, name: &'static str) -> impl Iterator<Item = &'a Value> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(move |item| item.get(name))
}

fn reply(roles: &[Role]) -> Reply {
    Reply::ok(json!({ "org_policy": { "roles": roles } }))
}
