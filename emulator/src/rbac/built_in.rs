//! The roles and resources that every project starts with.
//!
//! Stytch documents their ids and the permissions of the roles. Two things are assumptions: the policy lists the
//! built-in resources, and the built-in consumer role has no permissions. Actions are spelled as in requests, with
//! hyphens.

use super::policy::{Permission, Policy, Resource, Role, WILDCARD};
use crate::product::Product;

impl Policy {
    /// Returns the policy of a project that has not configured its own.
    pub(crate) fn built_in(product: Product) -> Self {
        Self {
            roles: roles(product),
            resources: resources(product),
            scopes: Vec::new(),
        }
    }

    /// Returns this policy with the built-in roles and resources before its own. A role or resource of this policy
    /// replaces the built-in one with the same id.
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
}

fn roles(product: Product) -> Vec<Role> {
    let table: &[(&str, &str, &[&str])] = match product {
        Product::Consumer => &[("stytch_user", "Every user", &[])],
        Product::B2b => &[
            ("stytch_member", "Every member", &["stytch.self"]),
            (
                "stytch_admin",
                "Administrators of an organization",
                &[
                    "stytch.organization",
                    "stytch.member",
                    "stytch.sso",
                    "stytch.scim",
                ],
            ),
        ],
    };
    let role = |(role_id, description, resources): &(&str, &str, &[&str])| Role {
        role_id: (*role_id).to_owned(),
        description: (*description).to_owned(),
        permissions: resources.iter().map(|id| everything_on(id)).collect(),
    };
    table.iter().map(role).collect()
}

fn resources(product: Product) -> Vec<Resource> {
    let table: &[(&str, &str, &[&str])] = match product {
        Product::Consumer => &[],
        Product::B2b => &[
            (
                "stytch.organization",
                "The organization itself",
                &ON_ORGANIZATION,
            ),
            ("stytch.member", "Every member", &ON_MEMBER),
            ("stytch.self", "The member of the session", &ON_SELF),
            ("stytch.sso", "SSO connections", &ON_CONNECTION),
            ("stytch.scim", "SCIM connections", &ON_CONNECTION),
        ],
    };
    let resource = |(resource_id, description, actions): &(&str, &str, &[&str])| Resource {
        resource_id: (*resource_id).to_owned(),
        description: (*description).to_owned(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
    };
    table.iter().map(resource).collect()
}

fn everything_on(resource_id: &str) -> Permission {
    Permission {
        resource_id: resource_id.to_owned(),
        actions: vec![WILDCARD.to_owned()],
    }
}

const ON_ORGANIZATION: [&str; 16] = [
    "update.info.name",
    "update.info.slug",
    "update.info.logo-url",
    "update.info.untrusted-metadata",
    "update.settings.allowed-auth-methods",
    "update.settings.allowed-mfa-methods",
    "update.settings.email-jit-provisioning",
    "update.settings.email-invites",
    "update.settings.allowed-domains",
    "update.settings.default-sso-connection",
    "update.settings.sso-jit-provisioning",
    "update.settings.mfa-policy",
    "update.settings.implicit-roles",
    "update.settings.oauth-tenant-jit-provisioning",
    "update.settings.allowed-oauth-tenants",
    "delete",
];
const ON_MEMBER: [&str; 15] = [
    "create",
    "update.info.name",
    "update.info.email",
    "update.info.untrusted-metadata",
    "update.info.mfa-phone",
    "update.info.delete.mfa-phone",
    "update.info.delete.mfa-totp",
    "update.info.delete.password",
    "update.settings.is-breakglass",
    "update.settings.mfa-enrolled",
    "update.settings.default-mfa-method",
    "update.settings.roles",
    "search",
    "revoke-sessions",
    "delete",
];
const ON_SELF: [&str; 11] = [
    "update.info.name",
    "update.info.email",
    "update.info.untrusted-metadata",
    "update.info.mfa-phone",
    "update.info.delete.mfa-phone",
    "update.info.delete.mfa-totp",
    "update.info.delete.password",
    "update.settings.mfa-enrolled",
    "update.settings.default-mfa-method",
    "revoke-sessions",
    "delete",
];
const ON_CONNECTION: [&str; 4] = ["create", "get", "update", "delete"];
