//! ID tokens with wrong claims, which the connection of an organization refuses.

use super::sso_browser::{
    browse, location, openid_connection, openid_form, openid_redirect, refused,
};
use super::stand::Stand;

#[test]
fn an_id_token_with_a_wrong_claim_is_refused() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let connection = openid_connection(&mut stand, &acme);
    let mut log_in = |claims: &str| {
        let user = [("email", "ada@acme.example"), ("claims", claims)];
        let form = openid_form(&mut stand, &connection, &user);
        let returned = openid_redirect(&mut stand, &form);
        browse(&mut stand, "GET", &returned, &[])
    };
    for claims in ["aud=other", "iss=https://other.example", "exp=1", "nonce=x"] {
        refused(&log_in(claims), "oidc_invalid_id_token");
    }
    location(&log_in("plan=gold"));
}
