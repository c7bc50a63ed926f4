//! Tokens of log-ins with an OAuth provider, and the fingerprint of a device. A start URL and the page of the emulator issue the
//! tokens, which work once.

use serde_json::{Value, json};
use stytch_emulator::UnixSeconds;

use super::description::Operation;
use super::world::{SETTINGS, World, request};

impl World {
    /// Registers the device that requests of the consumer project name.
    pub(super) fn register_device(&mut self) {
        let device = json!({ "product": "consumer", "telemetry_id": TELEMETRY_ID, "expires_in_minutes": 52_560_000 });
        self.control("POST /_emulator/fingerprints", device);
    }

    /// Logs in with Google, if the operation needs the token of such a log-in. Returns the name of the value, and the token.
    pub(super) fn oauth_token(
        &mut self,
        operation: &Operation,
        now: UnixSeconds,
    ) -> Option<(&'static str, Value)> {
        let (name, start, address) = match operation.path.as_str() {
            "/v1/oauth/authenticate" => (
                "oauth_login_token",
                "/v1/public/oauth/google/start?",
                "ada@example.com",
            ),
            "/v1/b2b/oauth/authenticate" => (
                "oauth_token",
                "/v1/b2b/public/oauth/google/start?slug=acme&",
                "bob@acme.example",
            ),
            "/v1/b2b/oauth/discovery/authenticate" => (
                "discovery_oauth_token",
                "/v1/b2b/public/oauth/google/discovery/start?",
                "eve@acme.example",
            ),
            _ => return None,
        };
        let project = match operation.is_b2b() {
            true => &SETTINGS.b2b,
            false => &SETTINGS.consumer,
        };
        let start = format!("GET {start}public_token={}", project.public_token());
        let page = self.redirect(&start, Value::Null, now)?;
        let (_, state) = page.split_once("state=").unwrap();
        let account = json!({ "state": state, "email_address": address });
        let back = self.redirect("POST /_emulator/oauth", account, now)?;
        let token = back
            .split(['?', '&'])
            .find_map(|pair| pair.strip_prefix("token="));
        Some((name, json!(token.unwrap())))
    }

    /// Returns the URL of a redirect. `None` if the call is refused.
    fn redirect(&mut self, route: &str, body: Value, now: UnixSeconds) -> Option<String> {
        let response = self.emulator.handle(&request(route, None, &body), now);
        let mut headers = response.headers.into_iter();
        headers.find_map(|(name, value)| (name == "location").then_some(value))
    }
}

/// The values that name the device, and those of requests about it.
pub(super) fn device_values() -> [(&'static str, Value); 3] {
    [
        ("telemetry_id", json!(TELEMETRY_ID)),
        ("verdict_reason", json!("VIRTUAL_MACHINE")),
        ("external_metadata", json!({ "external_id": "user-1" })),
    ]
}

const TELEMETRY_ID: &str = "telemetry-1";
