//! Impersonation of users and members, and the limit of emails.

use serde_json::{Value, json};

use crate::stand::Stand;

const CREATE: &str = "POST /_emulator/impersonation_tokens";
const USER: &str = "POST /v1/impersonation/authenticate";
const MEMBER: &str = "POST /v1/b2b/impersonation/authenticate";

fn token_for(stand: &mut Stand, subject: Value) -> Value {
    let answer = stand.open(CREATE, subject).ok();
    json!({ "impersonation_token": answer.text("/impersonation_token") })
}

#[test]
fn an_operator_impersonates_a_user_for_an_hour() {
    let mut stand = Stand::new();
    let user = stand.log_in("ada@example.com").text("/user_id");
    let order = json!({ "product": "consumer", "user_id": user, "impersonator_email_address": "op@example.com" });
    let token = token_for(&mut stand, order);
    let session = stand.consumer(USER, token.clone()).ok();
    assert_eq!(session.text("/user_id"), user);
    let factor = &session.body["session"]["authentication_factors"][0];
    assert_eq!(factor["type"], "impersonated");
    assert_eq!(
        factor["impersonated_factor"]["impersonator_email_address"],
        "op@example.com"
    );
    stand
        .consumer(USER, token)
        .refused(401, "unable_to_auth_impersonation_token");

    let authenticate = "POST /v1/sessions/authenticate";
    let mut body = json!({ "session_token": session.text("/session_token") });
    stand.consumer(authenticate, body.clone()).ok();
    body["session_duration_minutes"] = json!(60);
    stand
        .consumer(authenticate, body.clone())
        .refused(400, "session_not_mutable_impersonated");
    let link = stand.link_for("ada@example.com");
    let attach = json!({ "token": link, "session_token": body["session_token"] });
    stand
        .consumer("POST /v1/magic_links/authenticate", attach)
        .refused(400, "session_not_mutable_impersonated");
    stand.later(3600);
    let body = json!({ "session_token": body["session_token"] });
    stand
        .consumer(authenticate, body)
        .refused(404, "session_not_found");
}

#[test]
fn an_operator_impersonates_a_member_without_a_second_factor() {
    let mut stand = Stand::new();
    let organization = stand.organization("acme");
    let member = stand
        .log_in_member(&organization, "bob@acme.example")
        .text("/member_id");
    let token = token_for(&mut stand, json!({ "product": "b2b", "member_id": member }));
    let session = stand.b2b(MEMBER, token.clone()).ok();
    assert_eq!(session.text("/member_session/member_id"), member);
    assert_eq!(session.body["member_authenticated"], true);
    stand
        .b2b(MEMBER, token)
        .refused(401, "unable_to_auth_impersonation_token");
}

#[test]
fn an_impersonation_token_expires_and_ends_with_its_user() {
    let mut stand = Stand::new();
    let user = stand.log_in("ada@example.com").text("/user_id");
    let order = json!({ "product": "consumer", "user_id": user });
    let token = token_for(&mut stand, order.clone());
    stand.later(300);
    stand
        .consumer(USER, token)
        .refused(401, "unable_to_auth_impersonation_token");
    let token = token_for(&mut stand, order.clone());
    let delete = format!("DELETE /v1/users/{user}");
    stand.consumer(&delete, Value::Null).ok();
    stand
        .consumer(USER, token)
        .refused(401, "unable_to_auth_impersonation_token");
    assert_eq!(stand.open(CREATE, order).status, 400);
    assert_eq!(stand.open(CREATE, json!({ "product": "b2b" })).status, 400);
    stand
        .consumer(USER, json!({}))
        .refused(400, "invalid_token");
}

#[test]
fn the_limit_of_emails_can_be_switched_on() {
    let mut stand = Stand::new();
    let limits = "POST /_emulator/rate_limits";
    let ask = "POST /v1/magic_links/email/login_or_create";
    let ada = json!({ "email": "ada@example.com" });
    stand.consumer(ask, ada.clone()).ok();
    stand.consumer(ask, ada.clone()).ok();
    stand.open(limits, json!({ "enabled": true })).ok();
    stand
        .consumer(ask, ada.clone())
        .refused(429, "too_many_requests");
    let code = "POST /v1/otps/email/send";
    stand
        .consumer(code, ada.clone())
        .refused(429, "too_many_requests");
    stand
        .consumer(ask, json!({ "email": "bob@example.com" }))
        .ok();
    stand.later(1);
    stand.consumer(ask, ada.clone()).ok();
    stand.open(limits, json!({ "enabled": false })).ok();
    stand.consumer(ask, ada).ok();
    assert_eq!(stand.open(limits, json!({})).status, 400);
}
