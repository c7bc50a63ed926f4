//! The limits for refreshes: floods and outages do not reach the API unbounded, and do not affect other users.

use serde_json::json;
use stytch_edge::client::{Reason, RefreshLimits, RemoteFallback, VerdictWithCookies};

use super::attacks::{permission, policy, role_token};
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
    shell.revoke(&login);
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
        // Without the session token, which would be used instead of a session that does not exist.
        let cookies = format!("stytch_session_jwt={}", login.session_jwt);
        shell.authenticate(None, Some(&cookies), &Options::failing(fault));
        let decided = shell.cookies(&cookies);
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
            let decided =
                shell.authenticate(None, Some(&login.cookies()), &Options::failing(fault));
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
    let failed = Options::failing(Fault::Status(500, ""));
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
            &Options::failing(Fault::Status(status, "x")),
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
        &Options::failing(Fault::Status(500, "")),
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

/// A request with a JWT of a session that is valid from `seconds` on.
fn early_of(shell: &mut Shell, seconds: i64, session: &str) -> String {
    let now = shell.now;
    let claims = json!({
        "nbf": now + seconds, "iat": now, "exp": now + 300,
        "https://stytch.com/session": { "id": session, "started_at": "2027-01-15T07:00:00Z" },
    });
    let jwt = token(shell, json!({ "claims": claims }));
    format!("stytch_session_jwt={jwt}")
}

fn early(shell: &mut Shell, seconds: i64) -> String {
    early_of(shell, seconds, "session-test-1")
}

#[test]
fn each_session_that_is_not_valid_yet_is_refreshed_once_per_minute() {
    let (mut shell, _) = consumer();
    let sessions = ["session-test-1", "session-test-2"];
    let requests = sessions.map(|session| early_of(&mut shell, 200, session));
    for (seconds, expected) in [(0, 1), (59, 0), (1, 1)] {
        shell.now += seconds;
        for cookies in &requests {
            // The API refuses these sessions, which it does not know.
            shell.cookies(cookies);
            assert_eq!(shell.sent, expected, "{seconds}");
        }
    }
}

#[test]
fn a_jwt_that_is_not_valid_yet_triggers_no_request_for_a_given_time_or_without_remote_fallback() {
    let (mut shell, _) = consumer();
    let cookies = early(&mut shell, 60);
    let now = Some(shell.now as f64);
    let fallback = RemoteFallback::Never;
    for options in [
        Options {
            now,
            ..Options::default()
        },
        Options {
            fallback,
            ..Options::default()
        },
    ] {
        let decided = shell.authenticate(None, Some(&cookies), &options);
        assert_eq!(reason(&decided), ("unauthenticated", "not_yet_valid"));
        assert_eq!(shell.sent, 0);
    }
}

#[test]
fn a_longer_tolerance_of_the_caller_remains_and_exp_has_none_by_default() {
    let (mut shell, login) = consumer();
    let cookies = early(&mut shell, 60);
    let tolerance = Options {
        tolerance: 60.0,
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&cookies), &tolerance);
    assert_eq!(reason(&decided).0, "authenticated");
    assert_eq!(shell.sent, 0);
    shell.now += 301;
    let decided = shell.cookies(&login.cookies());
    assert_eq!(reason(&decided), ("authenticated", "remote"));
}

#[test]
fn a_jwt_from_the_future_is_refused_if_its_age_is_limited() {
    let (mut shell, _) = consumer();
    let now = shell.now;
    let options = Options {
        max_token_age: Some(60.0),
        ..Options::default()
    };
    for (seconds, expected) in [(5, "authenticated"), (6, "unauthenticated")] {
        let claims = json!({ "iat": now + seconds, "nbf": now, "exp": now + 300 });
        let jwt = token(&mut shell, json!({ "claims": claims }));
        let cookies = format!("stytch_session_jwt={jwt}");
        let decided = shell.authenticate(None, Some(&cookies), &options);
        assert_eq!(decided.verdict.status(), expected, "{seconds}");
    }
}

#[test]
fn only_a_jwt_with_a_verified_signature_is_outside_of_the_budget() {
    let (mut shell, login) = consumer();
    shell.config.refreshes.unverified_refreshes = Some(0);
    let early = early(&mut shell, 60);
    assert_eq!(shell.cookies(&early).verdict.status(), "unauthenticated");
    assert_eq!(shell.sent, 1, "not valid yet");
    let jwt = format!("stytch_session_jwt={}", login.session_jwt);
    let too_old = Options {
        max_token_age: Some(0.0),
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&jwt), &too_old);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    let session_token = format!("stytch_session={}", login.session_token);
    let decided = shell.cookies(&session_token);
    assert_eq!(reason(&decided), ("unavailable", "rate_limited"));
    shell.now += 301;
    let decided = shell.cookies(&jwt);
    assert_eq!(reason(&decided), ("authenticated", "remote"), "expired");
    // A valid JWT without the permission, if the API is called for every JWT.
    policy(&mut shell);
    let now = shell.now;
    let without_role = role_token(&mut shell, "user", json!([]), now, now + 300);
    let always = Options {
        fallback: RemoteFallback::Always,
        requirement: permission(),
        ..Options::default()
    };
    let cookies = format!("stytch_session_jwt={without_role}");
    let decided = shell.authenticate(None, Some(&cookies), &always);
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    // Without keys, the signature cannot be verified.
    let (mut shell, login) = super::fixture::consumer();
    shell.config.refreshes.unverified_refreshes = Some(0);
    let without_keys = Options {
        faults: Faults {
            keys: Some(Fault::Unanswered(Reason::ApiUnavailable)),
            ..Faults::default()
        },
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&login.cookies()), &without_keys);
    assert_eq!(reason(&decided), ("unavailable", "rate_limited"));
}

#[test]
fn isolated_clients_have_budgets_of_their_own() {
    let (mut flooded, _) = consumer();
    for number in 0..150 {
        made_up(&mut flooded, number);
    }
    let (mut other, _) = consumer();
    let decided = made_up(&mut other, 0);
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
}

#[test]
fn a_defect_of_this_library_or_an_aborted_request_does_not_pause() {
    for (cause, word) in [
        (Reason::Internal, "internal"),
        (Reason::Aborted, "api_unavailable"),
    ] {
        let (mut shell, login) = consumer();
        shell.now += 301;
        let failing = Options::failing(Fault::Unanswered(cause));
        let decided = shell.authenticate(None, Some(&login.cookies()), &failing);
        assert_eq!(reason(&decided), ("unavailable", word));
        let decided = shell.cookies(&login.cookies());
        assert_eq!(reason(&decided), ("authenticated", "remote"));
    }
}

#[test]
fn only_an_unavailable_verdict_has_the_response_of_the_api() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    let refused = Fault::Status(403, "session_authorization_error");
    let decided = shell.authenticate(None, Some(&login.cookies()), &Options::failing(refused));
    assert_eq!(reason(&decided), ("forbidden", "invalid_permissions"));
    assert_eq!(decided.refusal, None);
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
