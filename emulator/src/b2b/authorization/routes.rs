//! The actions that calls with a member session need, one row for each route.
//!
//! Stytch documents the actions of updates. The actions of the other routes are those of the policy's resources.

/// A route, and the actions that it needs.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) needs: &'static [Need],
}

/// An action that a call needs if it has the field. `None`: every call needs the action.
pub(super) struct Need {
    pub(super) field: Option<&'static str>,
    pub(super) resource_id: &'static str,
    pub(super) action: &'static str,
}

const fn on(resource_id: &'static str, action: &'static str) -> Need {
    Need {
        field: None,
        resource_id,
        action,
    }
}

const fn field(name: &'static str, resource_id: &'static str, action: &'static str) -> Need {
    Need {
        field: Some(name),
        resource_id,
        action,
    }
}

macro_rules! rows {
    ($($method:ident $path:literal [$($need:expr),* $(,)?];)*) => {
        &[$(Row { method: stringify!($method), path: $path, needs: &[$($need),*] }),*]
    };
}

pub(super) static ROUTES: &[Row] = rows! {
    PUT "/v1/b2b/organizations/{organization_id}" [
        field("organization_name", ORGANIZATION, "update.info.name"),
        field("organization_slug", ORGANIZATION, "update.info.slug"),
        field("organization_logo_url", ORGANIZATION, "update.info.logo-url"),
        field("sso_default_connection_id", ORGANIZATION, "update.settings.default-sso-connection"),
        field("sso_jit_provisioning", ORGANIZATION, "update.settings.sso-jit-provisioning"),
        field("sso_jit_provisioning_allowed_connections", ORGANIZATION, "update.settings.sso-jit-provisioning"),
        field("email_allowed_domains", ORGANIZATION, "update.settings.allowed-domains"),
        field("email_jit_provisioning", ORGANIZATION, "update.settings.email-jit-provisioning"),
        field("email_invites", ORGANIZATION, "update.settings.email-invites"),
        field("auth_methods", ORGANIZATION, "update.settings.allowed-auth-methods"),
        field("allowed_auth_methods", ORGANIZATION, "update.settings.allowed-auth-methods"),
        field("mfa_policy", ORGANIZATION, "update.settings.mfa-policy"),
        field("rbac_email_implicit_role_assignments", ORGANIZATION, "update.settings.implicit-roles"),
        field("mfa_methods", ORGANIZATION, "update.settings.allowed-mfa-methods"),
        field("allowed_mfa_methods", ORGANIZATION, "update.settings.allowed-mfa-methods"),
        field("oauth_tenant_jit_provisioning", ORGANIZATION, "update.settings.oauth-tenant-jit-provisioning"),
        field("allowed_oauth_tenants", ORGANIZATION, "update.settings.allowed-oauth-tenants"),
    ];
    DELETE "/v1/b2b/organizations/{organization_id}" [on(ORGANIZATION, "delete")];
    DELETE "/v1/b2b/organizations/{organization_id}/external_id" [on(ORGANIZATION, "update.info.external-id")];
    GET "/v1/b2b/organizations/{organization_id}/connected_apps" [on(ORGANIZATION, "get.connected-apps")];
    GET "/v1/b2b/organizations/{organization_id}/connected_apps/{connected_app_id}" [on(ORGANIZATION, "get.connected-apps")];
    POST "/v1/b2b/organizations/{organization_id}/members" [on(MEMBER, "create")];
    POST "/v1/b2b/magic_links/email/invite" [on(MEMBER, "create")];
    POST "/v1/b2b/organizations/members/search" [on(MEMBER, "search")];
    PUT "/v1/b2b/organizations/{organization_id}/members/{member_id}" [
        field("name", MEMBER, "update.info.name"),
        field("untrusted_metadata", MEMBER, "update.info.untrusted-metadata"),
        field("is_breakglass", MEMBER, "update.settings.is-breakglass"),
        field("mfa_phone_number", MEMBER, "update.info.mfa-phone"),
        field("mfa_enrolled", MEMBER, "update.settings.mfa-enrolled"),
        field("roles", MEMBER, "update.settings.roles"),
        field("default_mfa_method", MEMBER, "update.settings.default-mfa-method"),
        field("email_address", MEMBER, "update.info.email"),
    ];
    DELETE "/v1/b2b/organizations/{organization_id}/members/{member_id}" [on(MEMBER, "delete")];
    DELETE "/v1/b2b/organizations/{organization_id}/members/{member_id}/external_id" [on(MEMBER, "update.info.external-id")];
    PUT "/v1/b2b/organizations/{organization_id}/members/{member_id}/reactivate" [on(MEMBER, "create")];
    POST "/v1/b2b/organizations/{organization_id}/members/{member_id}/start_email_update" [on(MEMBER, "update.info.email")];
    POST "/v1/b2b/organizations/{organization_id}/members/{member_id}/unlink_retired_email" [on(MEMBER, "update.info.email")];
    DELETE "/v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}" [on(MEMBER, "update.info.delete.mfa-phone")];
    DELETE "/v1/b2b/organizations/{organization_id}/members/{member_id}/totp" [on(MEMBER, "update.info.delete.mfa-totp")];
    DELETE "/v1/b2b/organizations/{organization_id}/members/passwords/{member_password_id}" [on(MEMBER, "update.info.delete.password")];
    POST "/v1/b2b/passwords/email/require_reset" [on(MEMBER, "update.info.delete.password")];
    GET "/v1/b2b/organizations/{organization_id}/members/{member_id}/connected_apps" [on(MEMBER, "get.connected-apps")];
    POST "/v1/b2b/organizations/{organization_id}/members/{member_id}/connected_apps/{connected_app_id}/revoke" [on(MEMBER, "revoke.connected-apps")];
    GET "/v1/b2b/sso/{organization_id}" [on(SSO, "get")];
    DELETE "/v1/b2b/sso/{organization_id}/connections/{connection_id}" [on(SSO, "delete")];
    POST "/v1/b2b/sso/oidc/{organization_id}" [on(SSO, "create")];
    PUT "/v1/b2b/sso/oidc/{organization_id}/connections/{connection_id}" [on(SSO, "update")];
    POST "/v1/b2b/sso/saml/{organization_id}" [on(SSO, "create")];
    PUT "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}" [on(SSO, "update")];
    PUT "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/url" [on(SSO, "update")];
    DELETE "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/verification_certificates/{certificate_id}" [on(SSO, "update")];
    DELETE "/v1/b2b/sso/saml/{organization_id}/connections/{connection_id}/encryption_private_keys/{private_key_id}" [on(SSO, "update")];
    POST "/v1/b2b/sso/external/{organization_id}" [on(SSO, "create")];
    PUT "/v1/b2b/sso/external/{organization_id}/connections/{connection_id}" [on(SSO, "update")];
    POST "/v1/b2b/scim/{organization_id}/connection" [on(SCIM, "create")];
    GET "/v1/b2b/scim/{organization_id}/connection" [on(SCIM, "get")];
    GET "/v1/b2b/scim/{organization_id}/connection/{connection_id}" [on(SCIM, "get")];
    PUT "/v1/b2b/scim/{organization_id}/connection/{connection_id}" [on(SCIM, "update")];
    DELETE "/v1/b2b/scim/{organization_id}/connection/{connection_id}" [on(SCIM, "delete")];
    POST "/v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/start" [on(SCIM, "update")];
    POST "/v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/complete" [on(SCIM, "update")];
    POST "/v1/b2b/scim/{organization_id}/connection/{connection_id}/rotate/cancel" [on(SCIM, "update")];
};

const ORGANIZATION: &str = "stytch.organization";
const MEMBER: &str = "stytch.member";
const SSO: &str = "stytch.sso";
const SCIM: &str = "stytch.scim";
