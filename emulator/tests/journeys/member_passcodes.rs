//! One-time passcodes of members: by email for a log-in or a sign-up, by SMS as the second factor.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const START: &str = "POST /v1/b2b/otps/email/login_or_signup";
const USE: &str = "POST /v1/b2b/otps/email/authenticate";
const SEND_SMS: &str = "POST /v1/b2b/otps/sms/send";
const USE_SMS: &str = "POST /v1/b2b/otps/sms/authenticate";
const NUMBER: &str = "+15005550006";

fn code(stand: &mut Stand) -> String {
    stand.mail()["code"].as_str().unwrap().to_owned()
}

fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// Starts the log-in of a member by email.
fn log_in(stand: &mut Stand, organization_id: &str, email: &str) -> Answer {
    let to = json!({ "organization_id": organization_id, "email_address": email });
    stand.b2b(START, to.clone()).ok();
    let mut body = to;
    body["code"] = stand.mail()["code"].clone();
    stand.b2b(USE, body).ok()
}

/// A member with a verified phone number who is enrolled in MFA: the ids of the organization and the member.
fn enrolled(stand: &mut Stand, organization_id: &str, email: &str) -> String {
    let session = log_in(stand, organization_id, email);
    let member_id = session.text("/member_id");
    let member = json!({ "organization_id": organization_id, "member_id": member_id });
    let mut send = member.clone();
    send["mfa_phone_number"] = NUMBER.into();
    stand.b2b(SEND_SMS, send).ok();
    let mut body = member;
    body["code"] = code(stand).into();
    body["session_token"] = session.body["session_token"].clone();
    body["set_mfa_enrollment"] = "enroll".into();
    let done = stand.b2b(USE_SMS, body).ok();
    assert_eq!(done.body["member"]["mfa_enrolled"], true);
    assert_eq!(done.body["member"]["mfa_phone_number_verified"], true);
    assert_eq!(done.body["member"]["default_mfa_method"], "sms_otp");
    let factors = &done.body["member_session"]["authentication_factors"];
    assert_eq!(factors[0]["type"], "email_otp");
    assert_eq!(factors[1]["delivery_method"], "sms");
    assert_eq!(factors[1]["phone_number_factor"]["phone_number"], NUMBER);
    member_id
}

#[test]
fn a_code_by_email_creates_a_member_and_logs_in_once() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let to = json!({ "organization_id": id, "email_address": "ada@acme.example" });
    let started = stand.b2b(START, to.clone()).ok();
    assert_eq!(started.body["member_created"], true);
    assert_eq!(started.body["member"]["status"], "pending");
    let code = code(&mut stand);
    let mut body = to.clone();
    body["code"] = wrong(&code).into();
    stand
        .b2b(USE, body.clone())
        .refused(404, "otp_code_not_found");
    body["code"] = code.into();
    let done = stand.b2b(USE, body.clone()).ok();
    assert_eq!(done.body["member"]["status"], "active");
    assert_eq!(done.body["member"]["email_address_verified"], true);
    assert_eq!(done.body["member_authenticated"], true);
    assert_eq!(stand.mail()["used"], true);
    stand.b2b(USE, body).refused(401, "unable_to_auth_otp_code");

    let again = log_in(&mut stand, &id, "ADA@acme.example");
    assert_eq!(again.body["member_id"], done.body["member_id"]);
    let session = json!({ "session_token": again.body["session_token"] });
    let session = stand
        .b2b("POST /v1/b2b/sessions/authenticate", session)
        .ok();
    let factor = &session.body["member_session"]["authentication_factors"][0];
    assert_eq!(
        (&factor["type"], &factor["delivery_method"]),
        (&json!("email_otp"), &json!("email"))
    );
}

#[test]
fn a_code_by_email_expires_and_follows_the_rules_of_the_organization() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let to = json!({ "organization_id": id, "email_address": "ada@acme.example", "signup_expiration_minutes": 2 });
    stand.b2b(START, to).ok();
    let mut body = json!({ "organization_id": id, "email_address": "ada@acme.example" });
    body["code"] = code(&mut stand).into();
    stand.later(120);
    stand
        .b2b(USE, body.clone())
        .refused(401, "unable_to_auth_otp_code");
    stand.later(-1);
    stand.b2b(USE, body.clone()).ok();

    for (change, status, error_type) in [
        (
            json!({ "email_address": "eve@evil.example" }),
            400,
            "invalid_email_for_jit_provisioning",
        ),
        (
            json!({ "login_expiration_minutes": 16 }),
            400,
            "invalid_expiration_otp",
        ),
        (json!({ "locale": "xx" }), 400, "invalid_locale"),
        (
            json!({ "organization_id": "organization-test-1" }),
            404,
            "organization_not_found",
        ),
    ] {
        let mut to = json!({ "organization_id": id, "email_address": "ada@acme.example" });
        to.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        stand.b2b(START, to).refused(status, error_type);
    }
    let unknown =
        json!({ "organization_id": id, "email_address": "bob@acme.example", "code": "123456" });
    stand.b2b(USE, unknown).refused(404, "member_not_found");

    let restrict = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["sso"] });
    stand
        .b2b(&format!("PUT /v1/b2b/organizations/{id}"), restrict)
        .ok();
    let to = json!({ "organization_id": id, "email_address": "ada@acme.example" });
    stand
        .b2b(START, to)
        .refused(400, "operation_restricted_by_organization_auth_methods");
    stand
        .b2b(USE, body)
        .refused(400, "operation_restricted_by_organization_auth_methods");
}

#[test]
fn a_code_by_sms_completes_a_log_in() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let member_id = enrolled(&mut stand, &id, "ada@acme.example");
    let pending = log_in(&mut stand, &id, "ada@acme.example");
    assert_eq!(pending.body["member_authenticated"], false);
    assert_eq!(pending.body["session_token"], "");
    let initiated = &pending.body["mfa_required"]["secondary_auth_initiated"];
    assert_eq!(initiated, "sms_otp");
    let first = code(&mut stand);
    let token = pending.text("/intermediate_session_token");
    let member = json!({ "organization_id": id, "member_id": member_id, "intermediate_session_token": token });
    stand.b2b(SEND_SMS, member.clone()).ok();
    let second = code(&mut stand);
    let attempt = |code: &str| {
        let mut body = member.clone();
        body["code"] = code.into();
        body
    };
    if first != second {
        stand
            .b2b(USE_SMS, attempt(&first))
            .refused(404, "otp_code_not_found");
    }
    // The log-in continues in a restored emulator.
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    stand.later(120);
    stand
        .b2b(USE_SMS, attempt(&second))
        .refused(401, "unable_to_auth_otp_code");
    stand.later(-1);
    let done = stand.b2b(USE_SMS, attempt(&second)).ok();
    assert_eq!(done.body["member_session"]["member_id"], member_id);
    assert_eq!(
        done.body["member_session"]["authentication_factors"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // The intermediate session and the code have been used.
    stand
        .b2b(USE_SMS, attempt(&second))
        .refused(404, "intermediate_session_not_found");
    let mut body = json!({ "organization_id": id, "member_id": member_id, "code": second });
    body["session_token"] = done.body["session_token"].clone();
    stand
        .b2b(USE_SMS, body)
        .refused(401, "unable_to_auth_otp_code");
}

#[test]
fn a_code_by_sms_is_refused_for_other_members_and_sessions() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let ada = enrolled(&mut stand, &id, "ada@acme.example");
    let bob = log_in(&mut stand, &id, "bob@acme.example");
    let pending = log_in(&mut stand, &id, "ada@acme.example");
    let code = code(&mut stand);
    let token = pending.text("/intermediate_session_token");
    let body = json!({ "organization_id": id, "member_id": ada, "code": code });
    let with = |name: &str, value: &Value| {
        let mut body = body.clone();
        body[name] = value.clone();
        body
    };
    let bobs = &bob.body["session_token"];
    stand
        .b2b(USE_SMS, body.clone())
        .refused(400, "no_session_arguments");
    stand
        .b2b(USE_SMS, with("session_token", bobs))
        .refused(400, "member_session_member_id_mismatch");
    let mut both = with("session_token", bobs);
    both["intermediate_session_token"] = token.clone().into();
    stand
        .b2b(USE_SMS, both)
        .refused(400, "too_many_session_arguments");
    let mut other = with("intermediate_session_token", &json!(token));
    other["member_id"] = bob.body["member_id"].clone();
    stand
        .b2b(USE_SMS, other)
        .refused(400, "member_session_member_id_mismatch");
    let send = json!({ "organization_id": id, "member_id": ada, "session_token": bobs });
    stand
        .b2b(SEND_SMS, send)
        .refused(400, "member_session_member_id_mismatch");
    stand
        .b2b(USE_SMS, with("intermediate_session_token", &json!(token)))
        .ok();
}

#[test]
fn a_second_factor_needs_a_first_one_that_the_organization_allows() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let ada = enrolled(&mut stand, &id, "ada@acme.example");
    let pending = log_in(&mut stand, &id, "ada@acme.example");
    let code = code(&mut stand);
    let restricted = json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["password"] });
    stand
        .b2b(&format!("PUT /v1/b2b/organizations/{id}"), restricted)
        .ok();
    let token = pending.text("/intermediate_session_token");
    let body = json!({ "organization_id": id, "member_id": ada, "intermediate_session_token": token, "code": code });
    stand.b2b(USE_SMS, body).refused(
        400,
        "action_available_only_once_primary_authentication_is_met",
    );
}

#[test]
fn a_phone_number_is_set_once_and_belongs_to_one_member() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let ada = enrolled(&mut stand, &id, "ada@acme.example");
    let bob = log_in(&mut stand, &id, "bob@acme.example").text("/member_id");
    let send = |member_id: &str, number: Option<&str>| json!({ "organization_id": id, "member_id": member_id, "mfa_phone_number": number });
    stand
        .b2b(SEND_SMS, send(&bob, None))
        .refused(404, "member_phone_number_not_found");
    stand
        .b2b(SEND_SMS, send(&bob, Some(NUMBER)))
        .refused(400, "duplicate_member_phone_number");
    stand
        .b2b(SEND_SMS, send(&ada, Some("+15005550007")))
        .refused(400, "duplicate_member_phone_number_for_member");
    let restrict = json!({ "mfa_methods": "RESTRICTED", "allowed_mfa_methods": ["totp"] });
    stand
        .b2b(&format!("PUT /v1/b2b/organizations/{id}"), restrict)
        .ok();
    stand
        .b2b(SEND_SMS, send(&ada, None))
        .refused(400, "operation_restricted_by_organization_mfa_methods");
    let created = json!({ "email_address": "eve@acme.example", "create_member_as_pending": true });
    let route = format!("POST /v1/b2b/organizations/{id}/members");
    let eve = stand.b2b(&route, created).ok().text("/member_id");
    stand
        .b2b(SEND_SMS, send(&eve, Some("+15005550008")))
        .refused(400, "action_available_only_for_active_members");
}

#[test]
fn ten_wrong_codes_lock_the_member() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let ada = enrolled(&mut stand, &id, "ada@acme.example");
    let pending = log_in(&mut stand, &id, "ada@acme.example");
    let code = code(&mut stand);
    let token = pending.text("/intermediate_session_token");
    let mut body = json!({ "organization_id": id, "member_id": ada, "intermediate_session_token": token, "code": wrong(&code) });
    for _ in 0..10 {
        stand
            .b2b(USE_SMS, body.clone())
            .refused(404, "otp_code_not_found");
    }
    body["code"] = code.into();
    stand
        .b2b(USE_SMS, body)
        .refused(429, "user_lock_limit_reached");
    let read = format!("GET /v1/b2b/organizations/{id}/member?member_id={ada}");
    let read = stand.b2b(&read, Value::Null).ok();
    assert_eq!(read.body["member"]["is_locked"], true);

    // A locked member cannot add a factor to a session either.
    let bob = log_in(&mut stand, &id, "bob@acme.example");
    let to = json!({ "organization_id": id, "email_address": "bob@acme.example" });
    stand.b2b(START, to.clone()).ok();
    let code = stand.mail()["code"].as_str().unwrap().to_owned();
    let mut body = to;
    body["session_token"] = bob.body["session_token"].clone();
    body["code"] = wrong(&code).into();
    for _ in 0..10 {
        stand
            .b2b(USE, body.clone())
            .refused(404, "otp_code_not_found");
    }
    body["code"] = code.into();
    stand.b2b(USE, body).refused(429, "user_lock_limit_reached");
    // A session of another organization does not help.
    let globex = stand.organization("globex");
    let route = format!("POST /v1/b2b/organizations/{globex}/members");
    let invited = json!({ "email_address": "ada@acme.example" });
    stand.b2b(&route, invited).ok();
    let elsewhere = stand.log_in_member(&globex, "ada@acme.example");
    let token = elsewhere.text("/session_token");
    let exchange = json!({ "organization_id": id, "session_token": token });
    stand
        .b2b("POST /v1/b2b/sessions/exchange", exchange)
        .refused(429, "user_lock_limit_reached");
}
