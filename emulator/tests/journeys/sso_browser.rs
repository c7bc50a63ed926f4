//! A browser that logs in with SSO at the identity provider of the emulator.

use serde_json::{Value, json};
use stytch_emulator::{Request, Response};

use super::sso_connections::{METADATA, saml_connection};
use super::stand::{SETTINGS, Stand};

pub const ORIGIN: &str = "http://127.0.0.1:4010";

/// Sends a request of a browser.
pub fn browse(stand: &mut Stand, method: &str, url: &str, form: &[(&str, &str)]) -> Response {
    let target = url.strip_prefix(ORIGIN).unwrap_or(url);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let media_type = "application/x-www-form-urlencoded".to_owned();
    let request = Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: vec![
            ("Host".into(), "127.0.0.1:4010".into()),
            ("Content-Type".into(), media_type),
        ],
        body: body.into(),
    };
    stand.emulator.handle(&request, stand.now)
}

pub fn location(response: &Response) -> String {
    let mut headers = response.headers.iter();
    let found = headers.find(|(name, _)| name == "location");
    let body = String::from_utf8_lossy(&response.body);
    found
        .unwrap_or_else(|| panic!("{} {body}", response.status))
        .1
        .clone()
}

pub fn param(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
}

/// Returns the value of a hidden field of a page.
pub fn hidden(page: &Response, name: &str) -> String {
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = html
        .split_once(&start)
        .unwrap_or_else(|| panic!("{name} in {html}"));
    rest.split_once('"').unwrap().0.replace("&#39;", "'")
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
