//! Authenticator apps of users: registration, log-in, replay, expiry, recovery codes, and the sandbox user's app.

use serde_json::{Value, json};

use crate::devices::authenticator_app;
use crate::stand::{Answer, Stand};

const CREATE: &str = "POST /v1/totps";
const USE: &str = "POST /v1/totps/authenticate";
const CODES: &str = "POST /v1/totps/recovery_codes";
const RECOVER: &str = "POST /v1/totps/recover";
const SANDBOX_USER: &str = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";

fn user(stand: &mut Stand) -> String {
    let body = json!({ "email": "ada@example.com" });
    stand.consumer("POST /v1/users", body).ok().text("/user_id")
}

fn enter(stand: &mut Stand, user_id: &str, code: &str) -> Answer {
    let body = json!({ "user_id": user_id, "totp_code": code, "session_duration_minutes": 60 });
    stand.consumer(USE, body)
}

fn recover(stand: &mut Stand, user_id: &str, code: &str) -> Answer {
    let body = json!({ "user_id": user_id, "recovery_code": code, "session_duration_minutes": 60 });
    stand.consumer(RECOVER, body)
}

#[test]
fn an_app_becomes_active_with_its_first_code_and_logs_in() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let by_id = json!({ "user_id": user_id });
    stand
        .consumer(CODES, by_id.clone())
        .refused(404, "totps_not_found_for_user");
    let created = stand.consumer(CREATE, by_id.clone()).ok();
    let pending = &created.body["user"]["totps"][0];
    assert_eq!(
        (&pending["totp_id"], &pending["verified"]),
        (&created.body["totp_id"], &json!(false))
    );
    stand
        .consumer(CREATE, by_id.clone())
        .refused(400, "pending_totp_exists");
    let secret = created.text("/secret");
    let first = created.text("/recovery_codes/0");
    recover(&mut stand, &user_id, &first).refused(400, "no_active_recovery_code_backed_factor");

    // The registration continues in a restored emulator.
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    let code = authenticator_app::code(&secret, stand.now);
    let done = enter(&mut stand, &user_id, &code).ok();
    assert_eq!(done.body["totp_id"], created.body["totp_id"]);
    assert_eq!(done.body["user"]["totps"][0]["verified"], true);
    let factor = &done.body["session"]["authentication_factors"][0];
    assert_eq!(
        factor["authenticator_app_factor"]["totp_id"],
        created.body["totp_id"]
    );
    enter(&mut stand, &user_id, &code).refused(400, "totp_code_already_authenticated");
    stand
        .consumer(CREATE, by_id.clone())
        .refused(400, "active_totp_exists");
    for offset in [-60, 60] {
        let far = authenticator_app::code(&secret, stand.now.plus_seconds(offset));
        enter(&mut stand, &user_id, &far).refused(401, "unable_to_authenticate_totp");
    }
    let late = authenticator_app::code(&secret, stand.now.plus_seconds(-30));
    enter(&mut stand, &user_id, &late).ok();

    let delete = format!("DELETE /v1/users/totps/{}", done.text("/totp_id"));
    stand.consumer(&delete, Value::Null).ok();
    stand.later(60);
    let code = authenticator_app::code(&secret, stand.now);
    enter(&mut stand, &user_id, &code).refused(404, "totps_not_found_for_user");
    stand.consumer(CREATE, by_id).ok();
}

#[test]
fn the_time_for_the_first_code_ends() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let body = json!({ "user_id": user_id, "expiration_minutes": 5 });
    let created = stand.consumer(CREATE, body.clone()).ok();
    stand.later(300);
    let code = authenticator_app::code(&created.text("/secret"), stand.now);
    enter(&mut stand, &user_id, &code).refused(400, "expired_totp");
    let created = stand.consumer(CREATE, body).ok();
    assert_eq!(created.body["user"]["totps"].as_array().unwrap().len(), 1);
    let code = authenticator_app::code(&created.text("/secret"), stand.now);
    enter(&mut stand, &user_id, &code).ok();
    for (route, body, error_type) in [
        (
            CREATE,
            json!({ "user_id": user_id, "expiration_minutes": 1441 }),
            "invalid_expiration",
        ),
        (
            USE,
            json!({ "user_id": user_id, "totp_code": "12345" }),
            "invalid_totp_code",
        ),
        (
            USE,
            json!({ "user_id": user_id, "totp_code": "aaaa-bbbb-cccc" }),
            "recovery_code_used_as_totp_code",
        ),
        (
            RECOVER,
            json!({ "user_id": user_id }),
            "invalid_recovery_code",
        ),
        (
            RECOVER,
            json!({ "user_id": user_id, "recovery_code": "123456" }),
            "totp_code_used_as_recovery_code",
        ),
    ] {
        stand.consumer(route, body).refused(400, error_type);
    }
}

#[test]
fn a_recovery_code_logs_in_once_and_wrong_codes_lock_the_user() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand);
    let by_id = json!({ "user_id": user_id });
    let created = stand.consumer(CREATE, by_id.clone()).ok();
    let code = authenticator_app::code(&created.text("/secret"), stand.now);
    let session = enter(&mut stand, &user_id, &code).ok();
    let recovery_code = created.text("/recovery_codes/9");
    let body = json!({ "user_id": user_id, "recovery_code": recovery_code, "session_token": session.body["session_token"] });
    let done = stand.consumer(RECOVER, body).ok();
    let factors = &done.body["session"]["authentication_factors"];
    assert_eq!(factors[1]["delivery_method"], "recovery_code");
    let left = stand.consumer(CODES, by_id).ok();
    let left = left.body["totps"][0]["recovery_codes"].clone();
    assert_eq!(left.as_array().unwrap().len(), 9);
    for _ in 0..10 {
        recover(&mut stand, &user_id, &recovery_code)
            .refused(401, "unable_to_authenticate_recovery_code");
    }
    let unused = created.text("/recovery_codes/0");
    recover(&mut stand, &user_id, &unused).refused(429, "user_lock_limit_reached");
    stand.later(3600);
    recover(&mut stand, &user_id, &unused).ok();
}

#[test]
fn the_sandbox_user_has_an_app() {
    let mut stand = Stand::new();
    let by_id = json!({ "user_id": SANDBOX_USER });
    let created = stand.consumer(CREATE, by_id.clone()).ok();
    let listed = stand.consumer(CODES, by_id).ok();
    assert_eq!(listed.body["totps"][0]["totp_id"], created.body["totp_id"]);
    let done = enter(&mut stand, SANDBOX_USER, "000000").ok();
    assert_eq!(done.body["session"]["user_id"], SANDBOX_USER);
    let code = listed.text("/totps/0/recovery_codes/0");
    assert_eq!(code, "a1b2-c3d4-e5f6");
    recover(&mut stand, SANDBOX_USER, &code).ok();
    enter(&mut stand, SANDBOX_USER, "000001").refused(404, "user_not_found");
}
