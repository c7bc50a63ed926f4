//! Policies in the JSON form of the API, and the validation of an organization's custom roles.
//!
//! Assumption: the errors for malformed roles are chosen by the names of the error types. No sample of them is known.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::errors::{self, Failure};

/// The roles, resources and scopes of a project.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Policy {
    #[serde(default)]
    pub(crate) roles: Vec<Role>,
    #[serde(default)]
    pub(crate) resources: Vec<Resource>,
    #[serde(default)]
    pub(crate) scopes: Vec<Scope>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) role_id: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) permissions: Vec<Permission>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) resource_id: String,
    pub(crate) actions: Vec<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) resource_id: String,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) actions: Vec<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scope {
    pub(crate) scope: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) permissions: Vec<Permission>,
}

impl Policy {
    /// Reads `roles`, `resources` and `scopes`, which are lists in the API's form. A missing list is empty.
    ///
    /// Returns a message without a full stop if a list is malformed.
    pub(crate) fn from_lists(list: impl Fn(&str) -> Option<Value>) -> Result<Self, String> {
        let list = |name| list(name).unwrap_or_else(|| json!([]));
        let lists = json!({
            "roles": list("roles"),
            "resources": list("resources"),
            "scopes": list("scopes"),
        });
        serde_json::from_value(lists)
            .map_err(|error| format!("roles, resources or scopes are malformed: {error}"))
    }

    /// Returns an error if an organization of this project cannot have these custom roles.
    pub(crate) fn validate_custom_roles(&self, roles: &[Role]) -> Result<(), Failure> {
        let mut taken: Vec<&str> = self
            .roles
            .iter()
            .map(|role| role.role_id.as_str())
            .collect();
        for role in roles {
            let role_id = role.role_id.as_str();
            if role_id.is_empty() {
                return Err(errors::EMPTY_RBAC_ROLE_ID.failure());
            }
            if role_id.starts_with("stytch") {
                return Err(errors::INVALID_RBAC_STYTCH_ROLE_EDIT.failure());
            }
            if taken.contains(&role_id) {
                return Err(errors::RBAC_ROLE_DUPLICATE.failure());
            }
            taken.push(role_id);
            for permission in &role.permissions {
                self.validate_permission(permission)?;
            }
        }
        Ok(())
    }

    fn validate_permission(&self, permission: &Permission) -> Result<(), Failure> {
        let mut resources = self.resources.iter();
        let resource = resources
            .find(|resource| resource.resource_id == permission.resource_id)
            .ok_or(&errors::INVALID_PERMISSION_RESOURCE)?;
        if permission.actions.is_empty() {
            return Err(errors::RBAC_PERMISSION_MISSING_ACTIONS.failure());
        }
        let is_known = |action: &String| action == WILDCARD || resource.actions.contains(action);
        if permission.actions.iter().all(is_known) {
            Ok(())
        } else {
            Err(errors::INVALID_PERMISSION_ACTION.failure())
        }
    }
}

impl Permission {
    /// Whether this permission allows the action. The resource ids must be equal. The action `*` allows every action.
    pub(crate) fn allows(&self, resource_id: &str, action: &str) -> bool {
        let fits = |allowed: &String| allowed == action || allowed == WILDCARD;
        self.resource_id == resource_id && self.actions.iter().any(fits)
    }
}

/// Returns an error for the first id that is not the id of one of these roles.
pub(crate) fn validate_assigned<'a>(
    role_ids: impl IntoIterator<Item = &'a str>,
    roles: &[&Role],
) -> Result<(), Failure> {
    let unknown = |id: &&str| !roles.iter().any(|role| role.role_id == *id);
    match role_ids.into_iter().find(unknown) {
        None => Ok(()),
        Some(id) => Err(errors::INVALID_RBAC_ROLE_ID.with_message(format!(
            "The role {id} does not exist in the project or the organization."
        ))),
    }
}

pub(super) const WILDCARD: &str = "*";
