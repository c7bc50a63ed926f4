//! The responses of the B2B product: the sandbox member and its organization.

use serde_json::{Value, json};

use super::sessions::{SESSION_ID, STARTED_AT, Session};
use super::{EMAIL, EMAIL_ID, SESSION_TOKEN};
use crate::call::{Call, Reply};
use crate::errors::Failure;
use crate::merge::{Object, object};
use crate::project::Project;
use crate::session_asked::SessionAsked;
use crate::session_jwt::ORGANIZATION_CLAIM;

pub(super) const ORGANIZATION_ID: &str = "organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b";
const SLUG: &str = "sandbox";
const MEMBER_ID: &str = "member-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";

pub(super) fn link_sent() -> Reply {
    Reply::ok(json!({
        "member_id": MEMBER_ID,
        "member_created": false,
        "member": member(),
        "organization": organization(),
    }))
}

pub(super) fn invited() -> Reply {
    Reply::ok(json!({ "member_id": MEMBER_ID, "member": member(), "organization": organization() }))
}

/// `POST /v1/b2b/magic_links/discovery/authenticate`.
pub(super) fn discover() -> Reply {
    let found = json!({
        "organization": organization(),
        "membership": { "type": "active_member", "details": null, "member": member() },
        "member_authenticated": true,
        "primary_required": null,
        "mfa_required": null,
    });
    Reply::ok(json!({
        "intermediate_session_token": SESSION_TOKEN,
        "email_address": EMAIL,
        "discovered_organizations": [found],
    }))
}

/// `POST /v1/b2b/magic_links/authenticate`. The member does not need a second factor.
pub(super) fn log_in(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let session = Session::of(call, SessionAsked::read(&call.fields)?.terms);
    let mut view = object(json!({ "member_session_id": SESSION_ID, "member_id": MEMBER_ID }));
    view.extend(object(session.view()));
    view.insert("organization_id".into(), json!(ORGANIZATION_ID));
    view.insert("organization_slug".into(), json!(SLUG));
    let claim = json!({ "organization_id": ORGANIZATION_ID, "slug": SLUG });
    let tokens = session.tokens(project, MEMBER_ID, json!({ ORGANIZATION_CLAIM: claim }))?;
    Ok(Reply::ok(tokens).and(json!({
        "member_session": view,
        "intermediate_session_token": "",
        "member_authenticated": true,
        "mfa_required": null,
        "member_id": MEMBER_ID,
        "method_id": EMAIL_ID,
        "organization_id": ORGANIZATION_ID,
        "member": member(),
        "organization": organization(),
        "primary_required": null,
        "reset_sessions": false,
    })))
}

fn member() -> Value {
    json!({
        "organization_id": ORGANIZATION_ID,
        "member_id": MEMBER_ID,
        "email_address": EMAIL,
        "status": "active",
        "name": "Sandbox",
        "sso_registrations": [],
        "is_breakglass": false,
        "member_password_id": "",
        "oauth_registrations": [],
        "email_address_verified": true,
        "mfa_phone_number_verified": false,
        "is_admin": false,
        "totp_registration_id": "",
        "retired_email_addresses": [],
        "is_locked": false,
        "mfa_enrolled": false,
        "mfa_phone_number": "",
        "default_mfa_method": "",
        "roles": [],
        "trusted_metadata": Object::new(),
        "untrusted_metadata": Object::new(),
        "created_at": STARTED_AT,
        "updated_at": STARTED_AT,
        "scim_registration": null,
        "external_id": null,
        "lock_created_at": null,
        "lock_expires_at": null,
    })
}

fn organization() -> Value {
    json!({
        "organization_id": ORGANIZATION_ID,
        "organization_name": "Sandbox",
        "organization_logo_url": "",
        "organization_slug": SLUG,
        "organization_external_id": null,
        "sso_jit_provisioning": "ALL_ALLOWED",
        "email_allowed_domains": [],
        "email_jit_provisioning": "NOT_ALLOWED",
        "email_invites": "ALL_ALLOWED",
        "auth_methods": "ALL_ALLOWED",
        "allowed_auth_methods": [],
        "mfa_policy": "OPTIONAL",
        "rbac_email_implicit_role_assignments": [],
        "mfa_methods": "ALL_ALLOWED",
        "allowed_mfa_methods": [],
        "oauth_tenant_jit_provisioning": "NOT_ALLOWED",
        "allowed_oauth_tenants": Object::new(),
        "claimed_email_domains": [],
        "first_party_connected_apps_allowed_type": "ALL_ALLOWED",
        "allowed_first_party_connected_apps": [],
        "third_party_connected_apps_allowed_type": "ALL_ALLOWED",
        "allowed_third_party_connected_apps": [],
        "sso_jit_provisioning_allowed_connections": [],
        "sso_active_connections": [],
        "sso_default_connection_id": null,
        "scim_active_connection": null,
        "custom_roles": [],
        "trusted_metadata": Object::new(),
        "created_at": STARTED_AT,
        "updated_at": STARTED_AT,
    })
}
