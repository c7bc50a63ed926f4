//! Invitations, links for the caller's own messages, links to a new address of a user, and the limit of emails.

use serde_json::{Value, json};

use crate::stand::Stand;

const INVITE: &str = "POST /v1/magic_links/email/invite";
const REVOKE: &str = "POST /v1/magic_links/email/revoke_invite";
const SEND: &str = "POST /v1/magic_links/email/send";
const CREATE: &str = "POST /v1/magic_links";
const USE: &str = "POST /v1/magic_links/authenticate";

#[test]
fn an_invited_user_is_pending_until_the_link_is_used() {
    let mut stand = Stand::new();
    let body = json!({ "email": "ada@example.com", "name": { "first_name": "Ada" }, "trusted_metadata": { "a": 1 } });
    let user = stand.consumer(INVITE, body).ok().text("/user_id");
    assert_eq!(stand.mail()["kind"], "invite");
    let read = format!("GET /v1/users/{user}");
    let pending = stand.consumer(&read, Value::Null).ok();
    assert_eq!(pending.body["status"], "pending");
    assert_eq!(pending.body["name"]["first_name"], "Ada");

    // A second invitation is for the same user.
    let again = stand.consumer(INVITE, json!({ "email": "ada@example.com" }));
    assert_eq!(again.ok().text("/user_id"), user);
    let token = stand.mail()["token"].clone();
    let used = stand.consumer(USE, json!({ "token": token })).ok();
    assert_eq!(used.body["user"]["status"], "active");
    stand
        .consumer(INVITE, json!({ "email": "ada@example.com" }))
        .refused(400, "user_already_invited");
    stand
        .consumer(REVOKE, json!({ "email": "ada@example.com" }))
        .refused(404, "email_not_found");
}

#[test]
fn a_revoked_invitation_does_not_work() {
    let mut stand = Stand::new();
    let invited = json!({ "email": "ada@example.com", "invite_expiration_minutes": 5 });
    let user = stand
        .consumer(INVITE, invited.clone())
        .ok()
        .text("/user_id");
    let token = stand.mail()["token"].clone();
    stand
        .consumer(REVOKE, json!({ "email": "ada@example.com" }))
        .ok();
    stand
        .consumer(USE, json!({ "token": token }))
        .refused(404, "magic_link_not_found");
    stand
        .consumer(&format!("GET /v1/users/{user}"), Value::Null)
        .refused(404, "user_not_found");
    stand.consumer(INVITE, invited).ok();
    let token = stand.mail()["token"].clone();
    stand.later(300);
    stand
        .consumer(USE, json!({ "token": token }))
        .refused(401, "unable_to_auth_magic_link");
}

#[test]
fn an_embeddable_link_logs_in_and_verifies_nothing() {
    let mut stand = Stand::new();
    let user = stand
        .consumer("POST /v1/users", json!({ "email": "ada@example.com" }))
        .ok()
        .text("/user_id");
    let link = stand.consumer(CREATE, json!({ "user_id": user })).ok();
    assert_eq!(stand.mail(), Value::Null);
    let body = json!({ "token": link.text("/token"), "session_duration_minutes": 5 });
    let done = stand.consumer(USE, body.clone()).ok();
    let factor = &done.body["session"]["authentication_factors"][0];
    assert_eq!(factor["delivery_method"], "embedded");
    assert_eq!(
        factor["embeddable_magic_link_factor"]["embedded_id"],
        done.body["method_id"]
    );
    assert_eq!(done.body["user"]["emails"][0]["verified"], false);
    stand
        .consumer(USE, body)
        .refused(401, "unable_to_auth_magic_link");
    stand
        .consumer(CREATE, json!({ "user_id": "unknown" }))
        .refused(404, "user_not_found");
}

#[test]
fn a_link_can_be_sent_to_a_new_address_of_a_user() {
    let mut stand = Stand::new();
    stand
        .consumer(SEND, json!({ "email": "ada@example.com" }))
        .refused(404, "email_not_found");
    let user = stand.log_in("ada@example.com").text("/user_id");
    let to = json!({ "email": "countess@example.com", "user_id": user });
    stand.consumer(SEND, to.clone()).ok();
    stand.later(301);
    let token = stand.mail()["token"].clone();
    stand
        .consumer(USE, json!({ "token": token }))
        .refused(404, "magic_link_not_found");
    stand.consumer(SEND, to).ok();
    let token = stand.mail()["token"].clone();
    let done = stand.consumer(USE, json!({ "token": token })).ok();
    assert_eq!(done.text("/user_id"), user);
    assert_eq!(done.body["user"]["emails"][1]["verified"], true);
    let bob = stand.log_in("bob@example.com").text("/user_id");
    stand
        .consumer(SEND, json!({ "email": "ada@example.com", "user_id": bob }))
        .refused(400, "duplicate_email");
    stand
        .consumer(SEND, json!({ "email": "ada@example.com" }))
        .ok();
}
