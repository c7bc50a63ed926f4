//! The sessions of a user: authenticated by token or JWT, extended, given custom claims, revoked.

use serde_json::{Value, json};

use crate::stand::{Stand, open_jwt};

const CHECK: &str = "POST /v1/sessions/authenticate";
const REVOKE: &str = "POST /v1/sessions/revoke";

#[test]
fn authenticates_an_active_session_by_token_and_by_jwt() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let (token, jwt) = (session.text("/session_token"), session.text("/session_jwt"));
    for presented in [
        json!({ "session_token": token }),
        json!({ "session_jwt": jwt }),
    ] {
        let checked = stand.consumer(CHECK, presented).ok();
        assert_eq!(checked.text("/session_token"), token);
        assert_eq!(
            checked.body["session"]["session_id"],
            session.body["session"]["session_id"]
        );
        assert_eq!(checked.body["user"]["user_id"], session.body["user_id"]);
    }
}

#[test]
fn returns_a_new_jwt_for_an_expired_jwt_of_an_active_session() {
    let mut stand = Stand::new();
    let old = stand.log_in("ada@example.com").text("/session_jwt");
    stand.later(301);
    let fresh = stand
        .consumer(CHECK, json!({ "session_jwt": old }))
        .ok()
        .text("/session_jwt");
    let (_, claims) = open_jwt(&fresh);
    assert_eq!(claims["exp"], stand.now.0 + 300);
    assert!(open_jwt(&old).1["exp"].as_i64().unwrap() < stand.now.0);
}

#[test]
fn a_session_expires_unless_it_is_extended() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    stand.later(59 * 60);
    let untouched = stand
        .consumer(CHECK, json!({ "session_token": token }))
        .ok();
    assert_eq!(
        untouched.text("/session/last_accessed_at"),
        stand.now.rfc3339()
    );
    assert_eq!(
        untouched.text("/session/expires_at"),
        stand.now.plus_minutes(1).rfc3339()
    );
    let extended = stand
        .consumer(
            CHECK,
            json!({ "session_token": token, "session_duration_minutes": 5 }),
        )
        .ok();
    assert_eq!(
        extended.text("/session/expires_at"),
        stand.now.plus_minutes(5).rfc3339()
    );
    stand.later(5 * 60);
    stand
        .consumer(CHECK, json!({ "session_token": token }))
        .refused(404, "session_not_found");
}

#[test]
fn refuses_durations_outside_the_range() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    for minutes in [4, 527_041, -1] {
        let body = json!({ "session_token": token, "session_duration_minutes": minutes });
        stand
            .consumer(CHECK, body)
            .refused(400, "invalid_session_duration_minutes");
    }
    for minutes in [5, 527_040] {
        stand
            .consumer(
                CHECK,
                json!({ "session_token": token, "session_duration_minutes": minutes }),
            )
            .ok();
    }
}

#[test]
fn accepts_exactly_one_of_token_and_jwt() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let both = json!({ "session_token": session.text("/session_token"), "session_jwt": session.text("/session_jwt") });
    stand
        .consumer(CHECK, both)
        .refused(400, "too_many_session_arguments");
    stand
        .consumer(CHECK, json!({}))
        .refused(400, "no_session_arguments");
    stand
        .consumer(CHECK, json!({ "session_token": "" }))
        .refused(400, "no_session_arguments");
    stand
        .consumer(CHECK, json!({ "session_token": "nonsense" }))
        .refused(400, "invalid_session_token");
    stand
        .consumer(CHECK, json!({ "session_token": "A".repeat(44) }))
        .refused(404, "session_not_found");
    stand
        .consumer(CHECK, json!({ "session_jwt": "a.b.c" }))
        .refused(400, "unable_to_parse_session_jwt");
}

#[test]
fn merges_custom_claims_into_session_and_jwt() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    let mut claim = |claims: Value| {
        stand.consumer(
            CHECK,
            json!({ "session_token": token, "session_custom_claims": claims }),
        )
    };
    claim(json!({ "tier": { "name": "gold", "since": 2020 }, "beta": true })).ok();
    let merged = claim(
        json!({ "tier": { "since": null, "seats": 3 }, "beta": null, "sub": "another user" }),
    )
    .ok();
    assert_eq!(
        merged.body["session"]["custom_claims"],
        json!({ "tier": { "name": "gold", "seats": 3 } })
    );
    let (_, claims) = open_jwt(&merged.text("/session_jwt"));
    assert_eq!(claims["tier"], json!({ "name": "gold", "seats": 3 }));
    assert_eq!(claims["sub"], merged.body["session"]["user_id"]);

    claim(json!({ "https://stytch.com/session": {} }))
        .refused(400, "stytch_claims_in_custom_claims");
    claim(json!({ "a": "x".repeat(4096) })).refused(400, "custom_claims_too_large");
}

#[test]
fn revokes_a_session_by_id_token_or_jwt() {
    for selector in ["session_id", "session_token", "session_jwt"] {
        let mut stand = Stand::new();
        let session = stand.log_in("ada@example.com");
        let pointer = if selector == "session_id" {
            "/session/session_id".into()
        } else {
            format!("/{selector}")
        };
        let revoked = stand
            .consumer(REVOKE, json!({ selector: session.text(&pointer) }))
            .ok();
        assert_eq!(
            revoked.body.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["status_code", "request_id"]
        );
        let token = json!({ "session_token": session.text("/session_token") });
        stand
            .consumer(CHECK, token)
            .refused(404, "session_not_found");
        stand
            .consumer(
                CHECK,
                json!({ "session_jwt": session.text("/session_jwt") }),
            )
            .refused(404, "session_not_found");
        stand
            .consumer(REVOKE, json!({ selector: session.text(&pointer) }))
            .refused(404, "session_not_found");
    }
}

#[test]
fn revoke_requires_exactly_one_selector() {
    let mut stand = Stand::new();
    stand
        .consumer(REVOKE, json!({}))
        .refused(400, "no_session_revoke_arguments");
    let two = json!({ "session_id": "session-test-x", "session_token": "A".repeat(44) });
    stand
        .consumer(REVOKE, two)
        .refused(400, "too_many_session_revoke_arguments");
}

#[test]
fn lists_the_active_sessions_of_one_user() {
    let mut stand = Stand::new();
    let first = stand.log_in("ada@example.com");
    stand.later(30 * 60);
    let second = stand.log_in("ada@example.com");
    stand.log_in("bob@example.com");
    let call = format!("GET /v1/sessions?user_id={}", first.text("/user_id"));
    assert_eq!(
        stand.consumer(&call, Value::Null).ok().body["sessions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    stand.later(30 * 60);
    let left = stand.consumer(&call, Value::Null).ok();
    assert_eq!(left.body["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(
        left.body["sessions"][0]["session_id"],
        second.body["session"]["session_id"]
    );

    let unknown = "GET /v1/sessions?user_id=user-test-00000000-0000-4000-8000-000000000000";
    stand
        .consumer(unknown, Value::Null)
        .refused(404, "user_not_found");
    stand
        .consumer("GET /v1/sessions", Value::Null)
        .refused(400, "invalid_user_id");
}
