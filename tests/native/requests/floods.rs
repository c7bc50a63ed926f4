//! Floods of requests, and an API that fails: what the limits for refreshes admit.

use super::attacks::{jwts, permission, policy, role_token, two};
use super::fixture::{Options, consumer};
use crate::session_checks::token;
use serde_json::json;
use stytch_edge::{
    client::{
        Admission, Reason, RefreshCall, RefreshClass, RefreshLimits, RefreshOwner, RefreshResult,
        Refreshes, RemoteFallback, Secret,
    },
    session::{Issuer, Product},
};

fn owner() -> RefreshOwner {
    RefreshOwner {
        issuer: Issuer {
            product: Product::Consumer,
            project_id: "p".into(),
            base_url: "b".into(),
        },
        source: 0,
        secret: Secret::new("s"),
    }
}

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
/// 100 calls per second for 60 seconds. Each request fails after 5 seconds.
#[test]
fn an_api_that_does_not_respond_receives_one_probe_per_second() {
    let (mut state, owner, limits) = (Refreshes::new(), owner(), RefreshLimits::default());
    let call = RefreshCall {
        owner: &owner,
        is_isolated: false,
        class: RefreshClass::Verified,
        subject: "a",
    };
    let mut running: Vec<(f64, u32)> = Vec::new();
    let mut per_second = [0u32; 120];
    for tick in 0..6000u32 {
        let now = f64::from(tick) / 100.0;
        while let Some((began, at)) = running.first().copied() {
            if at > tick {
                break;
            }
            running.remove(0);
            state.settle(
                &call,
                RefreshResult::Failed {
                    reason: Reason::Timeout,
                    retry_after: None,
                },
                began,
                (&limits, now),
            );
        }
        if state.admit(&call, &limits, now) == Admission::Proceed {
            per_second[(tick / 100) as usize] += 1;
            running.push((now, tick + 500));
        }
    }
    assert!(per_second[5..60].iter().sum::<u32>() <= 60);
}
#[test]
fn aborted_probes_do_not_remove_the_pause() {
    let (mut state, owner, limits) = (Refreshes::new(), owner(), RefreshLimits::default());
    let call = RefreshCall {
        owner: &owner,
        is_isolated: false,
        class: RefreshClass::Verified,
        subject: "a",
    };
    state.admit(&call, &limits, 0.0);
    state.settle(
        &call,
        RefreshResult::Failed {
            reason: Reason::Timeout,
            retry_after: None,
        },
        0.0,
        (&limits, 5.0),
    );
    let mut admitted = 0;
    for tick in 600..3600u32 {
        let now = f64::from(tick) / 100.0;
        if state.admit(&call, &limits, now) == Admission::Proceed {
            admitted += 1;
        }
    }
    assert!(
        admitted <= 300,
        "{admitted} requests in 30 s during an outage"
    );
}

#[test]
fn aborted_probes_do_not_keep_other_users_out() {
    let (mut state, owner, limits) = (Refreshes::new(), owner(), RefreshLimits::default());
    let call = |credential| RefreshCall {
        owner: &owner,
        is_isolated: false,
        class: RefreshClass::Unverified,
        subject: credential,
    };
    state.admit(&call("a"), &limits, 0.0);
    state.settle(
        &call("a"),
        RefreshResult::Failed {
            reason: Reason::Timeout,
            retry_after: None,
        },
        0.0,
        (&limits, 1.0),
    );
    // The API is healthy from 1.0 on. The attacker sends 20 per second and is cancelled; an honest call comes each second.
    let (mut sent, mut refused, mut first) = (0, 0, None);
    for tick in 150..200_000u32 {
        let now = f64::from(tick) / 100.0;
        if tick % 5 == 0 && state.admit(&call("attacker"), &limits, now) == Admission::Proceed {
            sent += 1;
        }
        if tick % 100 == 99 {
            if state.admit(&call("honest"), &limits, now) == Admission::Proceed {
                first = Some(now);
                break;
            }
            refused += 1;
        }
    }
    assert!(
        first.is_some_and(|first| first < 60.0),
        "{first:?}, {sent} calls, {refused} refused"
    );
}

#[test]
fn debug_of_the_state_has_no_credentials() {
    let (mut state, limits) = (Refreshes::new(), RefreshLimits::default());
    let owner = RefreshOwner {
        secret: Secret::new("hush-secret"),
        ..owner()
    };
    let call = RefreshCall {
        owner: &owner,
        is_isolated: false,
        class: RefreshClass::Verified,
        subject: "hush-credential",
    };
    state.settle(&call, RefreshResult::SessionNotFound, 0.0, (&limits, 0.0));
    state.settle(
        &call,
        RefreshResult::Failed {
            reason: Reason::Timeout,
            retry_after: None,
        },
        0.0,
        (&limits, 0.0),
    );
    state.may_refresh_skewed("session-hush", 0.0);
    let text = format!("{state:?}");
    assert!(!text.contains("hush"), "{text}");
}
