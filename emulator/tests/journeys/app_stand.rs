//! Connected Apps of tests: registered apps, authorization requests, and calls of the OAuth 2.0 routes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::sha2::{Digest as _, Sha256};
use serde_json::{Value, json};

use crate::stand::{Answer, SETTINGS, Stand, request};

pub const CALLBACK: &str = "https://app.example/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const START: &str = "POST /v1/idp/oauth/authorize/start";
pub const AUTHORIZE: &str = "POST /v1/idp/oauth/authorize";

/// A registered app and its secret, which is empty for a public app.
pub struct App {
    pub id: String,
    pub secret: String,
}

pub fn app(stand: &mut Stand, product: &str, client_type: &str, more: Value) -> App {
    let mut body =
        json!({ "client_type": client_type, "client_name": "Notes", "redirect_urls": [CALLBACK] });
    extend(&mut body, more);
    let create = "POST /v1/connected_apps/clients";
    let created = match product {
        "b2b" => stand.b2b(create, body),
        _ => stand.consumer(create, body),
    };
    let created = created.ok();
    let secret = created.body["connected_app"]["client_secret"].as_str();
    App {
        id: created.text("/connected_app/client_id"),
        secret: secret.unwrap_or_default().to_owned(),
    }
}

pub fn extend(body: &mut Value, more: Value) {
    let more = more.as_object().cloned().unwrap_or_default();
    body.as_object_mut().unwrap().extend(more);
}

/// The fields of an authorization request of the app.
pub fn asked(app: &App, scopes: &[&str], more: Value) -> Value {
    let mut body = json!({
        "client_id": app.id, "redirect_uri": CALLBACK, "response_type": "code", "scopes": scopes,
    });
    extend(&mut body, more);
    body
}

/// The fields of a decision of the user.
pub fn decided(app: &App, user_id: &str, scopes: &[&str], more: Value) -> Value {
    let mut body = asked(
        app,
        scopes,
        json!({ "user_id": user_id, "consent_granted": true }),
    );
    extend(&mut body, more);
    body
}

pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

pub fn user(stand: &mut Stand) -> String {
    let user = json!({
        "email": "ada@example.com", "phone_number": "+15005550006",
        "name": { "first_name": "Ada", "last_name": "Lovelace" }, "trusted_metadata": { "plan": "gold" },
    });
    stand.consumer("POST /v1/users", user).ok().text("/user_id")
}

/// Has the user authorize the app, and returns the code.
pub fn code_for(
    stand: &mut Stand,
    app: &App,
    user_id: &str,
    scopes: &[&str],
    more: Value,
) -> String {
    let body = decided(app, user_id, scopes, more);
    stand
        .consumer(AUTHORIZE, body)
        .ok()
        .text("/authorization_code")
}

/// Sends a form to an OAuth 2.0 route of a project, with the credentials of the app.
pub fn oauth2(
    stand: &mut Stand,
    product: &str,
    route: &str,
    app: &App,
    fields: &[(&str, &str)],
) -> Answer {
    let project_id = match product {
        "b2b" => &SETTINGS.b2b.project_id,
        _ => &SETTINGS.consumer.project_id,
    };
    let path = format!("/v1/public/{project_id}/oauth2/{route}");
    let mut fields = fields.to_vec();
    fields.push(("client_id", &app.id));
    if !app.secret.is_empty() {
        fields.push(("client_secret", &app.secret));
    }
    stand.form(&path, &fields)
}

pub fn exchange(stand: &mut Stand, app: &App, code: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
    ];
    fields.extend(more);
    oauth2(stand, "consumer", "token", app, &fields)
}

pub fn refresh(stand: &mut Stand, app: &App, token: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    fields.extend(more);
    oauth2(stand, "consumer", "token", app, &fields)
}

pub fn is_active(stand: &mut Stand, app: &App, token: &str) -> bool {
    let answer = oauth2(stand, "consumer", "introspect", app, &[("token", token)]).ok();
    answer.body["active"] == true
}

/// The parameters in the query of a redirect URL.
pub fn params(url: &str) -> Vec<(String, String)> {
    let (start, query) = url.split_once('?').unwrap();
    assert_eq!(start, CALLBACK);
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

pub fn userinfo(stand: &mut Stand, product: &str, token: &str) -> Answer {
    let project_id = match product {
        "b2b" => &SETTINGS.b2b.project_id,
        _ => &SETTINGS.consumer.project_id,
    };
    let call = format!("GET /v1/public/{project_id}/oauth2/userinfo");
    let mut sent = request(&call, None, Value::Null);
    sent.headers
        .push(("Authorization".into(), format!("Bearer {token}")));
    stand.send(sent)
}
