//! The factors that a member can bring from one organization to another.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const EMAIL: &str = "ada@acme.example";
/// The SHA-1 of the password.
const PASSWORD: (&str, &str) = (
    "correct horse battery",
    "98decc62ece399a22ed30d490ef333be7fde7385",
);
const NUMBER: &str = "+15005550006";

/// Creates an organization with a member who has a password and a verified phone number.
fn organization(stand: &mut Stand, name: &str, number: &str) -> String {
    let id = stand.organization(name);
    let member = json!({
        "organization_id": id, "email_address": EMAIL, "hash": PASSWORD.1, "hash_type": "sha_1",
        "mfa_phone_number": number, "set_phone_number_verified": true,
    });
    stand.b2b("POST /v1/b2b/passwords/migrate", member).ok();
    id
}

/// Adds a code by SMS to the session of a log-in.
fn add_sms(stand: &mut Stand, session: &Answer) {
    let mut body = json!({
        "organization_id": session.body["organization"]["organization_id"],
        "member_id": session.body["member"]["member_id"],
    });
    let send = "POST /v1/b2b/otps/sms/send";
    stand.b2b(send, body.clone()).ok();
    body["code"] = stand.mail()["code"].clone();
    body["session_token"] = session.body["session_token"].clone();
    let done = stand.b2b("POST /v1/b2b/otps/sms/authenticate", body).ok();
    let factors = done.body["member_session"]["authentication_factors"].as_array();
    assert_eq!(factors.unwrap().len(), 2);
}

fn exchange(stand: &mut Stand, session: &Answer, organization_id: &str) -> Answer {
    let token = session.text("/session_token");
    let body = json!({ "organization_id": organization_id, "session_token": token });
    stand.b2b("POST /v1/b2b/sessions/exchange", body)
}

#[test]
fn a_password_and_a_second_factor_do_not_open_another_organization() {
    let mut stand = Stand::new();
    let acme = organization(&mut stand, "acme", NUMBER);
    let globex = organization(&mut stand, "globex", NUMBER);
    let config = json!({ "product": "b2b", "check_breach_on_authentication": false });
    stand.open("POST /_emulator/password_config", config).ok();
    let body = json!({ "organization_id": acme, "email_address": EMAIL, "password": PASSWORD.0 });
    let session = stand.b2b("POST /v1/b2b/passwords/authenticate", body).ok();
    let refused = "insufficient_factors_for_session_exchange";
    exchange(&mut stand, &session, &globex).refused(400, refused);
    add_sms(&mut stand, &session);
    exchange(&mut stand, &session, &globex).refused(400, refused);
}

#[test]
fn a_code_by_sms_counts_only_for_a_member_with_the_same_number() {
    let mut stand = Stand::new();
    let acme = organization(&mut stand, "acme", NUMBER);
    let same = organization(&mut stand, "same", NUMBER);
    let other = organization(&mut stand, "other", "+15005550008");
    let session = stand.log_in_member(&acme, EMAIL);
    add_sms(&mut stand, &session);
    for (organization_id, is_authenticated) in [(same, true), (other, false)] {
        let route = format!("PUT /v1/b2b/organizations/{organization_id}");
        let strict = json!({ "mfa_policy": "REQUIRED_FOR_ALL" });
        stand.b2b(&route, strict).ok();
        let done = exchange(&mut stand, &session, &organization_id).ok();
        assert_eq!(done.body["member_authenticated"], is_authenticated);
        assert_eq!(done.body["mfa_required"] == Value::Null, is_authenticated);
    }
}
