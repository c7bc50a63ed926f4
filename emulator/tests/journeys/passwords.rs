//! Passwords of users: creation, log-in, the policies, resets, the lock, and what the emulator keeps of a password.

use serde_json::{Value, json};
use stytch_emulator::Emulator;

use crate::stand::{Answer, SETTINGS, Stand};

const CREATE: &str = "POST /v1/passwords";
const USE: &str = "POST /v1/passwords/authenticate";
const CHECK: &str = "POST /v1/passwords/strength_check";
const START: &str = "POST /v1/passwords/email/reset/start";
const RESET: &str = "POST /v1/passwords/email/reset";
const CHANGE: &str = "POST /v1/passwords/existing_password/reset";
const IN_SESSION: &str = "POST /v1/passwords/session/reset";
const EMAIL: &str = "ada@example.com";
const GOOD: &str = "violet-harbour-lantern-41";
const NEW: &str = "seven quiet otters under ice";

fn create(stand: &mut Stand) -> Answer {
    let body = json!({ "email": EMAIL, "password": GOOD, "session_duration_minutes": 60 });
    stand.consumer(CREATE, body).ok()
}

fn enter(stand: &mut Stand, password: &str) -> Answer {
    let body = json!({ "email": EMAIL, "password": password, "session_duration_minutes": 60 });
    stand.consumer(USE, body)
}

/// Starts a reset by email, and returns its token.
fn reset_token(stand: &mut Stand, more: Value) -> String {
    let mut body = json!({ "email": EMAIL });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    stand.consumer(START, body).ok();
    stand.mail()["token"].as_str().unwrap().to_owned()
}

fn is_live(stand: &mut Stand, session_token: &str) -> bool {
    let body = json!({ "session_token": session_token });
    let answer = stand.consumer("POST /v1/sessions/authenticate", body);
    answer.status == 200
}

fn configure(stand: &mut Stand, config: Value) {
    let mut body = json!({ "product": "consumer" });
    body.as_object_mut()
        .unwrap()
        .extend(config.as_object().unwrap().clone());
    stand.open("POST /_emulator/password_config", body).ok();
}

#[test]
fn a_new_user_logs_in_with_the_password() {
    let mut stand = Stand::new();
    let created = create(&mut stand);
    let user = &created.body["user"];
    assert_eq!(user["emails"][0]["email_id"], created.body["email_id"]);
    assert_eq!(user["emails"][0]["verified"], false);
    assert_eq!(user["status"], "active");
    assert_eq!(user["password"]["requires_reset"], false);
    assert_eq!(user["password"].as_object().unwrap().len(), 2);

    let done = enter(&mut stand, GOOD).ok();
    let factor = &done.body["session"]["authentication_factors"][0];
    assert_eq!(
        (&factor["type"], &factor["delivery_method"]),
        (&json!("password"), &json!("knowledge"))
    );
    assert_eq!(done.body["user_id"], created.body["user_id"]);
    let body = json!({ "email": EMAIL, "password": GOOD });
    let without = stand.consumer(USE, body).ok();
    assert_eq!(without.body["session_token"], "");

    enter(&mut stand, "violet-harbour-lantern-42").refused(401, "unauthorized_credentials");
    let again = json!({ "email": "ADA@example.com", "password": NEW });
    stand
        .consumer(CREATE, again)
        .refused(400, "duplicate_email");
}

#[test]
fn refuses_malformed_fields_and_unknown_users() {
    let mut stand = Stand::new();
    stand.link_for("passwordless@example.com");
    for (route, body, status, error_type) in [
        (CREATE, json!({ "password": GOOD }), 400, "invalid_email"),
        (CREATE, json!({ "email": EMAIL }), 400, "invalid_argument"),
        (
            CREATE,
            json!({ "email": EMAIL, "password": "Password123!" }),
            400,
            "weak_password",
        ),
        (
            USE,
            json!({ "email": EMAIL, "password": GOOD }),
            404,
            "email_not_found",
        ),
        (
            USE,
            json!({ "email": "passwordless@example.com", "password": GOOD }),
            400,
            "no_user_password",
        ),
        (START, json!({ "email": EMAIL }), 404, "email_not_found"),
        (
            START,
            json!({ "email": "passwordless@example.com", "reset_password_redirect_url": "x" }),
            400,
            "invalid_password_reset_redirect_url",
        ),
        (
            START,
            json!({ "email": "passwordless@example.com", "reset_password_expiration_minutes": 4 }),
            400,
            "invalid_expiration",
        ),
        (
            RESET,
            json!({ "token": "x", "password": GOOD }),
            400,
            "invalid_token",
        ),
        (
            RESET,
            json!({ "token": "A".repeat(44), "password": GOOD }),
            401,
            "unable_to_auth_password_reset_token",
        ),
        (
            CHANGE,
            json!({ "email": EMAIL, "existing_password": GOOD, "new_password": NEW }),
            404,
            "email_not_found",
        ),
        (
            IN_SESSION,
            json!({ "password": GOOD }),
            400,
            "no_session_arguments",
        ),
    ] {
        stand.consumer(route, body).refused(status, error_type);
    }
}

#[test]
fn the_strength_check_explains_the_policy() {
    let mut stand = Stand::new();
    let weak = stand
        .consumer(CHECK, json!({ "password": "password" }))
        .ok();
    assert_eq!(weak.body["valid_password"], false);
    assert_eq!(weak.body["strength_policy"], "zxcvbn");
    assert_eq!(weak.body["breached_password"], false);
    assert!(!weak.text("/feedback/warning").is_empty());
    assert!(
        !weak.body["feedback"]["suggestions"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let strong = stand.consumer(CHECK, json!({ "password": GOOD })).ok();
    assert_eq!(strong.body["valid_password"], true);
    assert!(strong.body["score"].as_u64().unwrap() >= 3);

    let breached = "breached-password-of-the-emulator";
    let body = json!({ "password": breached, "email": EMAIL });
    let known = stand.consumer(CHECK, body.clone()).ok();
    assert_eq!(known.body["breached_password"], true);
    assert_eq!(known.body["valid_password"], false);
    stand
        .consumer(CREATE, body.clone())
        .refused(400, "breached_password");
    configure(&mut stand, json!({ "check_breach_on_creation": false }));
    stand.consumer(CREATE, body.clone()).ok();
    stand
        .consumer(USE, body.clone())
        .refused(400, "reset_password");
    configure(
        &mut stand,
        json!({ "check_breach_on_authentication": false }),
    );
    stand.consumer(USE, body).ok();
}

#[test]
fn the_policy_luds_counts_character_types() {
    let mut stand = Stand::new();
    configure(
        &mut stand,
        json!({ "validation_policy": "LUDS", "luds_min_password_length": 10, "luds_min_password_complexity": 4 }),
    );
    let check = stand.consumer(CHECK, json!({ "password": "Abcdef1" })).ok();
    assert_eq!(check.body["strength_policy"], "luds");
    assert_eq!(
        check.body["feedback"]["luds_requirements"],
        json!({
            "has_lower_case": true, "has_upper_case": true, "has_digit": true, "has_symbol": false,
            "missing_complexity": 1, "missing_characters": 3,
        })
    );
    let body = |password| json!({ "email": EMAIL, "password": password });
    stand
        .consumer(CREATE, body("Abcdef1!!"))
        .refused(400, "weak_password");
    stand.consumer(CREATE, body("Aaaaaaaa1!")).ok();
    configure(
        &mut stand,
        json!({ "luds_min_password_length": 11, "validate_on_authentication": true }),
    );
    enter(&mut stand, "Aaaaaaaa1!").refused(400, "reset_password");
    let refused = stand.open(
        "POST /_emulator/password_config",
        json!({ "product": "consumer", "luds_min_password_length": 7 }),
    );
    assert_eq!(refused.status, 400);
    let refused = stand.open(
        "POST /_emulator/password_config",
        json!({ "product": "consumer", "policy": "LUDS" }),
    );
    assert_eq!(refused.status, 400);
}

#[test]
fn ten_wrong_passwords_lock_the_user_for_an_hour() {
    let mut stand = Stand::new();
    create(&mut stand);
    for _ in 0..9 {
        enter(&mut stand, NEW).refused(401, "unauthorized_credentials");
    }
    enter(&mut stand, GOOD).ok();
    for _ in 0..9 {
        enter(&mut stand, NEW).refused(401, "unauthorized_credentials");
    }
    let body = json!({ "email": EMAIL, "existing_password": NEW, "new_password": NEW });
    stand
        .consumer(CHANGE, body)
        .refused(401, "unauthorized_credentials");
    enter(&mut stand, GOOD).refused(429, "user_lock_limit_reached");
    stand.later(3600);
    enter(&mut stand, GOOD).ok();
}

#[test]
fn a_reset_by_email_verifies_the_address_and_ends_the_sessions() {
    let mut stand = Stand::new();
    let session = create(&mut stand).text("/session_token");
    let token = reset_token(&mut stand, json!({}));
    let mail = stand.mail();
    assert_eq!(mail["kind"], "reset_password");
    let url = mail["url"].as_str().unwrap();
    assert!(
        url.contains("stytch_token_type=reset_password&token="),
        "{url}"
    );
    let mut body = json!({ "token": token, "password": "weak", "session_duration_minutes": 60 });
    stand
        .consumer(RESET, body.clone())
        .refused(400, "weak_password");
    assert!(is_live(&mut stand, &session));
    body["password"] = json!(NEW);
    let done = stand.consumer(RESET, body.clone()).ok();
    assert_eq!(done.body["user"]["emails"][0]["verified"], true);
    assert_eq!(stand.mail()["used"], true);
    assert!(!is_live(&mut stand, &session));
    assert!(is_live(&mut stand, &done.text("/session_token")));
    stand
        .consumer(RESET, body)
        .refused(401, "unable_to_auth_password_reset_token");
    enter(&mut stand, GOOD).refused(401, "unauthorized_credentials");
    enter(&mut stand, NEW).ok();
    // The token does not work on other routes.
    let token = reset_token(&mut stand, json!({}));
    stand
        .consumer(
            "POST /v1/magic_links/authenticate",
            json!({ "token": token }),
        )
        .refused(404, "magic_link_not_found");
}

#[test]
fn a_reset_token_expires_and_can_be_bound_to_a_verifier_and_a_client() {
    let mut stand = Stand::new();
    create(&mut stand);
    let token = reset_token(
        &mut stand,
        json!({ "reset_password_expiration_minutes": 5 }),
    );
    stand.later(300);
    let body = json!({ "token": token, "password": NEW });
    stand
        .consumer(RESET, body.clone())
        .refused(401, "unable_to_auth_password_reset_token");
    stand.later(-1);
    stand.consumer(RESET, body).ok();

    // RFC 7636, appendix B.
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let here = json!({ "ip_address": "203.0.113.1" });
    let token = reset_token(
        &mut stand,
        json!({ "code_challenge": challenge, "attributes": here }),
    );
    let mut body = json!({
        "token": token, "password": GOOD, "options": { "ip_match_required": true },
    });
    stand
        .consumer(RESET, body.clone())
        .refused(401, "attribute_mismatch");
    body["attributes"] = here;
    stand
        .consumer(RESET, body.clone())
        .refused(400, "pkce_expected_code_verifier");
    body["code_verifier"] = json!("wrong");
    stand
        .consumer(RESET, body.clone())
        .refused(400, "pkce_mismatch");
    body["code_verifier"] = json!("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    stand.consumer(RESET, body).ok();
    enter(&mut stand, GOOD).ok();
}

#[test]
fn the_existing_password_can_be_replaced() {
    let mut stand = Stand::new();
    let session = create(&mut stand).text("/session_token");
    let mut body = json!({
        "email": EMAIL, "existing_password": GOOD, "new_password": NEW, "session_duration_minutes": 60,
    });
    let done = stand.consumer(CHANGE, body.clone()).ok();
    assert!(!is_live(&mut stand, &session));
    assert!(is_live(&mut stand, &done.text("/session_token")));
    stand
        .consumer(CHANGE, body.clone())
        .refused(401, "unauthorized_credentials");
    enter(&mut stand, NEW).ok();
    // Another person could have set the password before the address was verified.
    stand.log_in(EMAIL);
    enter(&mut stand, NEW).refused(400, "reset_password");
    body["existing_password"] = json!(NEW);
    stand
        .consumer(CHANGE, body)
        .refused(400, "cannot_reset_password_with_existing_password");
    let token = reset_token(&mut stand, json!({}));
    let reset = stand
        .consumer(RESET, json!({ "token": token, "password": GOOD }))
        .ok();
    assert_eq!(reset.body["user"]["password"]["requires_reset"], false);
    enter(&mut stand, GOOD).ok();
}

#[test]
fn a_recent_session_can_replace_the_password() {
    let mut stand = Stand::new();
    let other = create(&mut stand).text("/session_token");
    let session = enter(&mut stand, GOOD).ok().text("/session_token");
    let body = json!({ "session_token": session, "password": NEW });
    stand.later(301);
    stand
        .consumer(IN_SESSION, body.clone())
        .refused(400, "session_too_old_to_reset_password");
    assert!(is_live(&mut stand, &other));
    stand.later(-1);
    let done = stand.consumer(IN_SESSION, body).ok();
    assert_eq!(done.text("/session_token"), session);
    assert!(is_live(&mut stand, &session) && !is_live(&mut stand, &other));
    enter(&mut stand, NEW).ok();

    // A passcode by SMS does not prove the address.
    let to = json!({ "phone_number": "+15005550006" });
    let sent = stand.consumer("POST /v1/otps/sms/login_or_create", to).ok();
    let code = stand.mail()["code"].clone();
    let code = json!({ "method_id": sent.text("/phone_id"), "code": code, "session_duration_minutes": 60 });
    let by_phone = stand.consumer("POST /v1/otps/authenticate", code).ok();
    let body = json!({ "session_token": by_phone.text("/session_token"), "password": NEW });
    stand
        .consumer(IN_SESSION, body)
        .refused(400, "session_too_old_to_reset_password");

    // A user without a password receives one.
    let link = stand.log_in("grace@example.com");
    let body = json!({ "session_token": link.text("/session_token"), "password": GOOD });
    stand.consumer(IN_SESSION, body).ok();
    let body = json!({ "email": "grace@example.com", "password": GOOD });
    stand.consumer(USE, body).ok();
}

#[test]
fn a_deleted_password_and_a_deleted_user_cannot_log_in() {
    let mut stand = Stand::new();
    let created = create(&mut stand);
    let id = created.text("/user/password/password_id");
    let path = format!("DELETE /v1/users/passwords/{id}");
    let left = stand.consumer(&path, Value::Null).ok();
    assert_eq!(left.body["user"]["password"], Value::Null);
    enter(&mut stand, GOOD).refused(400, "no_user_password");
    let token = reset_token(&mut stand, json!({}));
    let body = json!({ "token": token, "password": GOOD });
    stand.consumer(RESET, body).ok();
    enter(&mut stand, GOOD).ok();

    let token = reset_token(&mut stand, json!({}));
    let user = format!("DELETE /v1/users/{}", created.text("/user_id"));
    stand.consumer(&user, Value::Null).ok();
    stand
        .consumer(RESET, json!({ "token": token, "password": NEW }))
        .refused(401, "unable_to_auth_password_reset_token");
    let snapshot: Value = serde_json::from_str(&stand.emulator.snapshot()).unwrap();
    let project = &snapshot["state"]["projects"]["consumer"]["project"];
    assert_eq!(project["passwords"], json!([]));
    assert_eq!(project["reset_links"], json!([]));
}

#[test]
fn a_snapshot_keeps_hashes_and_pending_resets() {
    let mut stand = Stand::new();
    create(&mut stand);
    let token = reset_token(&mut stand, json!({}));
    let snapshot = stand.emulator.snapshot();
    assert!(!snapshot.contains(GOOD));
    let mut restored = Stand::new();
    restored.emulator = Emulator::new(SETTINGS.clone(), [9; 32]).unwrap();
    restored.emulator.restore(&snapshot).unwrap();
    enter(&mut restored, NEW).refused(401, "unauthorized_credentials");
    enter(&mut restored, GOOD).ok();
    let body = json!({ "token": token, "password": NEW });
    restored.consumer(RESET, body).ok();
    enter(&mut restored, NEW).ok();
    enter(&mut stand, GOOD).ok();
}

#[test]
fn the_page_and_the_request_log_do_not_contain_passwords() {
    let mut stand = Stand::new();
    create(&mut stand);
    enter(&mut stand, NEW).refused(401, "unauthorized_credentials");
    let token = reset_token(&mut stand, json!({}));
    let body = json!({ "token": token, "password": NEW });
    stand.consumer(RESET, body).ok();
    let change = json!({ "email": EMAIL, "existing_password": NEW, "new_password": GOOD });
    stand.consumer(CHANGE, change).ok();
    let hash = json!({ "email": "bob@example.com", "hash": "5f4dcc3b5aa765d61d8327deb882cf99", "hash_type": "md_5" });
    stand.consumer("POST /v1/passwords/migrate", hash).ok();
    for route in ["GET /_emulator/state.json", "GET /_emulator/requests.json"] {
        let shown = stand.open(route, Value::Null).body.to_string();
        for secret in [
            GOOD,
            NEW,
            token.as_str(),
            "5f4dcc3b5aa765d61d8327deb882cf99",
        ] {
            assert!(!shown.contains(secret), "{route}: {secret}");
        }
    }
}

#[test]
fn the_sandbox_user_has_any_password() {
    let mut stand = Stand::new();
    let before = stand.emulator.snapshot();
    let body =
        json!({ "email": "sandbox@stytch.com", "password": "x", "session_duration_minutes": 60 });
    for route in [CREATE, USE] {
        let done = stand.consumer(route, body.clone()).ok();
        assert!(done.text("/user_id").starts_with("user-test-e3795c81"));
        let factor = &done.body["session"]["authentication_factors"][0];
        assert_eq!(factor["type"], "password");
        assert!(!done.text("/session_jwt").is_empty());
    }
    let state = |snapshot: &str| {
        let snapshot: Value = serde_json::from_str(snapshot).unwrap();
        snapshot["state"]["projects"].clone()
    };
    assert_eq!(state(&stand.emulator.snapshot()), state(&before));
}
