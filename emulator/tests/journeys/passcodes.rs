//! One-time passcodes of users: each channel, single use, expiry, and the lock after wrong codes.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const USE: &str = "POST /v1/otps/authenticate";
const NUMBER: &str = "+15005550006";

/// Sends a code, and returns its method id and the six digits.
fn code_for(stand: &mut Stand, route: &str, body: Value) -> (String, String) {
    let sent = stand.consumer(route, body).ok();
    let id = if route.contains("/email/") {
        "/email_id"
    } else {
        "/phone_id"
    };
    let code = stand.mail()["code"].as_str().unwrap().to_owned();
    (sent.text(id), code)
}

fn enter(stand: &mut Stand, method_id: &str, code: &str) -> Answer {
    let body = json!({ "method_id": method_id, "code": code, "session_duration_minutes": 60 });
    stand.consumer(USE, body)
}

fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[test]
fn each_channel_sends_a_code_that_logs_in_once() {
    for (channel, to, detail) in [
        (
            "sms",
            json!({ "phone_number": NUMBER }),
            "phone_number_factor",
        ),
        (
            "whatsapp",
            json!({ "phone_number": NUMBER }),
            "phone_number_factor",
        ),
        (
            "email",
            json!({ "email": "ada@example.com" }),
            "email_factor",
        ),
    ] {
        let mut stand = Stand::new();
        let route = format!("POST /v1/otps/{channel}/login_or_create");
        let (method_id, code) = code_for(&mut stand, &route, to.clone());
        assert_eq!(stand.mail()["channel"], channel);
        assert_eq!(stand.mail()["kind"], "passcode");
        let done = enter(&mut stand, &method_id, &code).ok();
        let factor = &done.body["session"]["authentication_factors"][0];
        assert_eq!(factor["type"], "otp");
        assert_eq!(factor["delivery_method"], channel);
        assert!(factor[detail].is_object(), "{factor}");
        assert_eq!(done.body["method_id"], method_id);
        let list = if channel == "email" {
            "emails"
        } else {
            "phone_numbers"
        };
        assert_eq!(done.body["user"][list][0]["verified"], true);
        assert_eq!(stand.mail()["used"], true);
        enter(&mut stand, &method_id, &code).refused(401, "unable_to_auth_otp_code");

        // The user exists now.
        let route = format!("POST /v1/otps/{channel}/send");
        let (again, code) = code_for(&mut stand, &route, to);
        assert_eq!(again, method_id);
        enter(&mut stand, &method_id, &code).ok();
    }
}

#[test]
fn a_code_expires_and_a_new_code_replaces_it() {
    let mut stand = Stand::new();
    let route = "POST /v1/otps/sms/login_or_create";
    let to = json!({ "phone_number": NUMBER, "expiration_minutes": 3 });
    let (method_id, first) = code_for(&mut stand, route, to.clone());
    let (_, second) = code_for(&mut stand, route, to);
    assert_ne!(first, second);
    enter(&mut stand, &method_id, &first).refused(404, "otp_code_not_found");
    stand.later(180);
    enter(&mut stand, &method_id, &second).refused(401, "unable_to_auth_otp_code");
    stand.later(-1);
    enter(&mut stand, &method_id, &second).ok();
}

#[test]
fn refuses_malformed_fields_and_unknown_addresses() {
    let mut stand = Stand::new();
    let sms = "POST /v1/otps/sms/send";
    let email = "POST /v1/otps/email/send";
    for (route, body, status, error_type) in [
        (sms, json!({}), 400, "invalid_phone_number"),
        (
            sms,
            json!({ "phone_number": NUMBER }),
            404,
            "phone_number_not_found",
        ),
        (
            sms,
            json!({ "phone_number": NUMBER, "expiration_minutes": 11 }),
            400,
            "invalid_expiration_otp",
        ),
        (
            sms,
            json!({ "phone_number": NUMBER, "locale": "xx" }),
            400,
            "invalid_locale",
        ),
        (
            email,
            json!({ "email": "ada@example.com" }),
            404,
            "email_not_found",
        ),
        (
            email,
            json!({ "email": "ada@example.com", "locale": "tr" }),
            400,
            "invalid_locale",
        ),
        (
            email,
            json!({ "email": "ada@example.com", "user_id": "a", "session_token": "b" }),
            400,
            "too_many_user_selection_arguments",
        ),
        (USE, json!({ "code": "123456" }), 400, "invalid_method_id"),
        (
            USE,
            json!({ "method_id": "x", "code": "12345a" }),
            400,
            "invalid_code",
        ),
        (
            USE,
            json!({ "method_id": "x", "code": "123456" }),
            404,
            "otp_code_not_found",
        ),
    ] {
        stand.consumer(route, body).refused(status, error_type);
    }
}

#[test]
fn a_code_can_be_bound_to_the_client_that_requested_it() {
    let mut stand = Stand::new();
    let here = json!({ "ip_address": "203.0.113.1", "user_agent": "a browser" });
    let to = json!({ "email": "ada@example.com", "attributes": here });
    let (method_id, code) = code_for(&mut stand, "POST /v1/otps/email/login_or_create", to);
    let mut body = json!({
        "method_id": method_id,
        "code": code,
        "options": { "ip_match_required": true, "user_agent_match_required": true },
        "attributes": { "ip_address": "203.0.113.1" },
    });
    stand
        .consumer(USE, body.clone())
        .refused(401, "attribute_mismatch");
    body["attributes"] = here;
    stand.consumer(USE, body).ok();
}

#[test]
fn a_number_that_is_added_to_a_user_is_dropped_if_it_is_not_verified_in_time() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let user = format!("GET /v1/users/{}", session.text("/user_id"));
    let to = json!({ "phone_number": NUMBER, "session_token": session.text("/session_token") });
    let route = "POST /v1/otps/sms/send";
    let (method_id, code) = code_for(&mut stand, route, to.clone());
    let numbers = |stand: &mut Stand| {
        let read = stand.consumer(&user, Value::Null).ok();
        read.body["phone_numbers"].as_array().unwrap().len()
    };
    assert_eq!(numbers(&mut stand), 1);
    stand.later(300);
    assert_eq!(numbers(&mut stand), 0);
    enter(&mut stand, &method_id, &code).refused(404, "otp_code_not_found");

    let (method_id, code) = code_for(&mut stand, route, to);
    let done = enter(&mut stand, &method_id, &code).ok();
    assert_eq!(done.body["user_id"], session.body["user_id"]);
    stand.later(300);
    assert_eq!(numbers(&mut stand), 1);
    let bob = stand.log_in("bob@example.com").text("/user_id");
    let taken = json!({ "phone_number": NUMBER, "user_id": bob });
    stand
        .consumer(route, taken)
        .refused(400, "duplicate_phone_number");
}

#[test]
fn ten_wrong_codes_lock_the_user_for_an_hour() {
    let mut stand = Stand::new();
    let route = "POST /v1/otps/sms/login_or_create";
    let to = json!({ "phone_number": NUMBER });
    let (method_id, code) = code_for(&mut stand, route, to.clone());
    let user = enter(&mut stand, &method_id, &code).ok().text("/user_id");
    let (_, code) = code_for(&mut stand, route, to.clone());
    for _ in 0..9 {
        enter(&mut stand, &method_id, wrong(&code)).refused(404, "otp_code_not_found");
    }
    // A success sets the count back.
    enter(&mut stand, &method_id, &code).ok();
    let (_, code) = code_for(&mut stand, route, to.clone());
    for _ in 0..10 {
        enter(&mut stand, &method_id, wrong(&code)).refused(404, "otp_code_not_found");
    }
    let read = format!("GET /v1/users/{user}");
    let locked = stand.consumer(&read, Value::Null).ok();
    assert_eq!(locked.body["is_locked"], true);
    assert!(locked.body["lock_expires_at"].is_string());
    enter(&mut stand, &method_id, &code).refused(429, "user_lock_limit_reached");
    enter(&mut stand, &method_id, wrong(&code)).refused(429, "user_lock_limit_reached");

    stand.later(3600);
    let unlocked = stand.consumer(&read, Value::Null).ok();
    assert_eq!(unlocked.body["is_locked"], false);
    assert_eq!(unlocked.body["lock_expires_at"], Value::Null);
    let (_, code) = code_for(&mut stand, route, to);
    enter(&mut stand, &method_id, &code).ok();
}
