//! Sessions of members that start with a session of another provider, a trusted auth token, or an access token.

use serde_json::{Value, json};

use crate::stand::{SETTINGS, Stand};

const MIGRATE: &str = "POST /v1/b2b/sessions/migrate";
const ATTEST: &str = "POST /v1/b2b/sessions/attest";
const EXCHANGE: &str = "POST /v1/b2b/sessions/exchange_access_token";
const AUTHENTICATE: &str = "POST /v1/b2b/sessions/authenticate";

#[test]
fn a_session_of_another_provider_is_migrated_to_one_organization() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let globex = stand.organization("globex");
    let mut body = json!({ "session_token": "foreign", "organization_id": acme });
    stand
        .b2b(MIGRATE, body.clone())
        .refused(400, "migrate_from_external_unexpected_response");
    let known = json!({ "product": "b2b", "session_token": "foreign", "email_address": "Ada@acme.example" });
    stand.open("POST /_emulator/external_sessions", known).ok();
    stand
        .b2b(MIGRATE, body.clone())
        .refused(400, "migrate_from_external_email_does_not_exist");
    let members = format!("POST /v1/b2b/organizations/{acme}/members");
    let ada = json!({ "email_address": "ada@acme.example", "create_member_as_pending": true });
    let ada = stand.b2b(&members, ada).ok().text("/member_id");
    let done = stand.b2b(MIGRATE, body.clone()).ok();
    assert_eq!(done.text("/member_session/member_id"), ada);
    assert_eq!(done.text("/member/status"), "active");
    assert_eq!(done.body["member"]["email_address_verified"], false);
    assert_eq!(
        done.body["member_session"]["authentication_factors"][0]["type"],
        "imported"
    );
    let session = json!({ "session_token": done.body["session_token"] });
    let session = stand.b2b(AUTHENTICATE, session).ok();
    assert_eq!(session.text("/member/status"), "active");
    body["organization_id"] = json!(globex);
    stand
        .b2b(MIGRATE, body.clone())
        .refused(400, "migrate_from_external_email_does_not_exist");
    body["organization_id"] = Value::Null;
    stand
        .b2b(MIGRATE, body)
        .refused(400, "invalid_organization_id");
}

/// Adds a profile that trusts the keys of the project itself, and returns its id.
fn profile(stand: &mut Stand, can_jit_provision: bool) -> String {
    let jwks = format!("GET /v1/b2b/sessions/jwks/{}", SETTINGS.b2b.project_id);
    let keys = stand.open(&jwks, Value::Null).ok().body["keys"].take();
    let profile = json!({
        "product": "b2b", "issuer": "https://issuer.example", "audience": "stytch", "keys": keys,
        "can_jit_provision": can_jit_provision,
    });
    let answer = stand.open("POST /_emulator/trusted_token_profiles", profile);
    answer.ok().text("/profile_id")
}

fn token(stand: &mut Stand, order: Value) -> String {
    let mut order = order;
    order["product"] = json!("b2b");
    let answer = stand.open("POST /_emulator/tokens", order);
    answer.ok().text("/token")
}

fn trusted_token(stand: &mut Stand, patch: Value) -> String {
    let mut claims = json!({ "iss": "https://issuer.example", "aud": "stytch", "email": "ada@acme.example", "jti": "7" });
    for (name, value) in patch.as_object().unwrap() {
        claims[name] = value.clone();
    }
    token(stand, json!({ "kind": "m2m", "claims": claims }))
}

#[test]
fn a_trusted_token_logs_in_to_its_organization() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let globex = stand.organization("globex");
    let strict = profile(&mut stand, false);
    let plain = trusted_token(&mut stand, json!({}));
    let named = trusted_token(&mut stand, json!({ "organization_id": "acme" }));
    let mut body = json!({ "profile_id": strict, "token": plain });
    stand
        .b2b(ATTEST, body.clone())
        .refused(400, "token_missing_organization_id_claim");
    body["organization_id"] = json!(acme);
    stand
        .b2b(ATTEST, body.clone())
        .refused(404, "member_not_found");
    body["token"] = json!(named);
    stand
        .b2b(ATTEST, body.clone())
        .refused(404, "member_not_found");

    body["profile_id"] = json!(profile(&mut stand, true));
    let done = stand.b2b(ATTEST, body.clone()).ok();
    assert_eq!(done.body["member"]["email_address_verified"], true);
    assert_eq!(done.text("/organization/organization_id"), acme);
    let factor = &done.body["member_session"]["authentication_factors"][0];
    assert_eq!(factor["trusted_auth_token_factor"]["token_id"], "7");

    // A profile that creates members needs the claim, and a claim is not overridden.
    body["token"] = json!(plain);
    stand
        .b2b(ATTEST, body.clone())
        .refused(400, "token_missing_organization_id_claim");
    body["token"] = json!(named);
    body["organization_id"] = json!(globex);
    stand
        .b2b(ATTEST, body.clone())
        .refused(400, "invalid_token_organization_id_claim");
    let unknown = trusted_token(&mut stand, json!({ "organization_id": "other" }));
    let unknown = json!({ "profile_id": strict, "token": unknown });
    stand
        .b2b(ATTEST, unknown)
        .refused(400, "invalid_token_organization_id_claim");

    // The member exists now, so the strict profile accepts the token, too. The session receives the factor.
    let again = json!({ "profile_id": strict, "token": plain, "organization_id": acme, "session_token": done.body["session_token"] });
    let again = stand.b2b(ATTEST, again).ok();
    assert_eq!(
        again.text("/member_session/member_session_id"),
        done.text("/member_session/member_session_id")
    );
}

#[test]
fn a_trusted_token_with_a_mistake_is_refused() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    stand.log_in_member(&acme, "ada@acme.example");
    let profile_id = profile(&mut stand, false);
    for (patch, error_type) in [
        (
            json!({ "iss": "https://other.example" }),
            "jwt_invalid_issuer",
        ),
        (json!({ "aud": ["other"] }), "jwt_invalid_audience"),
        (json!({ "exp": 5 }), "jwt_invalid_claims"),
        (json!({ "email": "nonsense" }), "jwt_invalid_claims"),
    ] {
        let token = trusted_token(&mut stand, patch);
        let body = json!({ "profile_id": profile_id, "token": token, "organization_id": acme });
        stand.b2b(ATTEST, body).refused(401, error_type);
    }
    let stranger = token(&mut stand, json!({ "kind": "m2m", "key": "stranger" }));
    let body = json!({ "profile_id": profile_id, "token": stranger, "organization_id": acme });
    stand
        .b2b(ATTEST, body)
        .refused(401, "invalid_trusted_auth_token");
}

#[test]
fn an_access_token_is_exchanged_once_and_without_a_second_factor() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let ada = stand.log_in_member(&acme, "ada@acme.example");
    let ada = ada.text("/member_id");
    let change = format!("PUT /v1/b2b/organizations/{acme}");
    stand
        .b2b(&change, json!({ "mfa_policy": "REQUIRED_FOR_ALL" }))
        .ok();
    let access_token = |stand: &mut Stand, scope: &str| {
        let claims = json!({ "scope": scope, "client_id": "app-1" });
        let order = json!({ "kind": "connected_app", "member_id": ada, "claims": claims });
        json!({ "access_token": token(stand, order) })
    };
    let weak = access_token(&mut stand, "openid");
    stand
        .b2b(EXCHANGE, weak)
        .refused(400, "oauth_access_token_exchange_missing_full_access");
    let full = access_token(&mut stand, "openid full_access");
    let snapshot = stand.emulator.snapshot();
    let done = stand.b2b(EXCHANGE, full.clone()).ok();
    assert_eq!(done.text("/member_session/member_id"), ada);
    assert_eq!(done.text("/organization/organization_id"), acme);
    stand
        .b2b(EXCHANGE, full.clone())
        .refused(400, "oauth_access_token_exchange_token_invalid_grant");
    let exchanged = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    stand.b2b(EXCHANGE, full.clone()).ok();
    stand.emulator.restore(&exchanged).unwrap();
    stand
        .b2b(EXCHANGE, full)
        .refused(400, "oauth_access_token_exchange_token_invalid_grant");
    let old = access_token(&mut stand, "full_access");
    stand.later(301);
    stand
        .b2b(EXCHANGE, old)
        .refused(400, "oauth_access_token_exchange_token_too_old");
    stand
        .b2b(EXCHANGE, json!({ "access_token": "x" }))
        .refused(404, "idp_access_token_not_found");
}
