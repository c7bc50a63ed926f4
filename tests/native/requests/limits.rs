//! The limits for refreshes: floods and outages do not reach the API unbounded, and do not affect other users.

use serde_json::json;
use stytch_edge::client::{Reason, RefreshLimits, VerdictWithCookies};

use super::fixture::{Login, Options, reason};
use crate::{
    session_checks::token,
    shell::{Fault, Faults, Shell},
};

/// A user with a session, whose project's keys are loaded.
fn consumer() -> (Shell, Login) {
    let (mut shell, login) = super::fixture::consumer();
    shell.cookies(&login.cookies());
    (shell, login)
}

fn failing(fault: Fault) -> Options {
    Options {
        faults: Faults {
            sessions: Some(fault),
            ..Faults::default()
        },
        ..Options::default()
    }
}

/// The verdict on a request with a made-up session token.
fn made_up(shell: &mut Shell, number: usize) -> VerdictWithCookies {
    shell.cookies(&format!("stytch_session=made-up-{number}"))
}

#[test]
fn a_thousand_made_up_session_tokens_trigger_100_requests_in_10_seconds() {
    let (mut shell, login) = consumer();
    let mut sent = 0;
    for number in 0..1_000 {
        let decided = made_up(&mut shell, number);
        sent += shell.sent;
        if number < 100 {
            assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
        } else {
            assert_eq!(reason(&decided), ("unavailable", "rate_limited"));
            assert!(decided.set_cookies.is_empty());
            assert_eq!(decided.retry_after, Some(10.0));
        }
    }
    assert_eq!(sent, 100);
    // A user with a verified JWT is refreshed during the flood.
    shell.now += 301;
    for number in 0..200 {
        made_up(&mut shell, 2_000 + number);
    }
    let decided = shell.cookies(&login.cookies());
    assert_eq!(
        (reason(&decided), shell.sent),
        (("authenticated", "remote"), 1)
    );
}

#[test]
fn the_limit_can_be_changed_and_disabled() {
    for (limit, expected) in [(Some(3), 3), (None, 150), (Some(0), 0)] {
        let (mut shell, _) = consumer();
        shell.config.refreshes.unverified_refreshes = limit;
        let sent: usize = (0..150)
            .map(|number| {
                made_up(&mut shell, number);
                shell.sent
            })
            .sum();
        assert_eq!(sent, expected, "{limit:?}");
    }
}

#[test]
fn a_refused_session_triggers_one_request_in_10_seconds() {
    let (mut shell, login) = consumer();
    shell.call(
        "POST",
        "/v1/sessions/revoke",
        json!({ "session_token": login.session_token }),
    );
    shell.now += 301;
    // The JWT and the session token are two credentials.
    for (cookies, expected) in [
        ("stytch_session=made-up".to_owned(), 1),
        (login.cookies(), 2),
    ] {
        let mut sent = 0;
        for _ in 0..200 {
            let decided = shell.cookies(&cookies);
            sent += shell.sent;
            assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
            assert!(
                !decided.set_cookies.is_empty(),
                "the cookies are cleared each time"
            );
        }
        assert_eq!(sent, expected);
    }
    shell.now += 10;
    shell.cookies("stytch_session=made-up");
    assert_eq!(shell.sent, 1);
    shell.config.secret = stytch_edge::client::Secret::new("another");
    shell.cookies("stytch_session=made-up");
    assert_eq!(shell.sent, 1, "another secret");
}

#[test]
fn only_a_session_that_does_not_exist_is_remembered() {
    for fault in [
        Fault::Status(401, "unauthorized_credentials"),
        Fault::Status(403, "session_authorization_error"),
    ] {
        let (mut shell, login) = consumer();
        shell.now += 301;
        shell.authenticate(None, Some(&login.cookies()), &failing(fault));
        let decided = shell.cookies(&login.cookies());
        assert_eq!(reason(&decided), ("authenticated", "remote"), "{fault:?}");
    }
}

#[test]
fn refreshes_pause_after_failures_and_the_verdict_says_for_how_long() {
    for (fault, word) in [
        (Fault::Status(429, "too_many_requests"), "rate_limited"),
        (
            Fault::Status(500, "internal_server_error"),
            "api_unavailable",
        ),
        (Fault::Unanswered(Reason::Timeout), "timeout"),
        (Fault::Unanswered(Reason::ApiUnavailable), "api_unavailable"),
    ] {
        let (mut shell, login) = consumer();
        shell.now += 301;
        let mut sent = 0;
        for _ in 0..100 {
            let decided = shell.authenticate(None, Some(&login.cookies()), &failing(fault));
            sent += shell.sent;
            assert_eq!(reason(&decided), ("unavailable", word));
            assert!(decided.set_cookies.is_empty());
            // 0.5 seconds, and 0.5 more for the session whose call has failed.
            assert!(shell.sent == 1 || decided.retry_after == Some(1.0));
        }
        assert_eq!(sent, 1, "{fault:?}");
        // After the pause one call is a probe, and a success ends the pauses.
        shell.now += 1;
        let decided = shell.cookies(&login.cookies());
        assert_eq!(reason(&decided), ("authenticated", "remote"));
        let decided = shell.cookies(&login.cookies());
        assert_eq!(reason(&decided), ("authenticated", "remote"));
    }
}

#[test]
fn failures_of_calls_without_a_verified_jwt_do_not_pause_those_with_one() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    shell.now += 301;
    let failed = failing(Fault::Status(500, ""));
    shell.authenticate(None, Some("stytch_session=made-up"), &failed);
    let decided = made_up(&mut shell, 1);
    assert_eq!(
        (reason(&decided), shell.sent),
        (("unavailable", "api_unavailable"), 0)
    );
    let decided = shell.cookies(&login.cookies());
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    // And the other way round.
    shell.authenticate(None, Some(&login.cookies()), &failed);
    shell.now += 1;
    assert_eq!(
        reason(&made_up(&mut shell, 2)),
        ("unauthenticated", "session_not_found")
    );
}

#[test]
fn other_error_statuses_do_not_pause() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    for status in [400, 401, 403, 404] {
        let decided = shell.authenticate(
            None,
            Some(&login.cookies()),
            &failing(Fault::Status(status, "x")),
        );
        assert_eq!(
            (reason(&decided), shell.sent),
            (("unavailable", "misconfigured"), 1),
            "{status}"
        );
        assert_eq!(decided.refusal.unwrap().status_code, status);
    }
}

#[test]
fn reset_forgets_refusals_and_pauses() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    shell.authenticate(
        None,
        Some(&login.cookies()),
        &failing(Fault::Status(500, "")),
    );
    made_up(&mut shell, 1);
    shell.run(async |core| core.reset());
    let decided = shell.cookies(&login.cookies());
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    made_up(&mut shell, 1);
    assert_eq!(shell.sent, 1);
}

#[test]
fn a_jwt_is_valid_5_seconds_before_nbf_and_a_refresh_is_tried_once_per_minute_beyond() {
    let (mut shell, _) = consumer();
    let now = shell.now;
    let early = |shell: &mut Shell, seconds: i64| {
        let claims = json!({ "claims": { "nbf": now + seconds, "iat": now, "exp": now + 300 } });
        format!("stytch_session_jwt={}", token(shell, claims))
    };
    let cookies = early(&mut shell, 5);
    assert_eq!(reason(&shell.cookies(&cookies)).0, "authenticated");
    let cookies = early(&mut shell, 6);
    let mut sent = 0;
    for _ in 0..50 {
        shell.cookies(&cookies);
        sent += shell.sent;
    }
    assert_eq!(sent, 1);
}

#[test]
fn the_limits_have_documented_defaults() {
    let RefreshLimits {
        timeout_ms,
        unverified_refreshes,
        session_refreshes,
        refused_session_seconds,
        max_pause_seconds,
    } = RefreshLimits::default();
    let found = (
        timeout_ms,
        unverified_refreshes,
        session_refreshes,
        refused_session_seconds,
        max_pause_seconds,
    );
    assert_eq!(found, (5_000, Some(100), Some(100), 10.0, 30.0));
}
