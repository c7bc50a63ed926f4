//! The Connected Apps of the world, and the values of requests about them.

use serde_json::{Value, json};

use super::description::Operation;
use super::world::{CHALLENGE, SETTINGS, World};

/// The name under which the world has a value of a parameter of these routes, or `None` for any other parameter.
pub fn name_in_world(operation: &Operation, name: &str) -> Option<&'static str> {
    let is_client_route = operation.path.starts_with("/v1/connected_apps/");
    let ends_rotation =
        operation.path.ends_with("/rotate") || operation.path.ends_with("/rotate/cancel");
    let is_authorization = operation.path.contains("/idp/oauth/");
    match name {
        "client_id" if is_authorization => Some("authorized_app"),
        "redirect_uri" if is_authorization => Some("callback"),
        "scopes" if is_authorization => Some("openid_scopes"),
        "response_type" => Some("response_type"),
        "client_id" if is_client_route && ends_rotation => Some("rotating_app"),
        "client_id" if is_client_route => Some("connected_app_id"),
        _ => None,
    }
}

/// The name under which answers contain the values of a parameter of these routes. Calls do not create an app with these
/// redirect URLs, so an authorization names the seeded app.
pub fn name_in_answers(operation: &Operation, name: &str) -> Option<&'static str> {
    match name_in_world(operation, name) {
        Some("rotating_app") => Some("connected_app_id"),
        known => known,
    }
}

/// Whether a valid call of an authorization cannot have the parameter: it has the ID of the user or member.
pub fn is_excluded(operation: &Operation, name: &str) -> bool {
    operation.path.contains("/idp/oauth/") && matches!(name, "session_token" | "session_jwt")
}

impl World {
    /// Adds three confidential apps; the secret of the second is being rotated.
    pub(super) fn add_apps(&mut self) {
        let credentials = &SETTINGS.consumer;
        let app = json!({ "client_type": "first_party", "client_name": "App", "redirect_urls": [CALLBACK] });
        let create = "POST /v1/connected_apps/clients";
        let mut created = || {
            let created = self.call(credentials, create, app.clone());
            created["connected_app"]["client_id"].clone()
        };
        let (app_id, rotating, authorized) = (created(), created(), created());
        let start = format!(
            "POST /v1/connected_apps/clients/{}/secrets/rotate/start",
            rotating.as_str().unwrap()
        );
        self.call(credentials, &start, Value::Null);
        for (name, value) in [
            ("connected_app_id", app_id),
            ("rotating_app", rotating),
            ("redirect_urls", json!([CALLBACK])),
            ("post_logout_redirect_urls", json!([CALLBACK])),
            ("access_token_template_content", json!(TEMPLATE)),
            ("id_token_template_content", json!(TEMPLATE)),
        ] {
            self.consumer.insert(name, value);
        }
        self.consumer.extend(authorization_values(authorized));
    }

    /// Adds an app of the B2B project.
    pub(super) fn add_b2b_app(&mut self) {
        let app = json!({ "client_type": "third_party", "redirect_urls": [CALLBACK] });
        let created = self.call(&SETTINGS.b2b, "POST /v1/connected_apps/clients", app);
        let app_id = created["connected_app"]["client_id"].clone();
        self.b2b.insert("connected_app_id", app_id.clone());
        self.b2b.extend(authorization_values(app_id));
    }
}

fn authorization_values(app_id: Value) -> [(&'static str, Value); 5] {
    [
        ("authorized_app", app_id),
        ("callback", json!(CALLBACK)),
        ("openid_scopes", json!(["openid", "email"])),
        ("response_type", json!("code")),
        ("code_challenge", json!(CHALLENGE)),
    ]
}

const CALLBACK: &str = "https://app.example/callback";
const TEMPLATE: &str = r#"{ "plan": {{ user.trusted_metadata.plan }} }"#;
