//! The routes of Stytch's browser SDKs: each route, the session of the browser, and what a browser must not change.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rsa::sha2::{Digest as _, Sha256};
use serde_json::{Value, json};
use stytch_emulator::{Emulator, Fresh, Seed};

use crate::stand::{Answer, SETTINGS, Stand, open_jwt, request};

const SEND: &str = "POST /sdk/v1/magic_links/email/login_or_create";
const LOG_IN: &str = "POST /sdk/v1/magic_links/authenticate";
const REFRESH: &str = "POST /sdk/v1/sessions/authenticate";
const ME: &str = "GET /sdk/v1/users/me";
const NUMBER: &str = "+15005550006";

/// Sends a call as an SDK does: with the public token and the session token, or with the public token twice.
pub fn call(stand: &mut Stand, call: &str, session_token: Option<&str>, body: Value) -> Answer {
    let public_token = SETTINGS.consumer.public_token();
    let sent = session_token.unwrap_or(&public_token);
    call_as(stand, call, &format!("{public_token}:{sent}"), body)
}

/// Sends a call with these Basic credentials.
fn call_as(stand: &mut Stand, call: &str, credentials: &str, body: Value) -> Answer {
    let mut request = request(call, None, body);
    let basic = format!("Basic {}", STANDARD.encode(credentials));
    request.headers = vec![
        ("authorization".into(), basic),
        ("user-agent".into(), "a browser".into()),
    ];
    stand.send(request)
}

/// Requests a link and returns its token.
fn link(stand: &mut Stand, body: Value) -> String {
    call(stand, SEND, None, body).ok();
    stand.mail()["token"].as_str().unwrap().to_owned()
}

fn log_in(stand: &mut Stand, email: &str) -> Answer {
    let token = link(stand, json!({ "email": email }));
    let body = json!({ "token": token, "session_duration_minutes": 60 });
    call(stand, LOG_IN, None, body).ok()
}

#[test]
fn a_link_logs_in_the_session_is_refreshed_and_revoked() {
    let mut stand = Stand::new();
    let sent = json!({
        "email": "ada@example.com", "login_magic_link_url": "http://localhost:3000/in",
        "signup_magic_link_url": "http://localhost:3000/up", "captcha_token": "x", "dfp_telemetry_id": "y",
    });
    let answer = call(&mut stand, SEND, None, sent).ok();
    assert_eq!(answer.body["data"]["user_created"], true);
    assert_eq!(answer.body["data"]["status_code"], 200);
    assert!(
        answer
            .text("/data/request_id")
            .starts_with("request-id-test-")
    );
    assert_eq!(answer.body.as_object().unwrap().len(), 1);
    let mail = stand.mail();
    assert!(
        mail["url"]
            .as_str()
            .unwrap()
            .starts_with("http://localhost:3000/up?stytch_token_type=magic_links&token=")
    );

    let body = json!({ "token": mail["token"], "session_duration_minutes": 60 });
    let done = call(&mut stand, LOG_IN, None, body.clone()).ok();
    let session_token = done.text("/data/session_token");
    assert_eq!(
        done.body["data"]["session"]["attributes"]["user_agent"],
        "a browser"
    );
    assert_eq!(done.body["data"]["user"], done.body["data"]["__user"]);
    call(&mut stand, LOG_IN, None, body).refused(401, "unable_to_auth_magic_link");

    stand.later(360);
    let refreshed = call(&mut stand, REFRESH, Some(&session_token), json!({})).ok();
    let expiry = |answer: &Answer| {
        open_jwt(&answer.text("/data/session_jwt")).1["exp"]
            .as_i64()
            .unwrap()
    };
    assert_eq!(expiry(&refreshed), expiry(&done) + 360);
    let end = |answer: &Answer| answer.text("/data/session/expires_at");
    assert_eq!(end(&refreshed), end(&done));
    let body = json!({ "session_duration_minutes": 120 });
    let extended = call(&mut stand, REFRESH, Some(&session_token), body).ok();
    assert_ne!(end(&extended), end(&done));
    // The server of the application has the same session.
    let body = json!({ "session_token": session_token });
    stand.consumer("POST /v1/sessions/authenticate", body).ok();

    let revoke = "POST /sdk/v1/sessions/revoke";
    call(&mut stand, revoke, Some(&session_token), Value::Null).ok();
    for route in [REFRESH, revoke, ME] {
        let refused = call(&mut stand, route, Some(&session_token), Value::Null);
        refused.refused(404, "session_not_found");
    }
}

#[test]
fn refuses_unknown_and_malformed_public_tokens_of_every_route() {
    let mut stand = Stand::new();
    let unknown = "public-token-test-00000000-0000-4000-8000-000000000000";
    let b2b = SETTINGS.b2b.public_token();
    let secret = format!(
        "{}:{}",
        SETTINGS.consumer.project_id, SETTINGS.consumer.secret
    );
    let routes = [
        SEND,
        "POST /sdk/v1/magic_links/email/send/primary",
        "POST /sdk/v1/magic_links/email/send/secondary",
        LOG_IN,
        "POST /sdk/v1/otps/sms/login_or_create",
        "POST /sdk/v1/otps/sms/send/primary",
        "POST /sdk/v1/otps/sms/send/secondary",
        "POST /sdk/v1/otps/whatsapp/login_or_create",
        "POST /sdk/v1/otps/whatsapp/send/primary",
        "POST /sdk/v1/otps/whatsapp/send/secondary",
        "POST /sdk/v1/otps/email/login_or_create",
        "POST /sdk/v1/otps/email/send/primary",
        "POST /sdk/v1/otps/email/send/secondary",
        "POST /sdk/v1/otps/authenticate",
        "POST /sdk/v1/passwords",
        "POST /sdk/v1/passwords/authenticate",
        "POST /sdk/v1/passwords/strength_check",
        "POST /sdk/v1/passwords/email/reset/start",
        "POST /sdk/v1/passwords/email/reset",
        "POST /sdk/v1/passwords/existing_password/reset",
        "POST /sdk/v1/passwords/session/reset",
        REFRESH,
        "POST /sdk/v1/sessions/revoke",
        ME,
        "PUT /sdk/v1/users/me",
    ];
    for route in routes {
        for (credentials, status, error_type) in [
            (
                format!("{unknown}:{unknown}"),
                404,
                "public_token_not_found",
            ),
            (format!("{b2b}:{b2b}"), 400, "bad_vertical_for_stytch_sdk"),
            (secret.clone(), 400, "invalid_public_token_id"),
            (
                "public-token-test-1:x".into(),
                400,
                "invalid_public_token_id",
            ),
        ] {
            let answer = call_as(&mut stand, route, &credentials, json!({}));
            answer.refused(status, error_type);
        }
        stand
            .open(route, json!({}))
            .refused(400, "invalid_authorization_header");
    }
    let no_messages = stand.open("GET /_emulator/outbox.json", Value::Null);
    assert_eq!(no_messages.body["messages"], json!([]));
}

#[test]
fn the_session_of_the_browser_is_required_where_the_call_is_about_it() {
    let mut stand = Stand::new();
    let ended = log_in(&mut stand, "ada@example.com").text("/data/session_token");
    stand.later(3600);
    for (route, body) in [
        (REFRESH, json!({})),
        ("POST /sdk/v1/sessions/revoke", Value::Null),
        (ME, Value::Null),
        ("PUT /sdk/v1/users/me", json!({ "name": {} })),
        (
            "POST /sdk/v1/magic_links/email/send/secondary",
            json!({ "email": "b@example.com" }),
        ),
        (
            "POST /sdk/v1/otps/sms/send/secondary",
            json!({ "phone_number": NUMBER }),
        ),
        (
            "POST /sdk/v1/otps/whatsapp/send/secondary",
            json!({ "phone_number": NUMBER }),
        ),
        (
            "POST /sdk/v1/otps/email/send/secondary",
            json!({ "email": "b@example.com" }),
        ),
    ] {
        call(&mut stand, route, None, body.clone()).refused(401, "user_unauthenticated");
        let malformed = call(&mut stand, route, Some("short"), body.clone());
        malformed.refused(400, "invalid_secret_authentication");
        call(&mut stand, route, Some(&ended), body).refused(404, "session_not_found");
    }
    assert_eq!(stand.mail()["to"], "ada@example.com");
}

#[test]
fn a_code_challenge_binds_the_link_to_the_browser() {
    let mut stand = Stand::new();
    let verifier = "a-verifier-of-the-browser";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let token = link(
        &mut stand,
        json!({ "email": "ada@example.com", "code_challenge": challenge }),
    );
    let mut body = json!({ "token": token, "session_duration_minutes": 60 });
    call(&mut stand, LOG_IN, None, body.clone()).refused(400, "pkce_expected_code_verifier");
    body["code_verifier"] = json!("another verifier");
    call(&mut stand, LOG_IN, None, body.clone()).refused(400, "pkce_mismatch");
    body["code_verifier"] = json!(verifier);
    call(&mut stand, LOG_IN, None, body).ok();
}

#[test]
fn a_link_expires_and_needs_a_duration() {
    let mut stand = Stand::new();
    let sent = json!({ "email": "ada@example.com", "signup_expiration_minutes": 5 });
    let token = link(&mut stand, sent);
    let without = json!({ "token": token });
    call(&mut stand, LOG_IN, None, without).refused(400, "invalid_session_duration_minutes");
    let body = json!({ "token": token, "session_duration_minutes": 60 });
    stand.later(300);
    call(&mut stand, LOG_IN, None, body.clone()).refused(401, "unable_to_auth_magic_link");
    stand.later(-1);
    let snapshot = stand.emulator.snapshot();
    stand.emulator = Emulator::from_seed(&Seed::default(), &Fresh::default(), stand.now).unwrap();
    stand.emulator.restore(&snapshot).unwrap();
    call(&mut stand, LOG_IN, None, body).ok();
}

#[test]
fn a_second_log_in_extends_the_session_but_an_ended_session_does_not_prevent_it() {
    let mut stand = Stand::new();
    let first = log_in(&mut stand, "ada@example.com");
    let session_token = first.text("/data/session_token");
    let secondary = "POST /sdk/v1/otps/sms/send/secondary";
    let to = json!({ "phone_number": NUMBER });
    let sent = call(&mut stand, secondary, Some(&session_token), to).ok();
    let body = json!({
        "token": stand.mail()["code"], "method_id": sent.text("/data/phone_id"), "session_duration_minutes": 60,
    });
    let enter = "POST /sdk/v1/otps/authenticate";
    let stepped = call(&mut stand, enter, Some(&session_token), body.clone()).ok();
    let id = |answer: &Answer| answer.text("/data/session/session_id");
    assert_eq!(id(&stepped), id(&first));
    let factors = &stepped.body["data"]["session"]["authentication_factors"];
    assert_eq!(factors.as_array().unwrap().len(), 2);
    call(&mut stand, enter, None, body).refused(401, "unable_to_auth_otp_code");

    stand.later(3600);
    let token = link(&mut stand, json!({ "email": "ada@example.com" }));
    let body = json!({ "token": token, "session_duration_minutes": 60 });
    let again = call(&mut stand, LOG_IN, Some(&session_token), body).ok();
    assert_ne!(id(&again), id(&first));
}

#[test]
fn codes_and_links_go_to_new_and_known_users() {
    for (channel, field, to) in [
        ("sms", "phone_number", NUMBER),
        ("whatsapp", "phone_number", NUMBER),
        ("email", "email", "ada@example.com"),
    ] {
        let mut stand = Stand::new();
        let route = |rest: &str| format!("POST /sdk/v1/otps/{channel}/{rest}");
        let body = json!({ field: to });
        let unknown = call(&mut stand, &route("send/primary"), None, body.clone());
        unknown.refused(404, &format!("{field}_not_found"));
        let created = call(&mut stand, &route("login_or_create"), None, body.clone()).ok();
        assert_eq!(created.body["data"]["user_created"], true);
        let sent = call(&mut stand, &route("send/primary"), None, body).ok();
        assert_eq!(stand.mail()["channel"], channel);
        let id = if channel == "email" {
            "email_id"
        } else {
            "phone_id"
        };
        let body = json!({
            "token": stand.mail()["code"], "method_id": sent.body["data"][id], "session_duration_minutes": 60,
        });
        let enter = "POST /sdk/v1/otps/authenticate";
        let done = call(&mut stand, enter, None, body).ok();
        let factor = &done.body["data"]["session"]["authentication_factors"][0];
        assert_eq!(factor["delivery_method"], channel);
    }
    let mut stand = Stand::new();
    let primary = "POST /sdk/v1/magic_links/email/send/primary";
    let body = json!({ "email": "ada@example.com" });
    call(&mut stand, primary, None, body.clone()).refused(404, "email_not_found");
    let user = log_in(&mut stand, "ada@example.com");
    call(&mut stand, primary, None, body).ok();
    for route in [
        "POST /sdk/v1/magic_links/email/send/secondary",
        "POST /sdk/v1/otps/email/send/secondary",
    ] {
        let added = json!({ "email": "second@example.com" });
        let session_token = user.text("/data/session_token");
        let sent = call(&mut stand, route, Some(&session_token), added).ok();
        assert_eq!(sent.text("/data/user_id"), user.text("/data/user_id"));
    }
}

#[test]
fn a_user_reads_and_changes_only_their_own_name_and_metadata() {
    let mut stand = Stand::new();
    let ada = log_in(&mut stand, "ada@example.com");
    let eve = log_in(&mut stand, "eve@example.com");
    let (session_token, user_id) = (ada.text("/data/session_token"), ada.text("/data/user_id"));
    let change = json!({
        "name": { "first_name": "Ada" }, "untrusted_metadata": { "color": "blue" },
        "trusted_metadata": { "admin": true }, "roles": ["editor"], "external_id": "x",
        "user_id": eve.text("/data/user_id"), "session_token": eve.text("/data/session_token"),
    });
    let changed = call(
        &mut stand,
        "PUT /sdk/v1/users/me",
        Some(&session_token),
        change,
    )
    .ok();
    assert_eq!(changed.text("/data/__user/user_id"), user_id);
    let me = call(&mut stand, ME, Some(&session_token), Value::Null).ok();
    let user = &me.body["data"];
    assert_eq!(user["user_id"], user_id);
    assert_eq!(user["name"]["first_name"], "Ada");
    assert_eq!(user["untrusted_metadata"], json!({ "color": "blue" }));
    assert_eq!(user["trusted_metadata"], json!({}));
    assert_eq!(user["roles"], json!(["stytch_user"]));
    assert_eq!(user["external_id"], Value::Null);
}

#[test]
fn fields_of_the_server_api_have_no_effect() {
    let mut stand = Stand::new();
    let ada = log_in(&mut stand, "ada@example.com");
    let eve = log_in(&mut stand, "eve@example.com").text("/data/session_token");
    let claims = json!({ "session_custom_claims": { "admin": true }, "session_token": ada.text("/data/session_token") });
    let own = call(&mut stand, REFRESH, Some(&eve), claims.clone()).ok();
    assert_ne!(
        own.body["data"]["user"]["user_id"],
        ada.body["data"]["user_id"]
    );
    assert_eq!(own.body["data"]["session"]["custom_claims"], json!({}));
    // The address is not added to the user of the ID.
    let sent = json!({ "email": "mallory@example.com", "user_id": ada.text("/data/user_id") });
    let refused = call(
        &mut stand,
        "POST /sdk/v1/magic_links/email/send/primary",
        None,
        sent,
    );
    refused.refused(404, "email_not_found");
    let mut body = claims;
    body["token"] = json!(link(&mut stand, json!({ "email": "mallory@example.com" })));
    body["session_duration_minutes"] = json!(60);
    let done = call(&mut stand, LOG_IN, None, body).ok();
    assert_eq!(done.body["data"]["session"]["custom_claims"], json!({}));
}

#[test]
fn the_bootstrap_data_belongs_to_the_public_token() {
    let mut stand = Stand::new();
    let tokens = [
        SETTINGS.consumer.public_token(),
        SETTINGS.b2b.public_token(),
    ];
    for (token, vertical) in tokens.iter().zip(["CONSUMER", "B2B"]) {
        let route = format!("GET /sdk/v1/projects/bootstrap/{token}");
        let answer = call_as(&mut stand, &route, &format!("{token}:{token}"), Value::Null).ok();
        assert_eq!(answer.body["data"]["vertical"], vertical);
        assert_eq!(answer.body["data"]["captcha_settings"]["enabled"], false);
        assert_eq!(answer.body["data"]["dfp_protected_auth_enabled"], false);
    }
    let [consumer, b2b] = tokens;
    for (path, credentials, status, error_type) in [
        (&b2b, format!("{consumer}:x"), 404, "public_token_not_found"),
        (
            &"public-token-test-1".to_owned(),
            format!("{consumer}:x"),
            400,
            "invalid_public_token_id",
        ),
        (&consumer, "x:x".into(), 400, "invalid_public_token_id"),
    ] {
        let route = format!("GET /sdk/v1/projects/bootstrap/{path}");
        call_as(&mut stand, &route, &credentials, Value::Null).refused(status, error_type);
    }
}

#[test]
fn a_seed_chooses_the_public_token_and_requires_pkce() {
    let start = |seed: &str| {
        Emulator::from_seed(
            &Seed::parse(seed).unwrap(),
            &Fresh::default(),
            Stand::new().now,
        )
    };
    let token = "public-token-test-11111111-1111-4111-8111-111111111111";
    let mut stand = Stand::new();
    stand.emulator = start(&format!(
        "random_seed: 1\nconsumer: {{ public_token: {token}, sdk: {{ pkce_required_for_email_magic_links: true }} }}"
    ))
    .unwrap();
    let route = format!("GET /sdk/v1/projects/bootstrap/{token}");
    let answer = call_as(&mut stand, &route, &format!("{token}:{token}"), Value::Null).ok();
    let is_required = &answer.body["data"]["pkce_required_for_email_magic_links"];
    assert_eq!(*is_required, true);
    for (seed, path) in [
        ("public_token: x", "consumer.public_token"),
        (
            "public_token: public-token-live-11111111-1111-4111-8111-111111111111",
            "consumer.public_token",
        ),
        ("sdk: { pkce: true }", "consumer.sdk.pkce"),
    ] {
        let error = start(&format!("random_seed: 1\nconsumer: {{ {seed} }}"));
        assert_eq!(error.err().unwrap().path(), path);
    }
    let same = format!(
        "random_seed: 1\nconsumer: {{ public_token: {token} }}\nb2b: {{ public_token: {token} }}"
    );
    assert!(start(&same).is_err());
    let again = start("random_seed: 1").unwrap();
    let drawn = start("random_seed: 1")
        .unwrap()
        .settings()
        .consumer
        .public_token();
    assert_eq!(again.settings().consumer.public_token(), drawn);
    assert!(drawn.starts_with("public-token-test-"));
    assert_ne!(drawn, again.settings().b2b.public_token());
}

#[test]
fn accepts_events_without_credentials_and_answers_unknown_routes_with_501() {
    let mut stand = Stand::new();
    let events = "POST /sdk/v1/events";
    stand
        .open(events, json!([{ "telemetry": {}, "event": {} }]))
        .ok();
    stand.open(events, json!({})).refused(400, "bad_request");
    for route in [
        "POST /sdk/v1/totps",
        "POST /sdk/v1/b2b/sessions/authenticate",
    ] {
        let answer = call(&mut stand, route, None, json!({}));
        answer.refused(501, "not_implemented_by_emulator");
    }
    call(&mut stand, "DELETE /sdk/v1/users/me", None, json!({})).refused(405, "method_not_allowed");
}

#[test]
fn sandbox_values_faults_and_the_request_log_work_as_for_the_server_api() {
    let mut stand = Stand::new();
    let body = json!({ "token": "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=", "session_duration_minutes": 60 });
    let done = call(&mut stand, LOG_IN, None, body).ok();
    assert_eq!(done.text("/data/user/emails/0/email"), "sandbox@stytch.com");

    let session_token = log_in(&mut stand, "ada@example.com").text("/data/session_token");
    call(&mut stand, REFRESH, Some(&session_token), json!({})).ok();
    let log = stand.open("GET /_emulator/requests.json", Value::Null);
    let last = log.body["requests"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["path"], "/sdk/v1/sessions/authenticate");
    assert_eq!(last["credentials"], "basic");
    let text = log.body.to_string();
    assert!(
        !text.contains(&session_token)
            && last["session"]
                .as_str()
                .unwrap()
                .starts_with("session_token ")
    );

    let fault =
        json!({ "path_prefix": "/sdk/v1/sessions", "kind": "status", "status": 503, "times": 1 });
    stand.open("POST /_emulator/faults", fault).ok();
    let refused = call(&mut stand, REFRESH, Some(&session_token), json!({}));
    assert_eq!(refused.status, 503);
    call(&mut stand, REFRESH, Some(&session_token), json!({})).ok();
}
