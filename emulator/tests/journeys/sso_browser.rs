//! A browser that logs in with SSO at the identity provider of the emulator.

use serde_json::{Value, json};
use stytch_emulator::Response;

use super::devices::browser::request;
pub use super::devices::browser::{ORIGIN, hidden, location, param};
use super::sso_connections::{METADATA, saml_connection};
use super::stand::{SETTINGS, Stand};

/// Sends a request of a browser.
pub fn browse(stand: &mut Stand, method: &str, url: &str, form: &[(&str, &str)]) -> Response {
    let sent = request(method, url, form);
    stand.emulator.handle(&sent, stand.now)
}

pub fn start_url(connection_id: &str, more: &str) -> String {
    let public_token = SETTINGS.b2b.public_token();
    format!("/v1/public/sso/start?connection_id={connection_id}&public_token={public_token}{more}")
}

/// A SAML response before it is posted: the response and the relay state.
pub struct Signed {
    pub acs_url: String,
    pub response: String,
    pub relay_state: String,
}

/// Logs in at the identity provider, and returns its response.
pub fn sign(stand: &mut Stand, connection_id: &str, more: &str, user: &[(&str, &str)]) -> Signed {
    let started = browse(stand, "GET", &start_url(connection_id, more), &[]);
    let page = location(&started);
    let shown = browse(stand, "GET", &page, &[]);
    assert_eq!(shown.status, 200);
    let names = ["acs_url", "audience", "in_response_to", "RelayState"];
    let values = names.map(|name| hidden(&shown, name));
    let mut form: Vec<(&str, &str)> = names
        .into_iter()
        .zip(values.iter().map(String::as_str))
        .collect();
    form.extend(user);
    let target = page.split('?').next().unwrap().to_owned();
    let signed = browse(stand, "POST", &target, &form);
    Signed {
        acs_url: values[0].clone(),
        response: hidden(&signed, "SAMLResponse"),
        relay_state: hidden(&signed, "RelayState"),
    }
}

pub fn post(stand: &mut Stand, signed: &Signed) -> Response {
    let form = [
        ("SAMLResponse", signed.response.as_str()),
        ("RelayState", &signed.relay_state),
    ];
    browse(stand, "POST", &signed.acs_url, &form)
}

#[track_caller]
pub fn refused(response: &Response, error_type: &str) {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    assert_eq!(
        (response.status, &body["error_type"]),
        (400, &json!(error_type)),
        "{body}"
    );
}

/// Logs in by SAML, and returns the token.
pub fn token(stand: &mut Stand, connection_id: &str, user: &[(&str, &str)]) -> String {
    let signed = sign(stand, connection_id, "", user);
    param(&location(&post(stand, &signed)), "token")
}

pub fn stand() -> (Stand, String, String) {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    let acme = stand.organization("acme");
    let connection = saml_connection(&mut stand, &acme, METADATA);
    (stand, acme, connection)
}
