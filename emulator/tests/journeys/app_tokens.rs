//! The tokens of Connected Apps: codes, refresh tokens, introspection, revocation and the exchange for a session.

use serde_json::{Value, json};

use crate::app_stand::{
    AUTHORIZE, App, CALLBACK, START, VERIFIER, app, asked, challenge, code_for, decided, exchange,
    extend, is_active, oauth2, params, refresh, user, userinfo,
};
use crate::signatures::{consumer_keys, verifies};
use crate::stand::{SETTINGS, Stand, open_jwt};

#[test]
fn an_app_receives_tokens_for_a_code_once() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let template = r#"{ "plan": "{{ user.trusted_metadata.plan }}", "roles": {{ user.rbac.roles }},
        "sub": "other", "iss": "other", "aud": ["other"], "exp": 1, "scope": "full_access", "client_id": "other",
        "https://stytch.com/session": { "id": "session-test-1" } }"#;
    let more = json!({
        "access_token_expiry_minutes": 30, "access_token_custom_audience": "https://api.example",
        "access_token_template_content": template, "id_token_template_content": template,
    });
    let app = app(&mut stand, "consumer", "third_party", more);
    let scopes = ["openid", "profile", "email", "phone", "offline_access"];
    let start = asked(&app, &scopes, json!({ "user_id": user_id }));
    let start = stand.consumer(START, start).ok();
    assert_eq!(start.text("/client/client_name"), "Notes");
    assert_eq!(start.text("/user/user_id"), user_id);
    assert_eq!(start.body["consent_required"], true);
    let results = start.body["scope_results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["is_grantable"] == true));

    let more = json!({
        "state": "a state&x", "nonce": "nonce-1", "code_challenge": challenge(),
        "resources": ["https://mcp.example", "https://api.example"],
    });
    let body = decided(&app, &user_id, &scopes, more);
    let done = stand.consumer(AUTHORIZE, body).ok();
    let code = done.text("/authorization_code");
    let expected =
        [("code", code.as_str()), ("state", "a state&x")].map(|(a, b)| (a.into(), b.into()));
    assert_eq!(params(&done.text("/redirect_uri")), expected);
    let start = asked(&app, &scopes, json!({ "user_id": user_id }));
    assert_eq!(
        stand.consumer(START, start).ok().body["consent_required"],
        false
    );

    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    let with_verifier = [("code_verifier", VERIFIER)];
    let tokens = exchange(&mut stand, &app, &code, &with_verifier).ok();
    assert_eq!(
        (
            tokens.text("/token_type"),
            tokens.body["expires_in"].clone()
        ),
        ("bearer".into(), json!(1800))
    );
    let access = tokens.text("/access_token");
    assert!(verifies(&mut stand, &consumer_keys(), &access));
    let (_, claims) = open_jwt(&access);
    let project_id = SETTINGS.consumer.project_id.as_str();
    let now = stand.now.0;
    for (name, value) in [
        ("sub", json!(user_id)),
        ("client_id", json!(app.id)),
        (
            "aud",
            json!([project_id, "https://api.example", "https://mcp.example"]),
        ),
        ("iss", json!(format!("stytch.com/{project_id}"))),
        ("scope", json!(scopes.join(" "))),
        ("exp", json!(now + 1800)),
        ("plan", json!("gold")),
        ("roles", json!(["stytch_user"])),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert!(claims.get("https://stytch.com/session").is_none());
    let id_token = tokens.text("/id_token");
    assert!(verifies(&mut stand, &consumer_keys(), &id_token));
    let (_, claims) = open_jwt(&id_token);
    for (name, value) in [
        ("sub", json!(user_id)),
        ("aud", json!([app.id])),
        ("iss", json!(format!("stytch.com/{project_id}"))),
        ("nonce", json!("nonce-1")),
        ("exp", json!(now + 3600)),
        ("name", json!("Ada Lovelace")),
        ("given_name", json!("Ada")),
        ("email", json!("ada@example.com")),
        ("email_verified", json!(false)),
        ("phone_number", json!("+15005550006")),
        ("plan", json!("gold")),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    // An ID token is neither a session nor an access token.
    assert!(!is_active(&mut stand, &app, &id_token));
    let about = userinfo(&mut stand, "consumer", &access).ok();
    assert_eq!(about.text("/family_name"), "Lovelace");
    assert_eq!(about.text("/sub"), user_id);
    let refresh_token = tokens.text("/refresh_token");
    assert!(is_active(&mut stand, &app, &access) && is_active(&mut stand, &app, &refresh_token));

    // The second use is an attack: what has been issued for the code is revoked.
    exchange(&mut stand, &app, &code, &with_verifier).refused_by_oauth2(400, "invalid_grant");
    assert!(!is_active(&mut stand, &app, &access) && !is_active(&mut stand, &app, &refresh_token));
    refresh(&mut stand, &app, &refresh_token, &[]).refused_by_oauth2(400, "invalid_grant");
    userinfo(&mut stand, "consumer", &access).refused_by_oauth2(404, "idp_access_token_not_found");
    let pages = ["GET /_emulator/state.json", "GET /_emulator/requests.json"];
    for page in pages {
        let shown = stand.open(page, Value::Null).body.to_string();
        for secret in [
            code.as_str(),
            &access,
            &id_token,
            &refresh_token,
            &app.secret,
            VERIFIER,
        ] {
            assert!(!shown.contains(secret), "{page}");
        }
    }
}

#[test]
fn refuses_a_code_that_is_expired_foreign_or_presented_wrongly() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let public = app(
        &mut stand,
        "consumer",
        "third_party_public",
        json!({ "redirect_urls": [CALLBACK, "https://app.example/other"] }),
    );
    let other = app(&mut stand, "consumer", "third_party_public", json!({}));
    let secret = app(&mut stand, "consumer", "third_party", json!({}));
    let with_challenge = json!({ "code_challenge": challenge() });
    let code = code_for(&mut stand, &public, &user_id, &["openid"], with_challenge);
    let ok = [("code_verifier", VERIFIER)];
    let wrong = [("code_verifier", "x".repeat(43))];
    let wrong = [(wrong[0].0, wrong[0].1.as_str())];
    for (app, code, fields) in [
        (&public, code.as_str(), &[][..]),
        (&public, &code, &wrong[..]),
        (&other, &code, &ok[..]),
        (&secret, &code, &ok[..]),
        (&public, "unknown", &ok[..]),
    ] {
        exchange(&mut stand, app, code, fields).refused_by_oauth2(400, "invalid_grant");
    }
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    oauth2(&mut stand, "consumer", "token", &public, &fields)
        .refused_by_oauth2(400, "invalid_request");
    fields.push(("redirect_uri", "https://app.example/other"));
    oauth2(&mut stand, "consumer", "token", &public, &fields)
        .refused_by_oauth2(400, "invalid_grant");
    // The B2B project does not know the app.
    oauth2(&mut stand, "b2b", "token", &public, &fields).refused_by_oauth2(401, "invalid_client");
    stand.later(600);
    exchange(&mut stand, &public, &code, &ok).refused_by_oauth2(400, "invalid_grant");
    stand.later(-1);
    exchange(&mut stand, &public, &code, &ok).ok();

    // A confidential app does not need PKCE, but its secret.
    let code = code_for(&mut stand, &secret, &user_id, &["openid"], json!({}));
    let imposter = App {
        id: secret.id.clone(),
        secret: "wrong".into(),
    };
    exchange(&mut stand, &imposter, &code, &[]).refused_by_oauth2(401, "invalid_client");
    let imposter = App {
        id: secret.id.clone(),
        secret: String::new(),
    };
    exchange(&mut stand, &imposter, &code, &[]).refused_by_oauth2(401, "invalid_client");
    exchange(&mut stand, &secret, &code, &ok).refused_by_oauth2(400, "invalid_grant");
    let tokens = exchange(&mut stand, &secret, &code, &[]).ok();
    assert!(tokens.body.get("refresh_token").is_none());
    let fields = [("grant_type", "password")];
    oauth2(&mut stand, "consumer", "token", &secret, &fields)
        .refused_by_oauth2(400, "unsupported_grant_type");
    stand
        .consumer(
            AUTHORIZE,
            decided(&public, &user_id, &["openid"], json!({})),
        )
        .refused(400, "pkce_required_for_idp_authorization_flow");
}

#[test]
fn a_refresh_token_of_a_public_app_rotates_and_its_reuse_ends_the_grant() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let app = app(&mut stand, "consumer", "first_party_public", json!({}));
    let with_challenge = json!({ "code_challenge": challenge() });
    let code = code_for(
        &mut stand,
        &app,
        &user_id,
        &["openid", "offline_access"],
        with_challenge,
    );
    let first = exchange(&mut stand, &app, &code, &[("code_verifier", VERIFIER)]).ok();
    let first_token = first.text("/refresh_token");
    refresh(&mut stand, &app, &first_token, &[("scope", "openid email")])
        .refused_by_oauth2(400, "invalid_scope");
    let second = refresh(
        &mut stand,
        &app,
        &first_token,
        &[("scope", "offline_access")],
    )
    .ok();
    let second_token = second.text("/refresh_token");
    assert_ne!(first_token, second_token);
    assert!(second.body.get("id_token").is_none());
    assert_eq!(
        open_jwt(&second.text("/access_token")).1["scope"],
        "offline_access"
    );
    assert!(
        !is_active(&mut stand, &app, &first_token) && is_active(&mut stand, &app, &second_token)
    );
    let third = refresh(&mut stand, &app, &second_token, &[]).ok();
    assert_eq!(
        open_jwt(&third.text("/access_token")).1["scope"],
        "openid offline_access"
    );
    assert!(open_jwt(&third.text("/id_token")).1.get("nonce").is_none());

    refresh(&mut stand, &app, &second_token, &[]).refused_by_oauth2(400, "invalid_grant");
    let third_token = third.text("/refresh_token");
    refresh(&mut stand, &app, &third_token, &[]).refused_by_oauth2(400, "invalid_grant");
    assert!(!is_active(&mut stand, &app, &third.text("/access_token")));
}

#[test]
fn a_refresh_token_of_a_confidential_app_stays_and_is_extended() {
    const THREE_MONTHS: i64 = 90 * 24 * 3600;
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let own = app(&mut stand, "consumer", "third_party", json!({}));
    let other = app(&mut stand, "consumer", "third_party", json!({}));
    let code = code_for(&mut stand, &own, &user_id, &["offline_access"], json!({}));
    let token = exchange(&mut stand, &own, &code, &[])
        .ok()
        .text("/refresh_token");
    refresh(&mut stand, &other, &token, &[]).refused_by_oauth2(400, "invalid_grant");
    assert!(!is_active(&mut stand, &other, &token));
    stand.later(THREE_MONTHS - 1);
    let refreshed = refresh(&mut stand, &own, &token, &[]).ok();
    assert!(refreshed.body.get("refresh_token").is_none());
    stand.later(THREE_MONTHS);
    assert!(!is_active(&mut stand, &own, &token));
    refresh(&mut stand, &own, &token, &[]).refused_by_oauth2(400, "invalid_grant");
    stand.later(-1);
    refresh(&mut stand, &own, &token, &[]).ok();
}

#[test]
fn an_app_revokes_its_own_tokens() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let own = app(&mut stand, "consumer", "third_party", json!({}));
    let other = app(&mut stand, "consumer", "third_party", json!({}));
    let tokens = |stand: &mut Stand| {
        let code = code_for(stand, &own, &user_id, &["offline_access"], json!({}));
        let tokens = exchange(stand, &own, &code, &[]).ok();
        (tokens.text("/access_token"), tokens.text("/refresh_token"))
    };
    let revoke = |stand: &mut Stand, app: &App, token: &str| {
        oauth2(stand, "consumer", "revoke", app, &[("token", token)])
    };
    let (access, refresh_token) = tokens(&mut stand);
    revoke(&mut stand, &other, &access).ok();
    revoke(&mut stand, &other, &refresh_token).ok();
    assert!(is_active(&mut stand, &own, &access) && is_active(&mut stand, &own, &refresh_token));
    revoke(&mut stand, &own, &access).ok();
    assert!(!is_active(&mut stand, &own, &access) && is_active(&mut stand, &own, &refresh_token));
    let (access, refresh_token) = tokens(&mut stand);
    revoke(&mut stand, &own, &refresh_token).ok();
    assert!(!is_active(&mut stand, &own, &access));
    refresh(&mut stand, &own, &refresh_token, &[]).refused_by_oauth2(400, "invalid_grant");
    revoke(&mut stand, &own, "unknown").ok();
    let minted = json!({ "product": "consumer", "kind": "connected_app", "claims": { "client_id": own.id } });
    let minted = stand
        .open("POST /_emulator/tokens", minted)
        .ok()
        .text("/token");
    assert!(is_active(&mut stand, &own, &minted));
    revoke(&mut stand, &own, &minted).ok();
    assert!(!is_active(&mut stand, &own, &minted));
    let imposter = App {
        id: own.id.clone(),
        secret: "wrong".into(),
    };
    revoke(&mut stand, &imposter, &minted).refused_by_oauth2(401, "invalid_client");
    oauth2(&mut stand, "consumer", "revoke", &own, &[]).refused_by_oauth2(400, "invalid_request");
}

#[test]
fn full_access_can_be_exchanged_only_with_a_session() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let (token, user_id) = (session.text("/session_token"), session.text("/user_id"));
    let allowed = json!({ "full_access_allowed": true });
    let own = app(&mut stand, "consumer", "first_party", allowed);
    let other = app(&mut stand, "consumer", "first_party", json!({}));
    let start = asked(&other, &["full_access"], json!({ "user_id": user_id }));
    let start = stand.consumer(START, start).ok();
    assert_eq!(start.body["scope_results"][0]["is_grantable"], false);
    let mut access = |selector: Value| {
        let mut body = asked(&own, &["full_access"], json!({ "consent_granted": true }));
        extend(&mut body, selector);
        let code = stand
            .consumer(AUTHORIZE, body)
            .ok()
            .text("/authorization_code");
        exchange(&mut stand, &own, &code, &[])
            .ok()
            .text("/access_token")
    };
    let (by_id, by_session, revoked) = (
        access(json!({ "user_id": user_id })),
        access(json!({ "session_token": token })),
        access(json!({ "session_token": token })),
    );
    oauth2(
        &mut stand,
        "consumer",
        "revoke",
        &own,
        &[("token", &revoked)],
    )
    .ok();
    let route = "POST /v1/sessions/exchange_access_token";
    let body = |token: &str| json!({ "access_token": token, "session_duration_minutes": 60 });
    stand
        .consumer(route, body(&revoked))
        .refused(404, "idp_access_token_not_found");
    stand
        .consumer(route, body(&by_id))
        .refused(400, "oauth_access_token_exchange_token_invalid_grant");
    assert_eq!(
        stand
            .consumer(route, body(&by_session))
            .ok()
            .text("/user_id"),
        user_id
    );
}

#[test]
fn the_userinfo_needs_an_access_token_that_has_not_expired() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let own = app(&mut stand, "consumer", "third_party", json!({}));
    let user_id = session.text("/user_id");
    let code = code_for(&mut stand, &own, &user_id, &["openid"], json!({}));
    let tokens = exchange(&mut stand, &own, &code, &[]).ok();
    for other in [session.text("/session_jwt"), tokens.text("/id_token")] {
        userinfo(&mut stand, "consumer", &other)
            .refused_by_oauth2(404, "idp_access_token_not_found");
    }
    let access = tokens.text("/access_token");
    userinfo(&mut stand, "consumer", &access).ok();
    userinfo(&mut stand, "b2b", &access).refused_by_oauth2(404, "idp_access_token_not_found");
    stand.later(3600);
    userinfo(&mut stand, "consumer", &access).refused_by_oauth2(401, "idp_access_token_expired");
}

#[test]
fn the_control_route_issues_tokens_of_a_registered_app() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let more = json!({
        "access_token_expiry_minutes": 30,
        "access_token_custom_audience": "https://api.example",
    });
    let own = app(&mut stand, "consumer", "third_party", more);
    let order = |more: Value| {
        let mut order = json!({ "product": "consumer", "kind": "connected_app" });
        extend(&mut order, more);
        order
    };
    let mint = "POST /_emulator/tokens";
    let minted = order(json!({ "client_id": own.id, "user_id": user_id }));
    let token = stand.open(mint, minted).ok().text("/token");
    let (_, claims) = open_jwt(&token);
    let project_id = &SETTINGS.consumer.project_id;
    assert_eq!(claims["aud"], json!([project_id, "https://api.example"]));
    assert_eq!(claims["exp"], stand.now.0 + 1800);
    assert_eq!(
        (&claims["client_id"], &claims["sub"]),
        (&json!(own.id), &json!(user_id))
    );
    assert!(is_active(&mut stand, &own, &token));
    stand.later(1800);
    assert!(!is_active(&mut stand, &own, &token));
    for (more, message) in [
        (
            json!({ "client_id": "connected-app-test-x" }),
            "must be the id of a Connected App",
        ),
        (
            json!({ "client_id": 7 }),
            "must be the id of a Connected App",
        ),
        (
            json!({ "client_id": own.id, "kind": "m2m" }),
            "must be the id of an M2M client",
        ),
        (
            json!({ "client_id": own.id, "product": "b2b" }),
            "must be the id of a Connected App",
        ),
    ] {
        let refused = stand.open(mint, order(more));
        assert_eq!(refused.status, 400);
        assert!(refused.text("/error").contains(message), "{}", refused.body);
    }
}
