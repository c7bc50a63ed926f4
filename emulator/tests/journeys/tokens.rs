//! Session JWTs: the header, the claims, and a signature that verifies with the JWK set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::signatures::{b2b_keys, consumer_keys, verifies};
use crate::stand::{SETTINGS, Stand, open_jwt};

const MINT: &str = "POST /_emulator/tokens";

#[test]
fn the_token_of_a_user_has_the_documented_form() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let token = session.text("/session_jwt");
    assert!(verifies(&mut stand, &consumer_keys(), &token));
    let (header, claims) = open_jwt(&token);
    assert_eq!(
        header.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["alg", "kid", "typ"]
    );
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("RS256"), &json!("JWT"))
    );
    assert!(
        header["kid"]
            .as_str()
            .unwrap()
            .starts_with("stytch-emulator-")
    );
    let (project_id, now) = (&SETTINGS.consumer.project_id, stand.now.0);
    assert_eq!(claims["aud"], json!([project_id]));
    assert_eq!(claims["iss"], format!("stytch.com/{project_id}"));
    assert_eq!(claims["sub"], session.body["user_id"]);
    assert_eq!(
        (&claims["iat"], &claims["nbf"], &claims["exp"]),
        (&json!(now), &json!(now), &json!(now + 300))
    );
    let inner = &claims["https://stytch.com/session"];
    assert_eq!(inner["id"], session.body["session"]["session_id"]);
    assert_eq!(inner["expires_at"], session.body["session"]["expires_at"]);
    assert_eq!(inner["roles"], json!(["stytch_user"]));
    let factor: Vec<&String> = inner["authentication_factors"][0]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        factor,
        [
            "type",
            "delivery_method",
            "last_authenticated_at",
            "email_factor"
        ]
    );
    assert!(claims.get("https://stytch.com/organization").is_none() && claims.get("jti").is_none());
}

#[test]
fn the_token_of_a_member_contains_the_organization() {
    let mut stand = Stand::new();
    let organization_id = stand.organization("acme");
    let session = stand.log_in_member(&organization_id, "ada@acme.example");
    let token = session.text("/session_jwt");
    assert!(verifies(&mut stand, &b2b_keys(), &token));
    assert!(!verifies(&mut stand, &consumer_keys(), &token));
    let (_, claims) = open_jwt(&token);
    let organization = json!({ "organization_id": organization_id, "slug": "acme" });
    assert_eq!(claims["https://stytch.com/organization"], organization);
    assert_eq!(
        claims["https://stytch.com/session"]["roles"],
        json!(["stytch_member"])
    );
    assert_eq!(claims["sub"], session.body["member_id"]);
}

#[test]
fn the_key_set_has_the_documented_members_and_belongs_to_one_project() {
    let mut stand = Stand::new();
    let set = stand
        .open(&format!("GET {}", consumer_keys()), Value::Null)
        .ok();
    let members: Vec<&String> = set.body["keys"][0].as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "kty", "use", "key_ops", "alg", "kid", "x5c", "x5tS256", "n", "e"
        ]
    );
    assert_eq!(
        URL_SAFE_NO_PAD.decode(set.text("/keys/0/n")).unwrap().len(),
        256
    );
    assert_eq!(set.text("/keys/0/e"), "AQAB");

    let unknown = "GET /v1/sessions/jwks/project-test-00000000-0000-4000-8000-000000000000";
    stand
        .open(unknown, Value::Null)
        .refused(404, "project_not_found");
    stand
        .open("GET /v1/sessions/jwks/dummy", Value::Null)
        .refused(400, "invalid_project_id");
    let crossed = format!("GET /v1/sessions/jwks/{}", SETTINGS.b2b.project_id);
    stand
        .open(&crossed, Value::Null)
        .refused(400, "invalid_consumer_endpoint");
}

#[test]
fn a_rotated_key_signs_and_the_old_key_still_verifies() {
    let mut stand = Stand::new();
    let old = stand.log_in("ada@example.com").text("/session_jwt");
    stand
        .open(
            "POST /_emulator/keys/rotate",
            json!({ "product": "consumer" }),
        )
        .ok();
    let fresh = stand
        .consumer(
            "POST /v1/sessions/authenticate",
            json!({ "session_jwt": old }),
        )
        .ok()
        .text("/session_jwt");
    assert_ne!(open_jwt(&fresh).0["kid"], open_jwt(&old).0["kid"]);
    assert!(verifies(&mut stand, &consumer_keys(), &fresh));
    assert!(verifies(&mut stand, &consumer_keys(), &old));
}

#[test]
fn minted_tokens_are_valid_by_default() {
    let mut stand = Stand::new();
    let mut mint = |body: Value| stand.open(MINT, body).ok().text("/token");
    let valid = mint(json!({ "product": "consumer" }));
    let member = mint(json!({ "product": "b2b", "key": "current" }));
    let forged = mint(json!({ "product": "consumer", "key": "stranger" }));
    let unsigned = mint(json!({ "product": "consumer", "key": "none" }));
    let bent = mint(json!({
        "product": "consumer",
        "header": { "typ": null, "crit": ["b64"] },
        "claims": { "exp": null, "aud": ["other"], "https://stytch.com/session": { "roles": ["admin"] } },
    }));
    assert!(verifies(&mut stand, &consumer_keys(), &valid));
    assert!(verifies(&mut stand, &b2b_keys(), &member));
    assert!(open_jwt(&member).1["https://stytch.com/organization"]["organization_id"].is_string());
    assert!(!verifies(&mut stand, &consumer_keys(), &forged));
    assert_eq!(open_jwt(&forged).0, open_jwt(&valid).0);
    assert!(unsigned.ends_with('.') && open_jwt(&unsigned).0["alg"] == "none");
    let (header, claims) = open_jwt(&bent);
    assert_eq!(
        (header.get("typ"), &header["crit"], claims.get("exp")),
        (None, &json!(["b64"]), None)
    );
    assert_eq!(
        claims["https://stytch.com/session"]["roles"],
        json!(["admin"])
    );
    assert!(claims["https://stytch.com/session"]["id"].is_string());
}

#[test]
fn the_api_refuses_forged_tokens() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let id = session.text("/session/session_id");
    // Each of these tokens contains the id of an active session.
    let ours = &SETTINGS.consumer.project_id;
    for (key, product, audience) in [
        ("stranger", "consumer", ours.as_str()),
        ("none", "consumer", ours.as_str()),
        ("current", "b2b", ours.as_str()),
        ("current", "consumer", "another project"),
    ] {
        let claims = json!({ "aud": [audience], "https://stytch.com/session": { "id": id } });
        let token = stand
            .open(
                MINT,
                json!({ "product": product, "key": key, "claims": claims }),
            )
            .ok()
            .text("/token");
        let checked = stand.consumer(
            "POST /v1/sessions/authenticate",
            json!({ "session_jwt": token }),
        );
        checked.refused(400, "unable_to_parse_session_jwt");
    }
    let token = stand
        .open(MINT, json!({ "product": "consumer" }))
        .ok()
        .text("/token");
    let unknown = stand.consumer(
        "POST /v1/sessions/authenticate",
        json!({ "session_jwt": token }),
    );
    unknown.refused(404, "session_not_found");
}
