//! Organizations: created with defaults, found by id, slug and external id, and refused if their settings are invalid.

use serde_json::{Value, json};

use crate::stand::Stand;

const CREATE: &str = "POST /v1/b2b/organizations";

#[test]
fn has_defaults_and_is_found_by_id_slug_and_external_id() {
    let mut stand = Stand::new();
    let body =
        json!({ "organization_name": "Acme & Sons, Ltd.", "organization_external_id": "crm|7" });
    let created = stand.b2b(CREATE, body).ok().body["organization"].clone();
    assert_eq!(created["organization_slug"], "acme-sons-ltd");
    let defaults = json!({
        "email_jit_provisioning": "NOT_ALLOWED",
        "email_invites": "ALL_ALLOWED",
        "sso_jit_provisioning": "ALL_ALLOWED",
        "auth_methods": "ALL_ALLOWED",
        "mfa_policy": "OPTIONAL",
        "mfa_methods": "ALL_ALLOWED",
        "oauth_tenant_jit_provisioning": "NOT_ALLOWED",
        "email_allowed_domains": [],
        "custom_roles": [],
        "organization_logo_url": "",
        "trusted_metadata": {},
    });
    for (name, value) in defaults.as_object().unwrap() {
        assert_eq!(&created[name], value, "{name}");
    }
    for name in [
        created["organization_id"].as_str().unwrap(),
        "acme-sons-ltd",
        "crm%7C7",
    ] {
        let read = stand
            .b2b(&format!("GET /v1/b2b/organizations/{name}"), Value::Null)
            .ok();
        assert_eq!(read.body["organization"], created);
    }
    stand
        .b2b("GET /v1/b2b/organizations/nowhere", Value::Null)
        .refused(404, "organization_not_found");
}

#[test]
fn derives_missing_slugs_and_refuses_used_ones() {
    let mut stand = Stand::new();
    let mut slug = |body: Value| {
        stand
            .b2b(CREATE, body)
            .ok()
            .text("/organization/organization_slug")
    };
    assert_eq!(slug(json!({ "organization_name": "Acme" })), "acme");
    assert_eq!(slug(json!({ "organization_name": "Acme" })), "acme-2");
    assert_eq!(
        slug(json!({ "organization_name": "Acme", "organization_slug": "other" })),
        "other"
    );
    assert_eq!(slug(json!({ "organization_name": "!" })), "organization");
    let taken = json!({ "organization_name": "Acme", "organization_slug": "other" });
    stand
        .b2b(CREATE, taken)
        .refused(400, "organization_slug_already_used");
}

#[test]
fn a_setting_for_joining_changes_the_default_of_invites() {
    let mut stand = Stand::new();
    let body = json!({ "organization_name": "Acme", "sso_jit_provisioning": "ALL_ALLOWED" });
    assert_eq!(
        stand.b2b(CREATE, body).ok().body["organization"]["email_invites"],
        "NOT_ALLOWED"
    );
}

#[test]
fn refuses_invalid_settings() {
    let table = [
        (
            json!({ "organization_name": null }),
            "organization_name_missing",
        ),
        (
            json!({ "organization_name": "x".repeat(129) }),
            "invalid_organization_name",
        ),
        (
            json!({ "organization_slug": "a b" }),
            "invalid_organization_slug",
        ),
        (
            json!({ "email_invites": "SOMETIMES" }),
            "invalid_organization_auth_factor_setting",
        ),
        (
            json!({ "sso_jit_provisioning": "NOT_ALLOWED" }),
            "invalid_organization_auth_factor_setting",
        ),
        (
            json!({ "email_jit_provisioning": "RESTRICTED" }),
            "invalid_organization_auth_factor_setting",
        ),
        (
            json!({ "auth_methods": "RESTRICTED" }),
            "allowed_auth_methods_required_for_restricted",
        ),
        (
            json!({ "mfa_methods": "RESTRICTED" }),
            "allowed_mfa_methods_required_for_restricted",
        ),
        (
            json!({ "allowed_auth_methods": ["telepathy"] }),
            "invalid_organization_allowed_auth_methods",
        ),
        (
            json!({ "mfa_policy": "MAYBE" }),
            "invalid_organization_mfa_policy",
        ),
        (
            json!({ "email_allowed_domains": ["gmail.com"] }),
            "organization_settings_domain_too_common",
        ),
        (
            json!({ "email_allowed_domains": ["yahoo.co.uk"] }),
            "organization_settings_domain_too_common",
        ),
        (
            json!({ "email_allowed_domains": ["nonsense"] }),
            "organization_settings_invalid_domain",
        ),
        (
            json!({ "email_allowed_domains": ["a.example", "A.example"] }),
            "organization_settings_duplicate_domain",
        ),
    ];
    let mut stand = Stand::new();
    for (change, error_type) in table {
        let mut body = json!({ "organization_name": "Acme" });
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        stand.b2b(CREATE, body).refused(400, error_type);
    }
}
