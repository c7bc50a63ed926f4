//! Minted tokens with chosen factors and scopes, of registered clients, and trusted auth tokens.

use serde_json::{Value, json};

use crate::app_stand::{app, user};
use crate::signatures::{consumer_keys, verifies};
use crate::stand::{SETTINGS, Stand, open_jwt};

const MINT: &str = "POST /_emulator/tokens";
const PROFILES: &str = "POST /_emulator/trusted_token_profiles";

fn mint(stand: &mut Stand, order: Value) -> String {
    stand.open(MINT, order).ok().text("/token")
}

fn factors(token: &str) -> Vec<Value> {
    let claims = open_jwt(token).1;
    let factors = &claims["https://stytch.com/session"]["authentication_factors"];
    factors.as_array().unwrap().clone()
}

/// The name, the type, the delivery method and the name of the details. The last column says which product has the factor.
const FACTORS: [(&str, &str, &str, &str, &str); 22] = [
    ("magic_link", "magic_link", "email", "email_factor", "both"),
    ("email_otp", "otp", "email", "email_factor", "consumer"),
    ("email_otp", "email_otp", "email", "email_factor", "b2b"),
    ("sms_otp", "otp", "sms", "phone_number_factor", "both"),
    ("password", "password", "knowledge", "", "both"),
    (
        "totp",
        "totp",
        "authenticator_app",
        "authenticator_app_factor",
        "both",
    ),
    (
        "recovery_code",
        "recovery_codes",
        "recovery_code",
        "recovery_code_factor",
        "both",
    ),
    (
        "impersonation",
        "impersonated",
        "impersonation",
        "impersonated_factor",
        "both",
    ),
    ("imported", "imported", "imported_auth0", "", "both"),
    (
        "trusted_auth_token",
        "trusted_auth_token",
        "trusted_token_exchange",
        "trusted_auth_token_factor",
        "both",
    ),
    (
        "access_token_exchange",
        "oauth",
        "oauth_access_token_exchange",
        "oauth_access_token_exchange_factor",
        "both",
    ),
    (
        "oauth_google",
        "oauth",
        "oauth_google",
        "google_oauth_factor",
        "both",
    ),
    (
        "oauth_gitlab",
        "oauth",
        "oauth_gitlab",
        "git_lab_oauth_factor",
        "consumer",
    ),
    (
        "oauth_hubspot",
        "oauth",
        "oauth_hubspot",
        "hubspot_oauth_factor",
        "b2b",
    ),
    (
        "embeddable_magic_link",
        "magic_link",
        "embedded",
        "embeddable_magic_link_factor",
        "consumer",
    ),
    (
        "whatsapp_otp",
        "otp",
        "whatsapp",
        "phone_number_factor",
        "consumer",
    ),
    (
        "webauthn",
        "webauthn",
        "webauthn_registration",
        "webauthn_factor",
        "consumer",
    ),
    (
        "biometric",
        "signature_challenge",
        "biometric",
        "biometric_factor",
        "consumer",
    ),
    (
        "crypto_wallet",
        "crypto",
        "crypto_wallet",
        "crypto_wallet_factor",
        "consumer",
    ),
    ("sso_saml", "sso", "sso_saml", "saml_sso_factor", "b2b"),
    ("sso_oidc", "sso", "sso_oidc", "oidc_sso_factor", "b2b"),
    (
        "oauth_github",
        "oauth",
        "oauth_github",
        "github_oauth_factor",
        "both",
    ),
];

#[test]
fn a_session_has_the_chosen_factors() {
    let mut stand = Stand::new();
    for product in ["consumer", "b2b"] {
        let own = FACTORS
            .iter()
            .filter(|row| [product, "both"].contains(&row.4));
        let own: Vec<_> = own.collect();
        let names: Vec<&str> = own.iter().map(|row| row.0).collect();
        let token = mint(&mut stand, json!({ "product": product, "factors": names }));
        let minted = factors(&token);
        assert_eq!(minted.len(), own.len());
        for (factor, (name, r#type, method, details, _)) in minted.iter().zip(own) {
            assert_eq!(
                (&factor["type"], &factor["delivery_method"]),
                (&json!(r#type), &json!(method)),
                "{name}"
            );
            let has_ids = |object: &Value| {
                let mut values = object.as_object().unwrap().values();
                values.all(|value| value.as_str().is_some_and(|text| !text.is_empty()))
            };
            let is_complete = match *details {
                "" => factor.as_object().unwrap().len() == 3,
                "webauthn_factor" => {
                    factor["webauthn_factor"]["webauthn_registration_id"].is_string()
                }
                details => has_ids(&factor[details]),
            };
            assert!(is_complete, "{factor}");
        }
    }
}

#[test]
fn the_factors_of_a_stored_user_and_member_name_what_they_have() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let body = json!({ "user_id": user_id });
    let totp = stand.consumer("POST /v1/totps", body).ok().text("/totp_id");
    let names = json!(["email_otp", "sms_otp", "totp"]);
    let order = json!({ "product": "consumer", "user_id": user_id, "factors": names });
    let minted = factors(&mint(&mut stand, order));
    let stored = stand
        .consumer(&format!("GET /v1/users/{user_id}"), Value::Null)
        .ok()
        .body;
    let email =
        json!({ "email_id": stored["emails"][0]["email_id"], "email_address": "ada@example.com" });
    assert_eq!(minted[0]["email_factor"], email);
    let phone = json!({ "phone_id": stored["phone_numbers"][0]["phone_id"], "phone_number": "+15005550006" });
    assert_eq!(minted[1]["phone_number_factor"], phone);
    assert_eq!(minted[2]["authenticator_app_factor"]["totp_id"], totp);

    let organization_id = stand.organization("acme");
    let session = stand.log_in_member(&organization_id, "eve@acme.example");
    let order = json!({ "product": "b2b", "member_id": session.text("/member_id"), "factors": ["magic_link"] });
    let minted = factors(&mint(&mut stand, order));
    let own = &session.body["member_session"]["authentication_factors"][0]["email_factor"];
    assert_eq!(&minted[0]["email_factor"], own);
}

#[test]
fn the_api_exchanges_an_access_token_with_the_chosen_scopes() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let app = app(
        &mut stand,
        "consumer",
        "first_party",
        json!({ "full_access_allowed": true }),
    );
    let order = |scopes: Value| {
        json!({
            "product": "consumer", "kind": "connected_app", "client_id": app.id, "user_id": user_id, "scopes": scopes,
        })
    };
    let route = "POST /v1/sessions/exchange_access_token";
    let body = |token: String| json!({ "access_token": token, "session_duration_minutes": 5 });
    let token = mint(&mut stand, order(json!(["openid", "full_access"])));
    assert_eq!(open_jwt(&token).1["scope"], "openid full_access");
    let session = stand.consumer(route, body(token)).ok();
    assert_eq!(session.text("/user_id"), user_id);
    let weak = mint(&mut stand, order(json!(["openid"])));
    assert!(stand.consumer(route, body(weak)).status >= 400);
}

#[test]
fn an_m2m_token_has_the_client_and_its_scopes() {
    let mut stand = Stand::new();
    let body = json!({ "client_name": "Reports", "scopes": ["read:a", "write:a"] });
    let created = stand.consumer("POST /v1/m2m/clients", body).ok();
    let id = created.text("/m2m_client/client_id");
    let order = json!({ "product": "consumer", "kind": "m2m", "client_id": id });
    let claims = open_jwt(&mint(&mut stand, order.clone())).1;
    assert_eq!(
        (&claims["sub"], &claims["scope"]),
        (&json!(id), &json!("read:a write:a"))
    );
    let mut narrow = order;
    narrow["scopes"] = json!(["read:a"]);
    assert_eq!(open_jwt(&mint(&mut stand, narrow)).1["scope"], "read:a");
    let other = json!({ "product": "consumer", "kind": "m2m", "scopes": ["x"] });
    assert_eq!(open_jwt(&mint(&mut stand, other)).1["scope"], "x");
}

#[test]
fn an_id_token_has_the_claims_that_its_scopes_grant() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let app = app(&mut stand, "consumer", "first_party", json!({}));
    let order = json!({
        "product": "consumer", "kind": "id_token", "client_id": app.id, "user_id": user_id,
        "scopes": ["openid", "email"],
    });
    let token = mint(&mut stand, order);
    assert!(verifies(&mut stand, &consumer_keys(), &token));
    let claims = open_jwt(&token).1;
    assert_eq!(claims["aud"], json!([app.id]));
    assert_eq!(
        (&claims["sub"], &claims["email"]),
        (&json!(user_id), &json!("ada@example.com"))
    );
    assert!(claims.get("name").is_none() && claims.get("scope").is_none());
}

fn profile(stand: &mut Stand, product: &str, more: Value) -> String {
    let mut profile =
        json!({ "product": product, "issuer": "https://issuer.example", "audience": "stytch" });
    crate::app_stand::extend(&mut profile, more);
    stand.open(PROFILES, profile).ok().text("/profile_id")
}

#[test]
fn a_trusted_token_attests_a_user_and_a_member() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let strict = profile(&mut stand, "consumer", json!({}));
    let order = json!({ "product": "consumer", "kind": "trusted_token", "profile_id": strict });
    let attest = |stand: &mut Stand, profile_id: &str, token: String| {
        let body =
            json!({ "profile_id": profile_id, "token": token, "session_duration_minutes": 5 });
        stand.consumer("POST /v1/sessions/attest", body)
    };
    let unknown = mint(&mut stand, order.clone());
    attest(&mut stand, &strict, unknown.clone()).refused(404, "user_not_found");
    let lenient = profile(&mut stand, "consumer", json!({ "can_jit_provision": true }));
    let created = attest(&mut stand, &lenient, unknown).ok();
    assert_eq!(created.text("/user/emails/0/email"), "user@example.com");
    let mut of_user = order.clone();
    of_user["user_id"] = json!(user_id);
    let token = mint(&mut stand, of_user.clone());
    assert_eq!(
        attest(&mut stand, &strict, token).ok().text("/user_id"),
        user_id
    );
    for flaw in [
        "expired",
        "other_key",
        "wrong_issuer",
        "wrong_audience",
        "alg_none",
        "other_kind",
    ] {
        of_user["flaw"] = json!(flaw);
        let token = mint(&mut stand, of_user.clone());
        assert_eq!(attest(&mut stand, &strict, token).status, 401, "{flaw}");
    }

    let organization_id = stand.organization("acme");
    let member_id = stand
        .log_in_member(&organization_id, "eve@acme.example")
        .text("/member_id");
    let profile_id = profile(&mut stand, "b2b", json!({}));
    let order = json!({ "product": "b2b", "kind": "trusted_token", "profile_id": profile_id, "member_id": member_id });
    let token = mint(&mut stand, order);
    let body = json!({ "profile_id": profile_id, "token": token });
    let attested = stand.b2b("POST /v1/b2b/sessions/attest", body).ok();
    assert_eq!(attested.text("/member_id"), member_id);
}

#[test]
fn the_refusal_of_an_order_names_the_field() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com").text("/session/session_id");
    let jwks = format!("GET /v1/sessions/jwks/{}", SETTINGS.consumer.project_id);
    let keys = stand.open(&jwks, Value::Null).ok().body["keys"].take();
    let foreign = profile(&mut stand, "consumer", json!({ "keys": keys }));
    let table = [
        (
            json!({ "factors": "totp" }),
            "factors must be a list with at least one name",
        ),
        (
            json!({ "factors": [] }),
            "factors must be a list with at least one name",
        ),
        (
            json!({ "factors": ["sso_saml"] }),
            "factors may contain magic_link, email_otp, sms_otp, ",
        ),
        (
            json!({ "factors": ["oauth_myspace"] }),
            "factors may contain ",
        ),
        (json!({ "factors": [5] }), "factors may contain "),
        (
            json!({ "factors": ["totp", "totp"] }),
            "factors must not contain totp twice",
        ),
        (
            json!({ "factors": ["totp"], "kind": "m2m" }),
            "factors needs the kind session",
        ),
        (
            json!({ "factors": ["totp"], "session_id": session }),
            "factors must not be given with session_id",
        ),
        (json!({ "scopes": ["a"] }), "scopes needs the kind "),
        (
            json!({ "kind": "m2m", "scopes": ["a b"] }),
            "scopes must be a list of strings without spaces",
        ),
        (
            json!({ "kind": "m2m", "scopes": "a" }),
            "scopes must be a list",
        ),
        (
            json!({ "kind": "m2m", "client_id": "x" }),
            "client_id must be the id of an M2M client",
        ),
        (
            json!({ "kind": "id_token", "client_id": "x" }),
            "client_id must be the id of a Connected App",
        ),
        (json!({ "client_id": "x" }), "client_id needs the kind "),
        (
            json!({ "profile_id": "x" }),
            "profile_id needs the kind trusted_token",
        ),
        (
            json!({ "kind": "trusted_token" }),
            "the kind trusted_token needs profile_id",
        ),
        (
            json!({ "kind": "trusted_token", "profile_id": "x" }),
            "profile_id must be the id of a trusted",
        ),
        (
            json!({ "kind": "trusted_token", "profile_id": foreign }),
            "profile_id must be the id of a profile that has no keys",
        ),
        (
            json!({ "kind": "spare" }),
            "kind must be one of session, connected_app, id_token, m2m, trusted_token",
        ),
        (
            json!({ "kind": "m2m", "user_id": "x" }),
            "session_id, user_id and member_id must not be given with the kind m2m",
        ),
        (json!({ "factor": ["totp"] }), "unknown field \"factor\""),
    ];
    for (mut order, message) in table {
        order["product"] = json!("consumer");
        let refused = stand.open(MINT, order);
        assert_eq!(refused.status, 400);
        let error = refused.text("/error");
        assert!(error.starts_with(message), "{error}");
    }
    let order = json!({ "product": "b2b", "factors": ["whatsapp_otp"] });
    assert_eq!(stand.open(MINT, order).status, 400);
}
