//! Magic links: they appear in the outbox, log in once, expire, and can be bound to the client that requested them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::sha2::{Digest as _, Sha256};
use serde_json::{Value, json};

use crate::stand::Stand;

const ASK: &str = "POST /v1/magic_links/email/login_or_create";
const USE: &str = "POST /v1/magic_links/authenticate";

#[test]
fn a_link_creates_a_user_and_logs_in_once() {
    let mut stand = Stand::new();
    let asked = stand
        .consumer(ASK, json!({ "email": "Ada@Example.com" }))
        .ok();
    assert_eq!(asked.body["user_created"], true);
    let mail = stand.mail();
    assert_eq!(
        (&mail["to"], &mail["kind"], &mail["product"]),
        (
            &json!("ada@example.com"),
            &json!("signup"),
            &json!("consumer")
        )
    );
    let token = mail["token"].as_str().unwrap();
    assert_eq!(
        mail["url"],
        format!("http://localhost:3000/authenticate?stytch_token_type=magic_links&token={token}")
    );

    let body = json!({ "token": token, "session_duration_minutes": 60 });
    let session = stand.consumer(USE, body.clone()).ok();
    assert_eq!(session.body["user_id"], asked.body["user_id"]);
    assert_eq!(session.body["method_id"], asked.body["email_id"]);
    assert_eq!(session.body["user"]["emails"][0]["verified"], true);
    assert_eq!(session.body["session"]["roles"], json!(["stytch_user"]));
    assert_eq!(
        session.body["session"]["authentication_factors"][0]["email_factor"]["email_address"],
        "ada@example.com"
    );
    assert_eq!(stand.mail()["used"], true);

    stand
        .consumer(USE, body)
        .refused(401, "unable_to_auth_magic_link");
}

#[test]
fn the_second_link_of_an_active_user_is_a_login() {
    let mut stand = Stand::new();
    stand.log_in("ada@example.com");
    let again = stand
        .consumer(ASK, json!({ "email": "ada@example.com" }))
        .ok();
    assert_eq!(again.body["user_created"], false);
    assert_eq!(stand.mail()["kind"], "login");
}

#[test]
fn a_pending_user_signs_up_until_a_link_is_used() {
    let mut stand = Stand::new();
    let body = json!({ "email": "ada@example.com", "create_user_as_pending": true });
    stand.consumer(ASK, body.clone()).ok();
    stand.consumer(ASK, body).ok();
    assert_eq!(stand.mail()["kind"], "signup");
    let token = stand.mail()["token"].clone();
    let used = stand.consumer(USE, json!({ "token": token })).ok();
    assert_eq!(used.body["user"]["status"], "active");
}

#[test]
fn starts_a_session_only_with_a_duration() {
    let mut stand = Stand::new();
    let token = stand.link_for("ada@example.com");
    let used = stand.consumer(USE, json!({ "token": token })).ok();
    assert_eq!(used.body["session"], Value::Null);
    assert_eq!(
        (&used.body["session_token"], &used.body["session_jwt"]),
        (&json!(""), &json!(""))
    );
}

#[test]
fn a_link_expires_after_its_expiration_minutes() {
    let mut stand = Stand::new();
    let body = json!({ "email": "ada@example.com", "signup_expiration_minutes": 5 });
    stand.consumer(ASK, body).ok();
    let token = stand.mail()["token"].clone();
    stand.later(5 * 60);
    stand
        .consumer(USE, json!({ "token": token }))
        .refused(401, "unable_to_auth_magic_link");
    stand.later(-1);
    stand.consumer(USE, json!({ "token": token })).ok();
}

#[test]
fn unknown_and_malformed_links_have_different_errors() {
    let mut stand = Stand::new();
    stand
        .consumer(USE, json!({ "token": "A".repeat(44) }))
        .refused(404, "magic_link_not_found");
    stand
        .consumer(USE, json!({ "token": "nonsense" }))
        .refused(400, "invalid_token");
    stand.consumer(USE, json!({})).refused(400, "invalid_token");
}

#[test]
fn the_link_keeps_the_parameters_of_the_redirect_url() {
    let mut stand = Stand::new();
    let url = "http://127.0.0.1:8787/authenticate?next=%2Fme";
    stand
        .consumer(
            ASK,
            json!({ "email": "ada@example.com", "signup_magic_link_url": url }),
        )
        .ok();
    assert!(
        stand.mail()["url"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{url}&stytch_token_type=magic_links&token="))
    );
    let elsewhere =
        json!({ "email": "ada@example.com", "login_magic_link_url": "http://example.com/" });
    stand
        .consumer(ASK, elsewhere)
        .refused(400, "no_match_for_provided_magic_link_url");
}

#[test]
fn a_refused_call_leaves_the_link_valid() {
    let mut stand = Stand::new();
    let token = stand.link_for("ada@example.com");
    let too_long = json!({ "token": token, "session_duration_minutes": 600_000 });
    stand
        .consumer(USE, too_long)
        .refused(400, "invalid_session_duration_minutes");
    let unknown_session = json!({ "token": token, "session_token": "A".repeat(44) });
    stand
        .consumer(USE, unknown_session)
        .refused(404, "session_not_found");
    stand.consumer(USE, json!({ "token": token })).ok();
}

#[test]
fn a_second_link_updates_the_presented_session() {
    let mut stand = Stand::new();
    let first = stand.log_in("ada@example.com");
    stand.later(60);
    let token = stand.link_for("ada@example.com");
    let body = json!({ "token": token, "session_token": first.text("/session_token") });
    let second = stand.consumer(USE, body).ok();
    assert_eq!(
        second.body["session"]["session_id"],
        first.body["session"]["session_id"]
    );
    assert_eq!(
        second.body["session"]["expires_at"],
        first.body["session"]["expires_at"]
    );
    let factors = second.body["session"]["authentication_factors"]
        .as_array()
        .unwrap();
    assert_eq!(
        factors.len(),
        1,
        "the same factor is updated, not listed twice"
    );
    assert_ne!(
        factors[0]["last_authenticated_at"],
        factors[0]["created_at"]
    );
}

#[test]
fn does_not_change_the_session_of_another_user() {
    let mut stand = Stand::new();
    let bob = stand.log_in("bob@example.com").text("/session_token");
    let token = stand.link_for("ada@example.com");
    let body = json!({ "token": token, "session_token": bob, "session_duration_minutes": 5 });
    let ada = stand.consumer(USE, body).ok();
    assert_ne!(ada.text("/session_token"), bob);
    assert_eq!(ada.body["session"]["user_id"], ada.body["user_id"]);
}

#[test]
fn a_link_with_a_code_challenge_requires_its_verifier() {
    let mut stand = Stand::new();
    let verifier = "a code verifier";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    stand
        .consumer(
            ASK,
            json!({ "email": "ada@example.com", "code_challenge": challenge }),
        )
        .ok();
    let token = stand.mail()["token"].clone();
    stand
        .consumer(USE, json!({ "token": token }))
        .refused(400, "pkce_expected_code_verifier");
    stand
        .consumer(USE, json!({ "token": token, "code_verifier": "another" }))
        .refused(400, "pkce_mismatch");
    stand
        .consumer(USE, json!({ "token": token, "code_verifier": verifier }))
        .ok();
}

#[test]
fn a_link_can_be_bound_to_an_ip_address_and_a_user_agent() {
    let mut stand = Stand::new();
    let here = json!({ "ip_address": "203.0.113.1", "user_agent": "a browser" });
    stand
        .consumer(
            ASK,
            json!({ "email": "ada@example.com", "attributes": here }),
        )
        .ok();
    let token = stand.mail()["token"].clone();
    let options = json!({ "ip_match_required": true, "user_agent_match_required": true });
    let elsewhere = json!({ "ip_address": "203.0.113.1", "user_agent": "another" });
    let body = |attributes: &Value| json!({ "token": token, "options": options, "attributes": attributes });
    stand
        .consumer(USE, body(&elsewhere))
        .refused(401, "attribute_mismatch");
    stand.consumer(USE, body(&here)).ok();
}
