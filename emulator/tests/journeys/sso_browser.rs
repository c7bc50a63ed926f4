//! A browser that logs in with SSO at the identity provider of the emulator.

use std::collections::BTreeMap;

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

/// Connects an organization with the emulator's OpenID provider, and returns the id of the connection.
pub fn openid_connection(stand: &mut Stand, organization_id: &str) -> String {
    let route = format!("POST /v1/b2b/sso/oidc/{organization_id}");
    let created = stand.b2b(&route, json!({})).ok();
    let connection = created.text("/connection/connection_id");
    let issuer = format!("{ORIGIN}{OPENID_PROVIDER}");
    let own = json!({ "issuer": issuer, "client_id": "acme", "client_secret": "secret" });
    let route = format!("PUT /v1/b2b/sso/oidc/{organization_id}/connections/{connection}");
    stand.b2b(&route, own).ok();
    connection
}

/// The form of the OpenID provider's page after a user has filled it in.
pub fn openid_form<'a>(
    stand: &mut Stand,
    connection_id: &str,
    user: &[(&'a str, &'a str)],
) -> BTreeMap<&'a str, String> {
    let page = location(&browse(stand, "GET", &start_url(connection_id, ""), &[]));
    let shown = browse(stand, "GET", &page, &[]);
    let names = ["client_id", "redirect_uri", "state", "nonce"];
    let hidden = names.map(|name| (name, hidden(&shown, name)));
    let filled = user
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    hidden.into_iter().chain(filled).collect()
}

/// Sends the form to the OpenID provider, and returns the URL to which it redirects, with the code.
pub fn openid_redirect(stand: &mut Stand, form: &BTreeMap<&str, String>) -> String {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, &**value)).collect();
    let target = format!("{ORIGIN}{OPENID_PROVIDER}/authorize");
    location(&browse(stand, "POST", &target, &form))
}

const OPENID_PROVIDER: &str = "/_emulator/idp/3";
