//! Floods of requests with JWTs that the project has issued: what the limits for refreshes admit.

use super::attacks::{permission, policy, role_token, two};
use super::fixture::{Options, consumer, jwts};
use crate::session_checks::token;
use serde_json::json;
use stytch_edge::client::RemoteFallback;

#[test]
fn one_session_triggers_at_most_100_requests_in_10_seconds() {
    let (mut shell, victim, _, _) = two();
    shell.now += 301;
    let mut sent = 0;
    for _ in 0..1000 {
        shell.cookies(&jwts(&[&victim.session_jwt]));
        sent += shell.sent;
    }
    assert!(sent <= 100, "{sent} requests in 0 seconds");
}

#[test]
fn many_jwts_of_an_ended_session_trigger_one_request() {
    let (mut shell, _) = consumer();
    let now = shell.now;
    let list: Vec<String> = (0..2000)
        .map(|n| {
            role_token(
                &mut shell,
                "gone",
                json!([]),
                now - 100_000 - n,
                now - 90_000 - n,
            )
        })
        .collect();
    shell.cookies(&jwts(&[&list[0]]));
    let mut sent = 0;
    for jwt in &list {
        shell.cookies(&jwts(&[jwt]));
        sent += shell.sent;
    }
    assert!(
        sent <= 100,
        "{sent} requests in 0 seconds, for one session that does not exist"
    );
}

#[test]
fn an_expired_token_of_another_kind_is_not_a_verified_session() {
    let (mut shell, _) = consumer();
    let now = shell.now;
    let mut sent = 0;
    let mut last = String::new();
    for n in 0..300 {
        let t = token(
            &mut shell,
            json!({"claims": {"sub": "m2m-client-test-1", "scope": format!("a{n}"), "iat": now - 5000, "nbf": now - 5000, "exp": now - 1000, "https://stytch.com/session": null}}),
        );
        let d = shell.cookies(&jwts(&[&t]));
        sent += shell.sent;
        last = format!("{d:?}");
    }
    assert!(sent <= 101, "{sent} {last}");
}

#[test]
fn a_valid_jwt_without_the_permission_does_not_use_up_the_budget_for_others() {
    let (mut shell, _) = consumer();
    policy(&mut shell);
    let now = shell.now;
    let options = Options {
        requirement: permission(),
        fallback: RemoteFallback::Always,
        ..Options::default()
    };
    let mut last = String::new();
    for n in 0..150 {
        let jwt = role_token(&mut shell, "victim", json!([]), now - n % 2, now + 300);
        let d = shell.authenticate(None, Some(&jwts(&[&jwt])), &options);
        last = format!("{d:?}");
    }
    assert!(!last.contains("rate_limited"), "{last}");
}
