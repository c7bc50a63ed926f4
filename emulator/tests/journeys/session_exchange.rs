//! Sessions of users that start with a session of another provider, a trusted auth token, or an access token.

use serde_json::{Value, json};

use crate::stand::{SETTINGS, Stand};

const MIGRATE: &str = "POST /v1/sessions/migrate";
const ATTEST: &str = "POST /v1/sessions/attest";
const EXCHANGE: &str = "POST /v1/sessions/exchange_access_token";

#[test]
fn a_session_of_another_provider_is_migrated() {
    let mut stand = Stand::new();
    let body = json!({ "session_token": "foreign", "session_duration_minutes": 60 });
    stand
        .consumer(MIGRATE, body.clone())
        .refused(400, "migrate_from_external_unexpected_response");
    let add = "POST /_emulator/external_sessions";
    let mut known = json!({ "product": "consumer", "session_token": "foreign" });
    stand.open(add, known.clone()).ok();
    stand
        .consumer(MIGRATE, body.clone())
        .refused(400, "migrate_from_external_missing_userinfo");
    known["email_address"] = json!("Ada@example.com");
    stand.open(add, known).ok();
    stand
        .consumer(MIGRATE, body.clone())
        .refused(400, "migrate_from_external_email_does_not_exist");
    let user = stand.log_in("ada@example.com").text("/user_id");
    let done = stand.consumer(MIGRATE, body).ok();
    assert_eq!(done.text("/session/user_id"), user);
    assert_eq!(
        done.body["session"]["authentication_factors"][0]["delivery_method"],
        "imported_auth0"
    );
    let mistake = json!({ "product": "consumer", "session_token": "a", "email_address": "b" });
    assert_eq!(stand.open(add, mistake).status, 400);
}

/// Adds a profile that trusts the keys of the project itself, and returns its id.
fn profile(stand: &mut Stand, can_jit_provision: bool) -> String {
    let jwks = format!("GET /v1/sessions/jwks/{}", SETTINGS.consumer.project_id);
    let keys = stand.open(&jwks, Value::Null).ok().body["keys"].take();
    let profile = json!({
        "product": "consumer", "issuer": "https://issuer.example", "audience": "stytch", "keys": keys,
        "can_jit_provision": can_jit_provision,
    });
    let answer = stand.open("POST /_emulator/trusted_token_profiles", profile);
    answer.ok().text("/profile_id")
}

fn trusted_token(stand: &mut Stand, patch: Value) -> String {
    let mut claims = json!({ "iss": "https://issuer.example", "aud": "stytch", "email": "ada@example.com", "jti": "7" });
    for (name, value) in patch.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let order = json!({ "product": "consumer", "kind": "m2m", "claims": claims });
    stand
        .open("POST /_emulator/tokens", order)
        .ok()
        .text("/token")
}

#[test]
fn a_trusted_token_logs_in_and_creates_a_user_if_allowed() {
    let mut stand = Stand::new();
    let strict = profile(&mut stand, false);
    let token = trusted_token(&mut stand, json!({}));
    let mut body = json!({ "profile_id": strict, "token": token, "session_duration_minutes": 5 });
    stand
        .consumer(ATTEST, body.clone())
        .refused(404, "user_not_found");
    body["profile_id"] = json!(profile(&mut stand, true));
    let done = stand.consumer(ATTEST, body.clone()).ok();
    assert_eq!(done.body["user"]["emails"][0]["verified"], true);
    let factor = &done.body["session"]["authentication_factors"][0];
    assert_eq!(factor["trusted_auth_token_factor"]["token_id"], "7");
    body["profile_id"] = json!(strict);
    body["session_token"] = done.body["session_token"].clone();
    let again = stand.consumer(ATTEST, body).ok();
    assert_eq!(
        again.body["session"]["session_id"],
        done.body["session"]["session_id"]
    );
}

#[test]
fn an_untrusted_token_is_refused() {
    let mut stand = Stand::new();
    let profile_id = profile(&mut stand, true);
    for (patch, error_type) in [
        (
            json!({ "iss": "https://other.example" }),
            "jwt_invalid_issuer",
        ),
        (json!({ "aud": ["other"] }), "jwt_invalid_audience"),
        (json!({ "exp": 5 }), "jwt_invalid_claims"),
        (json!({ "nbf": 1_795_000_001 }), "jwt_invalid_claims"),
        (json!({ "nbf": 1_795_000_000.5 }), "jwt_invalid_claims"),
        (json!({ "exp": "2099-01-01" }), "jwt_invalid_claims"),
        (json!({ "email": "nonsense" }), "jwt_invalid_claims"),
    ] {
        let token = trusted_token(&mut stand, patch);
        let body = json!({ "profile_id": profile_id, "token": token });
        stand.consumer(ATTEST, body).refused(401, error_type);
    }
    for header in [
        json!({ "alg": "PS256" }),
        json!({ "crit": ["exp"] }),
        json!({ "kid": "other" }),
    ] {
        let claims =
            json!({ "iss": "https://issuer.example", "aud": "stytch", "email": "ada@example.com" });
        let order =
            json!({ "product": "consumer", "kind": "m2m", "claims": claims, "header": header });
        let token = stand.open("POST /_emulator/tokens", order).ok();
        let body = json!({ "profile_id": profile_id, "token": token.text("/token") });
        stand
            .consumer(ATTEST, body)
            .refused(401, "invalid_trusted_auth_token");
    }
    let order = json!({ "product": "consumer", "kind": "m2m", "key": "stranger" });
    let stranger = stand
        .open("POST /_emulator/tokens", order)
        .ok()
        .text("/token");
    for token in [stranger.as_str(), "a.b.c", "x"] {
        let body = json!({ "profile_id": profile_id, "token": token });
        stand
            .consumer(ATTEST, body)
            .refused(401, "invalid_trusted_auth_token");
    }
    stand
        .consumer(ATTEST, json!({ "profile_id": "x", "token": "x" }))
        .refused(404, "trusted_token_profile_not_found");
    let mistake = json!({ "product": "consumer", "issuer": "a", "audience": "b", "keys": [{ "n": "", "e": "" }] });
    let refused = stand.open("POST /_emulator/trusted_token_profiles", mistake);
    assert_eq!(refused.status, 400);
}

#[test]
fn an_access_token_is_exchanged_once_within_five_minutes() {
    let mut stand = Stand::new();
    let user = stand.log_in("ada@example.com").text("/user_id");
    let token = |stand: &mut Stand, scope: &str| {
        let order = json!({
            "product": "consumer", "kind": "connected_app", "user_id": user,
            "claims": { "scope": scope, "client_id": "app-1" },
        });
        let token = stand
            .open("POST /_emulator/tokens", order)
            .ok()
            .text("/token");
        json!({ "access_token": token, "session_duration_minutes": 60 })
    };
    let weak = token(&mut stand, "openid");
    stand
        .consumer(EXCHANGE, weak)
        .refused(400, "oauth_access_token_exchange_missing_full_access");
    let full = token(&mut stand, "openid full_access");
    let done = stand.consumer(EXCHANGE, full.clone()).ok();
    let factor = &done.body["session"]["authentication_factors"][0];
    assert_eq!(
        factor["oauth_access_token_exchange_factor"]["client_id"],
        "app-1"
    );
    stand
        .consumer(EXCHANGE, full)
        .refused(400, "oauth_access_token_exchange_token_invalid_grant");
    let now = stand.now.0;
    for times in [json!({ "exp": now }), json!({ "nbf": now + 1 })] {
        let mut claims = json!({ "scope": "full_access", "client_id": "app-1" });
        claims
            .as_object_mut()
            .unwrap()
            .extend(times.as_object().unwrap().clone());
        let order = json!({ "product": "consumer", "kind": "connected_app", "user_id": user, "claims": claims });
        let token = stand.open("POST /_emulator/tokens", order).ok();
        stand
            .consumer(EXCHANGE, json!({ "access_token": token.text("/token") }))
            .refused(401, "idp_access_token_expired");
    }
    let old = token(&mut stand, "full_access");
    stand.later(301);
    stand
        .consumer(EXCHANGE, old)
        .refused(400, "oauth_access_token_exchange_token_too_old");
    let session_jwt = json!({ "access_token": done.text("/session_jwt") });
    for body in [session_jwt, json!({ "access_token": "x" }), json!({})] {
        stand
            .consumer(EXCHANGE, body)
            .refused(404, "idp_access_token_not_found");
    }
}
