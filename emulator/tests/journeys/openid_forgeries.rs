//! ID tokens with wrong claims, which the connection of an organization refuses.

use serde_json::json;

use super::sso_browser::{ORIGIN, browse, hidden, location, refused, start_url};
use super::stand::Stand;

#[test]
fn an_id_token_with_a_wrong_claim_is_refused() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let route = format!("POST /v1/b2b/sso/oidc/{acme}");
    let created = stand.b2b(&route, json!({})).ok();
    let connection = created.text("/connection/connection_id");
    let provider = format!("{ORIGIN}/_emulator/idp/3");
    let own = json!({ "issuer": provider, "client_id": "acme", "client_secret": "secret" });
    let route = format!("PUT /v1/b2b/sso/oidc/{acme}/connections/{connection}");
    stand.b2b(&route, own).ok();
    let mut log_in = |claims: &str| {
        let page = location(&browse(&mut stand, "GET", &start_url(&connection, ""), &[]));
        let shown = browse(&mut stand, "GET", &page, &[]);
        let names = ["client_id", "redirect_uri", "state", "nonce"];
        let values = names.map(|name| hidden(&shown, name));
        let mut form: Vec<(&str, &str)> = names
            .into_iter()
            .zip(values.iter().map(String::as_str))
            .collect();
        form.extend([("email", "ada@acme.example"), ("claims", claims)]);
        let page = format!("{provider}/authorize");
        let returned = location(&browse(&mut stand, "POST", &page, &form));
        browse(&mut stand, "GET", &returned, &[])
    };
    for claims in ["aud=other", "iss=https://other.example", "exp=1", "nonce=x"] {
        refused(&log_in(claims), "oidc_invalid_id_token");
    }
    location(&log_in("plan=gold"));
}
