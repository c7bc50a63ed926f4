//! The factors of users: deleting one, the last one, and exchanging the only one.

use serde_json::{Value, json};

use crate::stand::Stand;

/// The factors that the routes of this file delete. They are added through a snapshot.
fn user_with_every_factor(stand: &mut Stand) -> String {
    let user = stand.log_in("ada@example.com").text("/user_id");
    let mut snapshot: Value = serde_json::from_str(&stand.emulator.snapshot()).unwrap();
    let object = &mut snapshot["state"]["projects"]["consumer"]["users"][0];
    object["webauthn_registrations"] = json!([{
        "webauthn_registration_id": id("webauthn-registration", 1), "domain": "example.com", "user_agent": "",
        "verified": true, "authenticator_type": "", "name": "",
    }]);
    object["biometric_registrations"] = json!([{ "biometric_registration_id": id("biometric-registration", 2), "verified": false }]);
    object["totps"] = json!([{ "totp_id": id("totp", 3), "verified": true }]);
    object["crypto_wallets"] = json!([{
        "crypto_wallet_id": id("crypto-wallet", 4), "crypto_wallet_address": "0xAB", "crypto_wallet_type": "ethereum",
        "verified": true,
    }]);
    object["password"] = json!({ "password_id": id("password", 5), "requires_reset": false });
    object["providers"] = json!([{
        "provider_type": "Google", "provider_subject": "1", "profile_picture_url": "", "locale": "",
        "oauth_user_registration_id": id("oauth-user", 6),
    }]);
    stand.emulator.restore(&snapshot.to_string()).unwrap();
    user
}

fn id(prefix: &str, number: u8) -> String {
    format!("{prefix}-test-50000000-0000-4000-8000-00000000000{number}")
}

#[test]
fn each_kind_of_factor_is_deleted_until_one_primary_factor_is_left() {
    let mut stand = Stand::new();
    let user = user_with_every_factor(&mut stand);
    let read = format!("GET /v1/users/{user}");
    let email = stand
        .consumer(&read, Value::Null)
        .ok()
        .text("/emails/0/email_id");
    for (path, id, member) in [
        (
            "webauthn_registrations",
            id("webauthn-registration", 1),
            "webauthn_registrations",
        ),
        (
            "biometric_registrations",
            id("biometric-registration", 2),
            "biometric_registrations",
        ),
        ("totps", id("totp", 3), "totps"),
        ("crypto_wallets", id("crypto-wallet", 4), "crypto_wallets"),
        ("passwords", id("password", 5), "password"),
        ("oauth", id("oauth-user", 6), "providers"),
    ] {
        let delete = format!("DELETE /v1/users/{path}/{id}");
        let deleted = stand.consumer(&delete, Value::Null).ok();
        assert_eq!(deleted.text("/user_id"), user);
        let left = &stand.consumer(&read, Value::Null).ok().body[member];
        assert!(left.is_null() || *left == json!([]), "{member}: {left}");
        let again = stand.consumer(&delete, Value::Null);
        assert_eq!(again.status, 404, "{}", again.body);
        let malformed = stand.consumer(&format!("DELETE /v1/users/{path}/x"), Value::Null);
        assert_eq!(malformed.status, 400, "{}", malformed.body);
    }
    let delete = format!("DELETE /v1/users/emails/{email}");
    stand
        .consumer(&delete, Value::Null)
        .refused(400, "cannot_delete_last_primary_factor");
    let phone = json!({ "phone_number": "+15005550006", "user_id": user });
    let phone = stand.consumer("POST /v1/otps/sms/send", phone).ok();
    let token = stand.link_for("ada@example.com");
    stand.consumer(&delete, Value::Null).ok();
    stand
        .consumer(
            "POST /v1/magic_links/authenticate",
            json!({ "token": token }),
        )
        .refused(404, "magic_link_not_found");
    let delete = format!("DELETE /v1/users/phone_numbers/{}", phone.text("/phone_id"));
    stand
        .consumer(&delete, Value::Null)
        .refused(400, "cannot_delete_last_primary_factor");
}

#[test]
fn the_search_finds_users_by_every_factor() {
    let mut stand = Stand::new();
    let user = user_with_every_factor(&mut stand);
    stand.log_in("bob@example.org");
    for (name, value, found) in [
        (
            "webauthn_registration_id",
            json!([id("webauthn-registration", 1)]),
            true,
        ),
        ("webauthn_registration_verified", json!(true), true),
        ("webauthn_registration_verified", json!(false), false),
        (
            "biometric_registration_id",
            json!([id("biometric-registration", 2)]),
            true,
        ),
        ("biometric_verified", json!(false), true),
        ("totp_id", json!([id("totp", 3)]), true),
        ("totp_verified", json!(true), true),
        ("crypto_wallet_id", json!([id("crypto-wallet", 4)]), true),
        ("crypto_wallet_address", json!(["0xab"]), true),
        ("crypto_wallet_verified", json!(false), false),
        ("password_exists", json!(true), true),
        ("oauth_provider", json!(["google"]), true),
        ("oauth_provider", json!(["github"]), false),
        ("email_domain", json!("example.com"), true),
        ("user_id", json!([user]), true),
        ("user_id", json!(["someone-else"]), false),
    ] {
        let operand = json!({ "filter_name": name, "filter_value": value });
        let query = json!({ "query": { "operator": "AND", "operands": [operand] } });
        let answer = stand.consumer("POST /v1/users/search", query).ok();
        let users: Vec<&Value> = answer.body["results"].as_array().unwrap().iter().collect();
        assert_eq!(users.len(), usize::from(found), "{name}");
    }
    let operand = json!({ "filter_name": "user_id", "filter_value": [user, "external"] });
    let query = json!({ "query": { "operator": "AND", "operands": [operand] } });
    stand
        .consumer("POST /v1/users/search", query)
        .refused(400, "user_search_cannot_mix_internal_and_external_user_ids");
}

#[test]
fn the_only_factor_can_be_exchanged() {
    let mut stand = Stand::new();
    let created = stand.log_in("ada@example.com");
    let user = created.text("/user_id");
    let exchange = format!("PUT /v1/users/{user}/exchange_primary_factor");
    stand
        .consumer(&exchange, json!({}))
        .refused(400, "invalid_exchange_primary_factor_fields");
    stand
        .consumer(&exchange, json!({ "email_address": "ada@example.com" }))
        .refused(400, "duplicate_email_for_user");
    stand.log_in("bob@example.com");
    stand
        .consumer(&exchange, json!({ "email_address": "bob@example.com" }))
        .refused(400, "duplicate_email");
    let phone = json!({ "phone_number": "+15005550006" });
    let done = stand.consumer(&exchange, phone).ok();
    assert_eq!(done.body["user"]["emails"], json!([]));
    assert_eq!(done.body["user"]["phone_numbers"][0]["verified"], false);
    stand
        .consumer(
            "POST /v1/magic_links/email/send",
            json!({ "email": "ada@example.com" }),
        )
        .refused(404, "email_not_found");
    let added = json!({ "email": "new@example.com", "user_id": user });
    stand
        .consumer("POST /v1/magic_links/email/send", added)
        .ok();
    stand
        .consumer(&exchange, json!({ "email_address": "x@example.com" }))
        .refused(400, "invalid_exchange_primary_factor_user");
}

#[test]
fn an_external_id_can_be_deleted_and_metrics_count_users() {
    let mut stand = Stand::new();
    let body = json!({ "email": "ada@example.com", "external_id": "ada" });
    stand.consumer("POST /v1/users", body).ok();
    let done = stand
        .consumer("DELETE /v1/users/ada/external_id", Value::Null)
        .ok();
    assert_eq!(done.body["user"]["external_id"], Value::Null);
    stand
        .consumer("GET /v1/users/ada", Value::Null)
        .refused(404, "user_not_found");
    let metrics = stand.consumer("GET /v1/projects/metrics", Value::Null).ok();
    assert_eq!(
        metrics.body["metrics"][0],
        json!({ "metric_type": "USER_COUNT", "count": 1 })
    );
}

#[test]
fn a_verified_email_replaces_an_older_password_and_ends_other_sessions() {
    let mut stand = Stand::new();
    let other = user_with_every_factor(&mut stand);
    let body = json!({ "email": "mail@example.com", "user_id": other });
    stand.consumer("POST /v1/magic_links/email/send", body).ok();
    let token = stand.mail()["token"].clone();
    let body = json!({ "token": token, "session_duration_minutes": 5 });
    let done = stand
        .consumer("POST /v1/magic_links/authenticate", body)
        .ok();
    assert_eq!(done.body["reset_sessions"], true);
    assert_eq!(done.body["user"]["password"]["requires_reset"], true);
    let sessions = stand
        .consumer(&format!("GET /v1/sessions?user_id={other}"), Value::Null)
        .ok();
    assert_eq!(
        sessions.body["sessions"],
        json!([done.body["session"]]),
        "only the new session is left"
    );
}
