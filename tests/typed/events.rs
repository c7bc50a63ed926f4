//! The events with which `on_event` is called: failures that do not make a call fail.

use std::sync::{Arc, Mutex};

use serde_json::json;
use stytch_edge::{ClientConfig, Event, session_cookies};

use crate::{
    checks::{check, token},
    requests::{Options, cookie},
    test_platform::{NOW, TestPlatform, run},
};

/// Sets an `on_event` that records the events as text.
pub fn events_of(config: &mut ClientConfig) -> Arc<Mutex<Vec<String>>> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let recorded = events.clone();
    config.on_event = Some(Arc::new(move |event| {
        recorded.lock().unwrap().push(match event {
            Event::KeysRefreshFailed { error } => format!("keys_refresh_failed {error}"),
            Event::PolicyRefreshFailed {
                organization_id,
                error,
            } => format!("policy_refresh_failed {organization_id:?} {error}"),
            Event::StoreFailed { operation, error } => {
                format!("store_failed {operation:?} {error}")
            }
            Event::CookieTooLarge { cookie } => format!("cookie_too_large {cookie}"),
            Event::OtherCookieMode { cookie } => format!("other_cookie_mode {cookie}"),
            Event::RefreshFailed { error } => format!("refresh_failed {error}"),
            Event::RefreshesPaused { class, seconds } => {
                format!("refreshes_paused {class:?} {seconds}")
            }
            Event::RefreshLimitReached => "refresh_limit_reached".to_owned(),
            Event::ClockSkew => "clock_skew".to_owned(),
            other => panic!("{other:?}"),
        });
    }));
    events
}

#[test]
fn keys_refresh_failed_is_reported_while_old_keys_remain_valid() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({"exp": NOW + 3_600}));
    let mut events = None;
    let client = platform.client_with(|config| events = Some(events_of(config)));
    let events = events.unwrap();
    check(&client, &jwt).unwrap();
    assert!(events.lock().unwrap().is_empty());
    platform.answer(503, "{}");
    platform.pass(601);
    check(&client, &jwt).unwrap();
    let events = events.lock().unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(
        events[0].starts_with("keys_refresh_failed ") && events[0].contains("jwks_unavailable"),
        "{events:?}"
    );
}

#[test]
fn policy_refresh_failed_names_the_organization() {
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.b2b_client_with(|config| events = Some(events_of(config)));
    let events = events.unwrap();
    run(client.load_policies(None)).unwrap();
    platform.answer(503, r#"{"error_type": "server_unavailable"}"#);
    run(client.load_policies(Some("organization-test-1"))).unwrap_err();
    platform.pass(301);
    run(client.load_policies(None)).unwrap();
    let expected = [
        r#"policy_refresh_failed Some("organization-test-1") 503 server_unavailable"#,
        "policy_refresh_failed None 503 server_unavailable",
    ];
    assert_eq!(*events.lock().unwrap(), expected);
}

#[test]
fn a_failed_refresh_and_its_pause_are_reported() {
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.client_with(|config| events = Some(events_of(config)));
    let events = events.unwrap();
    platform.answer(503, r#"{"error_type": "server_unavailable"}"#);
    for number in 0..3 {
        let cookies = format!("stytch_session=token-{number}");
        let headers = cookie(&cookies);
        let verdict = run(client.authenticate_request(headers, &Options::default())).unwrap();
        assert_eq!(verdict.refusal.is_some(), number == 0, "{verdict:?}");
        assert_eq!(verdict.retry_after_seconds.is_some(), number > 0);
    }
    let expected = [
        "refresh_failed 503 server_unavailable",
        "refreshes_paused Unverified 0.5",
    ];
    assert_eq!(*events.lock().unwrap(), expected);
    // The next pause is reported at most every 10 seconds, each failure always.
    platform.pass(1);
    let headers = cookie("stytch_session=token");
    run(client.authenticate_request(headers, &Options::default())).unwrap();
    assert_eq!(events.lock().unwrap().len(), 3);
}

#[test]
fn a_refused_client_is_reported_with_the_response_of_the_api() {
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.client_with(|config| events = Some(events_of(config)));
    let body = json!({
        "status_code": 401, "error_type": "unauthorized_credentials", "request_id": "request-id-test-1",
    });
    platform.answer(401, &body.to_string());
    let headers = cookie("stytch_session=token");
    let verdict = run(client.authenticate_request(headers, &Options::default())).unwrap();
    let refusal = verdict.refusal.unwrap();
    assert_eq!(refusal.status_code, 401);
    assert_eq!(refusal.error_type, "unauthorized_credentials");
    assert_eq!(refusal.request_id, "request-id-test-1");
    let expected = ["refresh_failed 401 unauthorized_credentials"];
    assert_eq!(*events.unwrap().lock().unwrap(), expected);
}

#[test]
fn the_limit_for_refreshes_is_reported_once_per_10_seconds_and_can_be_set() {
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.client_with(|config| {
        events = Some(events_of(config));
        config.refresh_limits.unverified_refreshes = Some(2);
    });
    platform.answer(404, r#"{"error_type": "session_not_found"}"#);
    let verdict_of = |number: i32| {
        let cookies = format!("stytch_session=token-{number}");
        run(client.authenticate_request(cookie(&cookies), &Options::default())).unwrap()
    };
    let verdicts: Vec<_> = (0..50).map(verdict_of).collect();
    assert_eq!(
        format!("{:?}", verdicts[1]),
        "RequestVerdict(session_not_found)"
    );
    for verdict in &verdicts[2..] {
        assert_eq!(format!("{verdict:?}"), "RequestVerdict(rate_limited)");
        assert_eq!(verdict.retry_after_seconds, Some(10.0));
    }
    assert_eq!(*events.unwrap().lock().unwrap(), ["refresh_limit_reached"]);
}

#[test]
fn a_jwt_that_is_not_valid_yet_is_reported_as_clock_skew() {
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.client_with(|config| events = Some(events_of(config)));
    let jwt = token(
        &platform,
        "consumer",
        json!({"nbf": NOW + 60, "exp": NOW + 360}),
    );
    let cookies = format!("stytch_session_jwt={jwt}");
    for _ in 0..3 {
        run(client.authenticate_request(cookie(&cookies), &Options::default())).unwrap();
    }
    assert_eq!(*events.unwrap().lock().unwrap(), ["clock_skew"]);
}

#[test]
fn other_cookie_mode_is_reported_once_in_ten_seconds() {
    use stytch_edge::client::{CookieMode, CookieRules};
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.client_with(|config| {
        events = Some(events_of(config));
        config.isolated = true;
        config.cookies = CookieRules::default().with_mode(CookieMode::Server);
    });
    for header in ["stytch_session=a", "stytch_session=a", "other=a", ""] {
        run(client.authenticate_request(cookie(header), &Options::default())).unwrap();
    }
    platform.pass(10);
    run(client.authenticate_request(cookie("stytch_session_jwt=a"), &Options::default())).unwrap();
    let expected = [
        "other_cookie_mode stytch_session",
        "other_cookie_mode stytch_session_jwt",
    ];
    assert_eq!(*events.unwrap().lock().unwrap(), expected);
}

#[test]
fn cookie_too_large_names_the_cookie_that_is_cleared() {
    let platform = TestPlatform::new();
    let mut events = None;
    let client = platform.client_with(|config| {
        events = Some(events_of(config));
        config.cookies.session_jwt = "jwt".to_owned();
    });
    let events = events.unwrap();
    let long = "a".repeat(5_000);
    let lines = client.session_cookies((&long, "token"), "2027-01-15T08:10:00Z");
    assert!(lines[0].starts_with("jwt=; ") && lines[0].contains("Max-Age=0"));
    assert!(lines[1].starts_with("stytch_session=token; "));
    assert_eq!(*events.lock().unwrap(), ["cookie_too_large jwt"]);

    let jwt = token(&platform, "consumer", json!({"much": long}));
    let body = json!({
        "session": {"session_id": "session-test-1", "user_id": "user-test-1"},
        "session_jwt": jwt, "session_token": "token", "status_code": 200,
    });
    platform.answer(200, &body.to_string());
    let headers = cookie("stytch_session=token");
    let verdict = run(client.authenticate_request(headers, &Options::default())).unwrap();
    assert!(verdict.set_cookies[0].starts_with("jwt=; "), "{verdict:?}");
    assert_eq!(events.lock().unwrap().len(), 2);
    // Without `on_event` the cookie is cleared as well.
    let rules = Default::default();
    let lines = session_cookies(&rules, (&long, ""), "", NOW as f64).unwrap();
    assert!(lines[0].starts_with("stytch_session_jwt=; "));
}
