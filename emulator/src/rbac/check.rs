//! `authorization_check`: whether the roles of a session allow an action on a resource.

use serde_json::{Value, json};

use super::policy::Role;
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;

/// An `authorization_check` of a call.
pub(crate) struct AuthorizationCheck {
    resource_id: String,
    action: String,
    /// The organization of the check. B2B checks have one, consumer checks do not.
    pub(crate) organization_id: Option<String>,
}

impl AuthorizationCheck {
    /// Reads the field `authorization_check`.
    pub(crate) fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        let Some(given) = fields.inner("authorization_check")? else {
            return Ok(None);
        };
        let text = |name| Ok::<_, Failure>(given.text(name)?.map(str::to_owned));
        Ok(Some(Self {
            resource_id: text("resource_id")?.ok_or(&errors::EMPTY_RBAC_RESOURCE_ID)?,
            action: text("action")?.ok_or_else(|| {
                errors::INVALID_ARGUMENT
                    .with_message("The field authorization_check.action is required.")
            })?,
            organization_id: text("organization_id")?,
        }))
    }

    /// Returns the verdict, or the error `refusal` if the held roles do not allow the action. A role that is not in the
    /// policy any more allows nothing.
    pub(crate) fn decide(
        &self,
        held: &[String],
        roles: &[&Role],
        refusal: &'static ErrorRow,
    ) -> Result<Value, Failure> {
        let granting = granting_roles(held, roles, &self.resource_id, &self.action);
        if granting.is_empty() {
            return Err(refusal.failure());
        }
        Ok(json!({ "authorized": true, "granting_roles": granting }))
    }
}

/// Returns the held roles that allow an action, in the order of `held`.
pub(crate) fn granting_roles<'a>(
    held: &'a [String],
    roles: &[&Role],
    resource_id: &str,
    action: &str,
) -> Vec<&'a str> {
    let grants = |role: &&&Role| {
        let mut permissions = role.permissions.iter();
        permissions.any(|permission| permission.allows(resource_id, action))
    };
    let granting: Vec<&str> = roles
        .iter()
        .filter(grants)
        .map(|role| role.role_id.as_str())
        .collect();
    held.iter()
        .map(String::as_str)
        .filter(|id| granting.contains(id))
        .collect()
}
