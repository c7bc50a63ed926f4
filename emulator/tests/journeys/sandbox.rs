//! The sandbox values of the Test environment: each has a fixed response and leaves the state unchanged.

use serde_json::{Value, json};

use crate::signatures::{b2b_keys, consumer_keys, verifies};
use crate::stand::{Stand, open_jwt};

const USER_ID: &str = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
const ORGANIZATION_ID: &str = "organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b";
const LINK: &str = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";
const SESSION_TOKEN: &str = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";
const SESSION: &str = "https://stytch.com/session";

/// Calls, the field with the sandbox token, and how the product sends the call.
const LOG_INS: [(&str, &str, &str); 2] = [
    ("consumer", "POST /v1/magic_links/authenticate", "token"),
    (
        "b2b",
        "POST /v1/b2b/magic_links/authenticate",
        "magic_links_token",
    ),
];

fn names(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

fn mails(stand: &mut Stand) -> usize {
    let outbox = stand.open("GET /_emulator/outbox.json", Value::Null);
    outbox.body["messages"].as_array().unwrap().len()
}

#[test]
fn a_link_to_the_sandbox_address_is_not_sent() {
    let mut stand = Stand::new();
    let call = "POST /v1/magic_links/email/login_or_create";
    let answer = stand
        .consumer(call, json!({ "email": "sandbox@stytch.com" }))
        .ok();
    assert_eq!(answer.body["user_id"], USER_ID);
    assert_eq!(
        answer.body["email_id"],
        "email-test-23873e89-d4ed-4e92-b3b9-e5c7198fa286"
    );
    let usual = stand.consumer(call, json!({ "email": "ada@example.com" }));
    assert_eq!(names(&answer.body), names(&usual.ok().body));
    assert_eq!(mails(&mut stand), 1);
}

#[test]
fn the_sandbox_user_is_not_stored() {
    let mut stand = Stand::new();
    stand.link_for("ada@example.com");
    let body = json!({ "token": LINK, "session_duration_minutes": 60 });
    stand
        .consumer("POST /v1/magic_links/authenticate", body)
        .ok();
    let sessions = format!("GET /v1/sessions?user_id={USER_ID}");
    stand
        .consumer(&sessions, Value::Null)
        .refused(404, "user_not_found");
    let query = json!({ "operator": "AND", "operands": [{ "filter_name": "user_id", "filter_value": [USER_ID] }] });
    let found = stand
        .consumer("POST /v1/users/search", json!({ "query": query }))
        .ok();
    assert_eq!(found.body["results"], json!([]));
    assert_eq!(found.body["results_metadata"]["next_cursor"], Value::Null);
    let revoked = stand.consumer(
        "POST /v1/sessions/revoke",
        json!({ "session_token": SESSION_TOKEN }),
    );
    revoked.refused(404, "session_not_found");
}

#[test]
fn the_sandbox_link_logs_the_sandbox_user_in() {
    let mut stand = Stand::new();
    let call = "POST /v1/magic_links/authenticate";
    let plain = stand.consumer(call, json!({ "token": LINK })).ok();
    assert_eq!(plain.body["user_id"], USER_ID);
    assert_eq!(plain.body["session"], Value::Null);
    assert_eq!(
        (&plain.body["session_token"], &plain.body["session_jwt"]),
        (&json!(""), &json!(""))
    );
    let user = &plain.body["user"];
    assert_eq!(
        (&user["status"], &user["created_at"], &user["name"]),
        (&json!(""), &Value::Null, &Value::Null)
    );
    assert_eq!(user["emails"][0]["verified"], false);
    assert_eq!(user["phone_numbers"][0]["verified"], false);

    let body = json!({ "token": LINK, "session_duration_minutes": 5, "session_custom_claims": { "plan": "gold" } });
    let session = stand.consumer(call, body).ok();
    let jwt = session.text("/session_jwt");
    assert!(verifies(&mut stand, &consumer_keys(), &jwt));
    let (_, claims) = open_jwt(&jwt);
    assert_eq!(
        (&claims["sub"], &claims["plan"]),
        (&json!(USER_ID), &json!("gold"))
    );
    assert_eq!(
        claims[SESSION]["expires_at"],
        session.body["session"]["expires_at"]
    );
    assert_eq!(
        session.body["session"]["authentication_factors"][0]["email_factor"]["email_address"],
        "sandbox@stytch.com"
    );
    let invalid = json!({ "token": LINK, "session_duration_minutes": 1 });
    stand
        .consumer(call, invalid)
        .refused(400, "invalid_session_duration_minutes");
    let usual = stand.log_in("ada@example.com");
    for part in ["", "/user", "/session"] {
        let of = |body: &Value| names(body.pointer(part).unwrap());
        assert_eq!(of(&session.body), of(&usual.body), "{part}");
    }
}

#[test]
fn two_sandbox_links_are_refused_with_the_texts_of_the_api() {
    let mut stand = Stand::new();
    for (token, status, error_type, message) in [
        (
            "3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=",
            401,
            "unable_to_auth_magic_link",
            "The magic link could not be authenticated because it was either already used or expired. Send another magic link to this user.",
        ),
        (
            "CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=",
            404,
            "magic_link_not_found",
            "The magic link could not be authenticated, try sending another magic link to the user.",
        ),
    ] {
        for (product, call, field) in LOG_INS {
            let body = json!({ field: token });
            let answer = match product {
                "b2b" => stand.b2b(call, body),
                _ => stand.consumer(call, body),
            };
            answer.refused(status, error_type);
            assert_eq!(answer.body["error_message"], message);
            assert_eq!(
                answer.body["error_url"],
                format!("https://stytch.com/docs/api/errors/{status}#{error_type}")
            );
        }
    }
}

#[test]
fn the_sandbox_session_is_authenticated_with_a_new_jwt() {
    let mut stand = Stand::new();
    let call = "POST /v1/sessions/authenticate";
    let body = json!({ "session_token": SESSION_TOKEN });
    let answer = stand.consumer(call, body.clone()).ok();
    assert_eq!(answer.body["session_token"], SESSION_TOKEN);
    let session = &answer.body["session"];
    assert_eq!(
        session["session_id"],
        "session-test-eb94233f-8800-4ebd-8645-51dc15f9d028"
    );
    assert_eq!(session["user_id"], USER_ID);
    assert_eq!(session["started_at"], "2021-08-28T00:41:58.935673Z");
    assert_eq!(session["expires_at"], stand.now.plus_minutes(60).rfc3339());
    let jwt = answer.text("/session_jwt");
    assert!(verifies(&mut stand, &consumer_keys(), &jwt));
    let (_, claims) = open_jwt(&jwt);
    assert_eq!(claims[SESSION]["started_at"], "2021-08-28T00:41:58Z");
    assert!(claims[SESSION].get("roles").is_none());
    stand.later(60);
    let later = stand.consumer(call, body.clone()).ok();
    assert_ne!(later.text("/session_jwt"), jwt);

    let mut checked = body;
    checked["authorization_check"] = json!({ "resource_id": "documents", "action": "read" });
    stand
        .consumer(call, checked)
        .refused(403, "consumer_session_authorization_error");
    for (token, status, error_type) in [
        (
            "59cnLELtq5cFVS6uYK9f-pAWzBkhqZl8AvLhbhOvKNWw",
            404,
            "session_not_found",
        ),
        ("INVALID", 400, "invalid_session_token"),
    ] {
        stand
            .consumer(call, json!({ "session_token": token }))
            .refused(status, error_type);
    }
    let usual = stand.log_in("ada@example.com");
    assert_eq!(
        names(&answer.body["session"]),
        names(&usual.body["session"])
    );
}

#[test]
fn the_sandbox_member_belongs_to_the_sandbox_organization() {
    let mut stand = Stand::new();
    let call = "POST /v1/b2b/magic_links/email/login_or_signup";
    let body = json!({ "email_address": "sandbox@stytch.com", "organization_id": ORGANIZATION_ID });
    let sent = stand.b2b(call, body).ok();
    assert_eq!(
        sent.body["organization"]["organization_id"],
        ORGANIZATION_ID
    );
    assert_eq!(mails(&mut stand), 0);
    let other = json!({ "email_address": "ada@example.com", "organization_id": ORGANIZATION_ID });
    stand
        .b2b(call, other)
        .refused(404, "organization_not_found");

    let body = json!({ "magic_links_token": LINK });
    let answer = stand
        .b2b("POST /v1/b2b/magic_links/authenticate", body)
        .ok();
    assert_eq!(answer.body["member_id"], sent.body["member_id"]);
    let jwt = answer.text("/session_jwt");
    assert!(verifies(&mut stand, &b2b_keys(), &jwt));
    let (_, claims) = open_jwt(&jwt);
    let organization = &claims["https://stytch.com/organization"];
    assert_eq!(organization["organization_id"], ORGANIZATION_ID);
    assert!(claims[SESSION].get("roles").is_none());

    let organization_id = stand.organization("acme");
    let usual = stand.log_in_member(&organization_id, "ada@acme.example");
    for part in ["", "/member", "/organization", "/member_session"] {
        let of = |body: &Value| names(body.pointer(part).unwrap());
        assert_eq!(of(&answer.body), of(&usual.body), "{part}");
    }
}

#[test]
fn links_and_codes_of_the_sandbox_user_are_not_sent() {
    let mut stand = Stand::new();
    let email = json!({ "email": "sandbox@stytch.com" });
    let phone = json!({ "phone_number": "+10000000000" });
    for (route, to, id) in [
        ("magic_links/email/send", &email, "email_id"),
        ("magic_links/email/invite", &email, "email_id"),
        ("otps/email/send", &email, "email_id"),
        ("otps/email/login_or_create", &email, "email_id"),
        ("otps/sms/send", &phone, "phone_id"),
        ("otps/sms/login_or_create", &phone, "phone_id"),
        ("otps/whatsapp/send", &phone, "phone_id"),
        ("otps/whatsapp/login_or_create", &phone, "phone_id"),
    ] {
        let sent = stand
            .consumer(&format!("POST /v1/{route}"), to.clone())
            .ok();
        assert_eq!(sent.body["user_id"], USER_ID, "{route}");
        if !route.starts_with("otps") {
            continue;
        }
        let body =
            json!({ "method_id": sent.body[id], "code": "000000", "session_duration_minutes": 5 });
        let done = stand.consumer("POST /v1/otps/authenticate", body).ok();
        let factor = &done.body["session"]["authentication_factors"][0];
        assert_eq!(factor["type"], "otp", "{route}");
        assert_eq!(done.body["method_id"], sent.body[id]);
    }
    let revoke = "POST /v1/magic_links/email/revoke_invite";
    stand.consumer(revoke, email).ok();
    assert_eq!(mails(&mut stand), 0);
}
