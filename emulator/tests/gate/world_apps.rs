//! The Connected Apps of the world, and the values of requests about them.

use serde_json::{Value, json};

use super::description::Operation;
use super::world::{SETTINGS, World};

/// The name under which the world has a value of a parameter of these routes, or `None` for any other parameter.
pub fn name_in_world(operation: &Operation, name: &str) -> Option<&'static str> {
    let is_client_route = operation.path.starts_with("/v1/connected_apps/");
    let ends_rotation =
        operation.path.ends_with("/rotate") || operation.path.ends_with("/rotate/cancel");
    match name {
        "client_id" if is_client_route && ends_rotation => Some("rotating_app"),
        "client_id" if is_client_route => Some("connected_app_id"),
        _ => None,
    }
}

impl World {
    /// Adds two confidential apps; the secret of the second is being rotated.
    pub(super) fn add_apps(&mut self) {
        let credentials = &SETTINGS.consumer;
        let app = json!({ "client_type": "first_party", "client_name": "App", "redirect_urls": [CALLBACK] });
        let create = "POST /v1/connected_apps/clients";
        let mut created = || {
            let created = self.call(credentials, create, app.clone());
            created["connected_app"]["client_id"].clone()
        };
        let (app_id, rotating) = (created(), created());
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
    }
}

const CALLBACK: &str = "https://app.example/callback";
const TEMPLATE: &str = r#"{ "plan": {{ user.trusted_metadata.plan }} }"#;
