//! The data that an SDK loads first.

use serde_json::{Value, json};

use crate::product::Product;
use crate::project::Project;

/// Returns the settings of a project. They say that the SDK needs no script of another host: CAPTCHA and device
/// fingerprinting are off.
pub(super) fn data(project: &Project, product: Product) -> Value {
    let vertical = match product {
        Product::Consumer => "CONSUMER",
        Product::B2b => "B2B",
    };
    json!({
        "project_name": format!("Emulated {} project", product.name()),
        "vertical": vertical,
        "disable_sdk_watermark": true,
        "cname_domain": null,
        "email_domains": ["stytch.com"],
        "captcha_settings": { "enabled": false },
        "pkce_required_for_email_magic_links": project.sdk.pkce_required_for_email_magic_links,
        "pkce_required_for_password_resets": false,
        "pkce_required_for_oauth": false,
        "pkce_required_for_sso": false,
        "slug_pattern": null,
        "create_organization_enabled": false,
        "password_config": null,
        "dfp_protected_auth_enabled": false,
        "dfp_protected_auth_mode": null,
        "rbac_policy": project.policy,
        "siwe_required_for_crypto_wallets": false,
    })
}
