//! Policies as they stand on the wire, and what an organization's own roles must be.
//!
//! Which error an ill-made role leads to is a guess from the names of the error types: no sample shows one.

use serde::{Deserialize, Serialize};

use super::built_in;
use crate::errors::{self, Failure};
use crate::routes::Product;

/// What roles and scopes of a project allow.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Policy {
    #[serde(default)]
    pub(crate) roles: Vec<Role>,
    #[serde(default)]
    pub(crate) resources: Vec<Resource>,
    #[serde(default)]
    pub(crate) scopes: Vec<Scope>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) role_id: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) permissions: Vec<Permission>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) resource_id: String,
    pub(crate) actions: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) resource_id: String,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) actions: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Scope {
    scope: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    permissions: Vec<Permission>,
}

impl Policy {
    /// The policy of a project in which nobody has set up anything.
    pub(crate) fn built_in(product: Product) -> Self {
        Self {
            roles: built_in::roles(product),
            resources: built_in::resources(product),
            scopes: Vec::new(),
        }
    }

    /// This policy with the built-in roles and resources before its own. One of its own that has the id of a built-in
    /// one stands in its place.
    pub(crate) fn over_built_in(self, product: Product) -> Self {
        let mut policy = Self::built_in(product);
        let roles = &self.roles;
        policy
            .roles
            .retain(|known| !roles.iter().any(|own| own.role_id == known.role_id));
        let resources = &self.resources;
        policy.resources.retain(|known| {
            !resources
                .iter()
                .any(|own| own.resource_id == known.resource_id)
        });
        policy.roles.extend(self.roles);
        policy.resources.extend(self.resources);
        policy.scopes = self.scopes;
        policy
    }

    /// Refuses roles that an organization of this project cannot have.
    pub(crate) fn judge_custom_roles(&self, roles: &[Role]) -> Result<(), Failure> {
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
                self.judge_permission(permission)?;
            }
        }
        Ok(())
    }

    fn judge_permission(&self, permission: &Permission) -> Result<(), Failure> {
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
    /// Resources compare by their whole ids; an asterisk among the actions allows every one.
    pub(crate) fn allows(&self, resource_id: &str, action: &str) -> bool {
        let fits = |allowed: &String| allowed == action || allowed == WILDCARD;
        self.resource_id == resource_id && self.actions.iter().any(fits)
    }
}

/// Refuses the first id that is none of these roles'.
pub(crate) fn judge_assigned<'a>(
    role_ids: impl IntoIterator<Item = &'a str>,
    roles: &[&Role],
) -> Result<(), Failure> {
    let unknown = |id: &&str| !roles.iter().any(|role| role.role_id == *id);
    match role_ids.into_iter().find(unknown) {
        None => Ok(()),
        Some(id) => Err(errors::INVALID_RBAC_ROLE_ID
            .because(format!("Neither project nor organization has a role {id}."))),
    }
}

pub(super) const WILDCARD: &str = "*";
