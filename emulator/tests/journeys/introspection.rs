//! Introspection: active tokens of Connected Apps and M2M clients, and tokens that are not active.

use serde_json::{Value, json};

use crate::signatures::{b2b_keys, consumer_keys, verifies};
use crate::stand::{Answer, SETTINGS, Stand, open_jwt};

const APP: &str = "connected-app-test-1";

/// Issues a token for the Connected App `APP`.
fn mint(stand: &mut Stand, product: &str, claims: Value) -> String {
    let mut order =
        json!({ "product": product, "kind": "connected_app", "claims": { "client_id": APP } });
    order["claims"]
        .as_object_mut()
        .unwrap()
        .extend(claims.as_object().unwrap().clone());
    let minted = stand.open("POST /_emulator/tokens", order).ok();
    minted.text("/token")
}

fn introspect(stand: &mut Stand, project_id: &str, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/v1/public/{project_id}/oauth2/introspect");
    stand.form(&path, fields)
}

#[track_caller]
fn inactive(answer: Answer) {
    let answer = answer.ok();
    let keys: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["status_code", "request_id", "active"],
        "{}",
        answer.body
    );
    assert_eq!(answer.body["active"], false);
}

#[test]
fn returns_the_claims_of_an_active_connected_app_token() {
    let mut stand = Stand::new();
    let project_id = &SETTINGS.b2b.project_id;
    let own = json!({ "scope": "openid read:documents", "plan": "gold" });
    let token = mint(&mut stand, "b2b", own);
    assert!(verifies(&mut stand, &b2b_keys(), &token));
    let (header, claims) = open_jwt(&token);
    assert_eq!(header["typ"], "JWT");
    let fields = [("token", token.as_str()), ("client_id", APP)];
    let answer = introspect(&mut stand, project_id, &fields).ok();
    for (name, value) in claims.as_object().unwrap() {
        assert_eq!(&answer.body[name], value, "{name}");
    }
    assert_eq!(answer.body["active"], true);
    assert_eq!(answer.body["token_type"], "access_token");
    assert_eq!(answer.body["scope"], "openid read:documents");
    let now = stand.now.0;
    assert_eq!(
        (&claims["iat"], &claims["nbf"], &claims["exp"]),
        (&json!(now), &json!(now), &json!(now + 3600))
    );
    assert_eq!(claims["aud"], json!([project_id]));
    assert!(claims["jti"].is_string() && claims["sub"].as_str().unwrap().starts_with("member-"));
    let organization = &claims["https://stytch.com/organization"];
    assert!(organization["organization_id"].is_string() && organization["slug"].is_string());
    let consumer = mint(&mut stand, "consumer", json!({}));
    assert!(verifies(&mut stand, &consumer_keys(), &consumer));
    let (_, claims) = open_jwt(&consumer);
    assert!(claims.get("https://stytch.com/organization").is_none());
    assert!(claims["sub"].as_str().unwrap().starts_with("user-"));
}

#[test]
fn returns_only_active_false_for_any_other_token() {
    let mut stand = Stand::new();
    let project_id = SETTINGS.consumer.project_id.as_str();
    let now = stand.now.0;
    let session = stand.log_in("ada@example.com").text("/session_jwt");
    let mut as_session = json!({ "https://stytch.com/session": { "id": "session-test-1" } });
    as_session["scope"] = json!("openid");
    let claims = [
        json!({ "exp": now }),
        json!({ "exp": null }),
        json!({ "nbf": now + 1 }),
        json!({ "aud": ["project-test-1"] }),
        json!({ "scope": null }),
        json!({ "client_id": "connected-app-test-2" }),
        json!({ "client_id": null, "sub": APP }),
        as_session,
    ];
    let mut tokens = vec![
        session,
        "nonsense".into(),
        mint(&mut stand, "b2b", json!({})),
    ];
    for claims in claims {
        tokens.push(mint(&mut stand, "consumer", claims));
    }
    for key in ["stranger", "none"] {
        let order = json!({ "product": "consumer", "kind": "connected_app", "key": key, "claims": { "client_id": APP } });
        let forged = stand.open("POST /_emulator/tokens", order).ok();
        tokens.push(forged.text("/token"));
    }
    for token in &tokens {
        let fields = [("token", token.as_str()), ("client_id", APP)];
        inactive(introspect(&mut stand, project_id, &fields));
    }
    let valid = mint(&mut stand, "consumer", json!({}));
    let fields = [("token", valid.as_str()), ("client_id", APP)];
    assert_eq!(
        introspect(&mut stand, project_id, &fields).body["active"],
        true
    );
    stand.later(3600);
    inactive(introspect(&mut stand, project_id, &fields));
}

#[test]
fn an_m2m_client_needs_its_secret_and_sees_only_its_own_tokens() {
    let mut stand = Stand::new();
    let project_id = SETTINGS.consumer.project_id.as_str();
    let body = json!({ "client_id": "cron", "scopes": ["read:users"] });
    let secret = stand
        .consumer("POST /v1/m2m/clients", body)
        .ok()
        .text("/m2m_client/client_secret");
    let who = [("client_id", "cron"), ("client_secret", secret.as_str())];
    let path = format!("/v1/public/{project_id}/oauth2/token");
    let mut grant = vec![("grant_type", "client_credentials")];
    grant.extend(who);
    let token = stand.form(&path, &grant).ok().text("/access_token");

    let ask = |stand: &mut Stand, token: &str, who: &[(&str, &str)]| {
        let mut fields = vec![("token", token), ("token_type_hint", "access_token")];
        fields.extend(who);
        introspect(stand, project_id, &fields)
    };
    let active = ask(&mut stand, &token, &who).ok();
    assert_eq!(active.body["active"], true);
    assert_eq!(
        (active.text("/sub"), active.text("/scope")),
        ("cron".into(), "read:users".into())
    );
    for wrong in [
        &[("client_id", "cron")][..],
        &[("client_id", "cron"), ("client_secret", "wrong")],
    ] {
        ask(&mut stand, &token, wrong).refused_by_oauth2(401, "invalid_client");
    }
    inactive(ask(&mut stand, &token, &[("client_id", APP)]));
    let of_others = json!({ "product": "consumer", "kind": "m2m" });
    let of_others = stand.open("POST /_emulator/tokens", of_others).ok();
    inactive(ask(&mut stand, &of_others.text("/token"), &who));
    let app = mint(&mut stand, "consumer", json!({ "sub": "cron" }));
    inactive(ask(&mut stand, &app, &who));

    ask(&mut stand, &token, &[]).refused_by_oauth2(401, "invalid_client");
    introspect(&mut stand, project_id, &who).refused_by_oauth2(400, "invalid_request");
    let retired = json!({ "status": "inactive" });
    stand.consumer("PUT /v1/m2m/clients/cron", retired).ok();
    ask(&mut stand, &token, &who).refused_by_oauth2(401, "invalid_client");
}
