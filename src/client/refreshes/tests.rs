use super::*;
use crate::session::Product;
use RefreshClass::{Unverified, Verified};

mod owners;
mod pauses;
mod probes;

const NOW: UnixSeconds = 1_800_000_000.0;
const LIMITS: RefreshLimits = RefreshLimits {
    timeout_ms: 5_000,
    unverified_refreshes: Some(100),
    session_refreshes: Some(100),
    refused_session_seconds: 10.0,
    max_pause_seconds: 30.0,
};
const FAILED: RefreshResult = RefreshResult::Failed {
    reason: Reason::ApiUnavailable,
    retry_after: None,
};

fn owner(secret: &str) -> RefreshOwner {
    RefreshOwner {
        issuer: Issuer {
            product: Product::Consumer,
            project_id: "project-test-1".to_owned(),
            base_url: "https://test.stytch.com/".to_owned(),
        },
        source: 0,
        secret: Secret::new(secret),
    }
}

fn call<'a>(owner: &'a RefreshOwner, class: RefreshClass, subject: &'a str) -> RefreshCall<'a> {
    RefreshCall {
        owner,
        is_isolated: false,
        class,
        subject,
    }
}

/// Makes a call that ends at once with a result. Returns the decision about it.
fn make(
    refreshes: &mut Refreshes,
    call: &RefreshCall<'_>,
    result: RefreshResult,
    now: UnixSeconds,
) -> Admission {
    let admission = refreshes.admit(call, &LIMITS, now);
    if admission == Admission::Proceed {
        refreshes.settle(call, result, now, (&LIMITS, now));
    }
    admission
}

fn waits(admission: Admission) -> Option<UnixSeconds> {
    match admission {
        Admission::Later { retry_after, .. } => Some(retry_after),
        _ => None,
    }
}

#[test]
fn the_budget_limits_calls_in_every_10_seconds() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let mut sent = Vec::new();
    for step in 0..400 {
        let now = NOW + f64::from(step) * 0.05;
        let credential = step.to_string();
        let call = call(&owner, Unverified, &credential);
        if make(&mut refreshes, &call, RefreshResult::Answered, now) == Admission::Proceed {
            sent.push(now);
        }
    }
    assert_eq!(sent.len(), 200, "20 seconds");
    for first in &sent {
        let window = sent
            .iter()
            .filter(|at| (0.0..10.0).contains(&(**at - first)));
        assert!(window.count() <= 100);
    }
}

#[test]
fn the_budget_says_when_the_next_call_fits() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Unverified, "t");
    for _ in 0..100 {
        assert_eq!(
            make(&mut refreshes, &call, RefreshResult::Answered, NOW),
            Admission::Proceed
        );
    }
    let over = make(&mut refreshes, &call, RefreshResult::Answered, NOW + 4.0);
    assert_eq!(
        over,
        Admission::Later {
            reason: Reason::RateLimited,
            retry_after: 6.0,
            is_over_budget: true
        }
    );
    assert_eq!(
        make(&mut refreshes, &call, RefreshResult::Answered, NOW + 10.0),
        Admission::Proceed
    );
    for _ in 0..99 {
        make(&mut refreshes, &call, RefreshResult::Answered, NOW + 10.0);
    }
    assert!(waits(refreshes.admit(&call, &LIMITS, NOW + 10.0)).is_some());
    assert_eq!(
        make(&mut refreshes, &call, RefreshResult::Answered, NOW - 1.0),
        Admission::Proceed,
        "the clock went back"
    );
}

#[test]
fn the_budget_of_unverified_calls_does_not_affect_verified_calls_or_isolated_clients() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let flood = call(&owner, Unverified, "t");
    for _ in 0..300 {
        make(&mut refreshes, &flood, RefreshResult::Answered, NOW);
    }
    let honest = call(&owner, Verified, "jwt");
    let isolated_owner = RefreshOwner {
        source: 7,
        ..owner.clone()
    };
    let isolated = RefreshCall {
        is_isolated: true,
        ..call(&isolated_owner, Unverified, "t")
    };
    for call in [honest, isolated] {
        assert_eq!(
            make(&mut refreshes, &call, RefreshResult::Answered, NOW),
            Admission::Proceed
        );
    }
    let off = RefreshLimits {
        unverified_refreshes: None,
        ..LIMITS
    };
    assert_eq!(refreshes.admit(&flood, &off, NOW), Admission::Proceed);
    let none = RefreshLimits {
        unverified_refreshes: Some(0),
        ..LIMITS
    };
    assert_eq!(waits(refreshes.admit(&flood, &none, NOW)), Some(10.0));
}

#[test]
fn a_refused_session_is_refused_for_10_seconds_for_the_same_credential_and_secret() {
    let (mut refreshes, a, b) = (Refreshes::new(), owner("a"), owner("b"));
    let refused = call(&a, Unverified, "token");
    make(
        &mut refreshes,
        &refused,
        RefreshResult::SessionNotFound,
        NOW,
    );
    for (call, now, expected) in [
        (refused, NOW + 9.9, Admission::KnownRefusal),
        (refused, NOW + 10.0, Admission::Proceed),
        (refused, NOW - 1.0, Admission::Proceed),
        (call(&a, Unverified, "token2"), NOW, Admission::Proceed),
        (call(&a, Unverified, "toke"), NOW, Admission::Proceed),
        (call(&b, Unverified, "token"), NOW, Admission::Proceed),
    ] {
        assert_eq!(refreshes.admit(&call, &LIMITS, now), expected, "{now}");
    }
    let off = RefreshLimits {
        refused_session_seconds: 0.0,
        ..LIMITS
    };
    assert_eq!(refreshes.admit(&refused, &off, NOW), Admission::Proceed);
    let not_found = RefreshResult::SessionNotFound;
    let mut without_memory = Refreshes::new();
    without_memory.settle(&refused, not_found, NOW, (&off, NOW));
    assert_eq!(without_memory.refusals.entries.len(), 0);
}

#[test]
fn remembers_only_refusals_and_at_most_1000_of_1_mebibyte() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    make(
        &mut refreshes,
        &call(&owner, Verified, "x"),
        RefreshResult::Answered,
        NOW,
    );
    assert_eq!(refreshes.refusals.entries.len(), 0);
    for number in 0..1_500 {
        let credential = number.to_string();
        let call = call(&owner, Verified, &credential);
        make(&mut refreshes, &call, RefreshResult::SessionNotFound, NOW);
    }
    assert_eq!(refreshes.refusals.entries.len(), 1_000);
    assert_eq!(
        refreshes.admit(&call(&owner, Verified, "499"), &LIMITS, NOW),
        Admission::Proceed
    );
    assert_eq!(
        refreshes.admit(&call(&owner, Verified, "500"), &LIMITS, NOW),
        Admission::KnownRefusal
    );
    for letter in ["a", "b", "c"] {
        let credential = letter.repeat(500_000);
        let call = call(&owner, Verified, &credential);
        make(&mut refreshes, &call, RefreshResult::SessionNotFound, NOW);
    }
    assert_eq!(refreshes.refusals.entries.len(), 2);
    refreshes.forget(&owner.issuer, 0);
    assert_eq!(
        (refreshes.refusals.entries.len(), refreshes.refusals.bytes),
        (0, 0)
    );
}

#[test]
fn pauses_grow_to_30_seconds_and_end_with_one_probe() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let mut now = NOW;
    // In turns, because a session whose call has failed is not the next probe.
    let sessions = [call(&owner, Verified, "a"), call(&owner, Verified, "b")];
    let expected = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0];
    for (expected, call) in expected.into_iter().zip(sessions.into_iter().cycle()) {
        assert_eq!(
            refreshes.admit(&call, &LIMITS, now),
            Admission::Proceed,
            "the probe"
        );
        let other = refreshes.admit(&call, &LIMITS, now);
        let is_first = now <= NOW;
        assert_eq!(
            waits(other).is_none(),
            is_first,
            "the others pause during a probe"
        );
        let pause = refreshes.settle(&call, FAILED, now, (&LIMITS, now));
        assert_eq!(pause, Some(expected));
        let almost = now + expected - 0.01;
        assert!(waits(refreshes.admit(&call, &LIMITS, almost)).is_some());
        now += expected;
    }
    let [call, _] = sessions;
    assert_eq!(
        make(&mut refreshes, &call, RefreshResult::Answered, now),
        Admission::Proceed
    );
    assert_eq!(
        make(&mut refreshes, &call, RefreshResult::Answered, now),
        Admission::Proceed
    );
}

#[test]
fn concurrent_failures_count_once() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "jwt");
    for _ in 0..50 {
        assert_eq!(refreshes.admit(&call, &LIMITS, NOW), Admission::Proceed);
    }
    assert_eq!(
        refreshes.settle(&call, FAILED, NOW, (&LIMITS, NOW + 5.0)),
        Some(0.5)
    );
    for _ in 1..50 {
        assert_eq!(
            refreshes.settle(&call, FAILED, NOW, (&LIMITS, NOW + 5.1)),
            None
        );
    }
}

#[test]
fn retry_after_lengthens_a_pause_up_to_the_limit() {
    for (retry_after, expected) in [
        (Some(0.1), 0.5),
        (Some(7.0), 7.0),
        (Some(3_600.0), 30.0),
        (None, 0.5),
    ] {
        let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
        let call = call(&owner, Verified, "jwt");
        let failed = RefreshResult::Failed {
            reason: Reason::RateLimited,
            retry_after,
        };
        assert_eq!(
            refreshes.settle(&call, failed, NOW, (&LIMITS, NOW)),
            Some(expected)
        );
        let other = RefreshCall {
            subject: "other",
            ..call
        };
        assert_eq!(
            refreshes.admit(&other, &LIMITS, NOW),
            Admission::Later {
                reason: Reason::RateLimited,
                retry_after: expected,
                is_over_budget: false
            }
        );
    }
}

#[test]
fn failures_pause_only_the_same_class_secret_and_state() {
    let (mut refreshes, a) = (Refreshes::new(), owner("a"));
    make(&mut refreshes, &call(&a, Unverified, "t"), FAILED, NOW);
    let isolated = RefreshOwner {
        source: 1,
        ..a.clone()
    };
    let off = RefreshLimits {
        max_pause_seconds: 0.0,
        ..LIMITS
    };
    let unlimited = refreshes.admit(&call(&a, Unverified, "x"), &off, NOW);
    assert_eq!(unlimited, Admission::Proceed, "a client without pauses");
    for (owner, class, pauses) in [
        (&a, Unverified, true),
        (&a, Verified, false),
        (&owner("b"), Unverified, false),
        (&isolated, Unverified, false),
    ] {
        let admission = refreshes.admit(&call(owner, class, "x"), &LIMITS, NOW);
        assert_eq!(waits(admission).is_some(), pauses, "{owner:?} {class:?}");
    }
    let b = owner("c");
    let call = call(&b, Verified, "x");
    assert_eq!(refreshes.settle(&call, FAILED, NOW, (&off, NOW)), None);
    assert_eq!(refreshes.admit(&call, &off, NOW), Admission::Proceed);
}

#[test]
fn a_probe_that_never_ends_blocks_other_calls_for_one_second() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    make(&mut refreshes, &call(&owner, Verified, "a"), FAILED, NOW);
    let (probe, other) = (call(&owner, Verified, "b"), call(&owner, Verified, "c"));
    let after = NOW + 0.5;
    assert_eq!(refreshes.admit(&probe, &LIMITS, after), Admission::Proceed);
    for ms in [0.0, 0.5, 0.9] {
        assert!(waits(refreshes.admit(&other, &LIMITS, after + ms)).is_some());
    }
    let later = after + 1.0;
    assert_eq!(refreshes.admit(&other, &LIMITS, later), Admission::Proceed);
    // The late result of the first probe does not end the second one.
    refreshes.settle(&probe, FAILED, after, (&LIMITS, later));
    assert!(waits(refreshes.admit(&probe, &LIMITS, later + 0.5)).is_some());
    // A result that says nothing about the API does not end the pause.
    refreshes.settle(&other, RefreshResult::Unknown, later, (&LIMITS, later));
    assert!(waits(refreshes.admit(&other, &LIMITS, later)).is_some());
}

#[test]
fn a_session_whose_calls_fail_is_not_the_next_probe() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let (failing, other) = (call(&owner, Verified, "a"), call(&owner, Verified, "b"));
    make(&mut refreshes, &failing, FAILED, NOW);
    assert_eq!(
        waits(refreshes.admit(&failing, &LIMITS, NOW + 0.75)),
        Some(0.25)
    );
    assert_eq!(
        refreshes.admit(&other, &LIMITS, NOW + 0.75),
        Admission::Proceed
    );
}

#[test]
fn a_session_whose_calls_fail_pauses_alone_once_the_api_responds_to_others() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let (failing, other) = (call(&owner, Verified, "a"), call(&owner, Verified, "b"));
    make(&mut refreshes, &failing, FAILED, NOW);
    make(&mut refreshes, &other, RefreshResult::Answered, NOW + 0.5);
    let mut calls = 0;
    for step in 0..90 {
        let now = NOW + 0.6 + f64::from(step) / 10.0;
        calls += i32::from(make(&mut refreshes, &failing, FAILED, now) == Admission::Proceed);
        let admission = make(&mut refreshes, &other, RefreshResult::Answered, now);
        assert_eq!(admission, Admission::Proceed, "{step}");
    }
    assert!((2..=5).contains(&calls), "{calls} calls in 10 seconds");
    make(
        &mut refreshes,
        &failing,
        RefreshResult::Answered,
        NOW + 60.0,
    );
    assert_eq!(
        refreshes.admit(&failing, &LIMITS, NOW + 60.0),
        Admission::Proceed
    );
}

#[test]
fn one_session_with_a_verified_jwt_has_a_budget_of_its_own() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let (busy, other) = (call(&owner, Verified, "a"), call(&owner, Verified, "b"));
    for _ in 0..100 {
        let admission = make(&mut refreshes, &busy, RefreshResult::Answered, NOW);
        assert_eq!(admission, Admission::Proceed);
    }
    assert_eq!(waits(refreshes.admit(&busy, &LIMITS, NOW + 1.0)), Some(9.0));
    assert_eq!(
        refreshes.admit(&other, &LIMITS, NOW + 1.0),
        Admission::Proceed
    );
    assert_eq!(
        refreshes.admit(&busy, &LIMITS, NOW + 10.0),
        Admission::Proceed
    );
    assert!(
        refreshes.may_refresh_skewed("a", Some(1), NOW),
        "an isolated client has its own limit"
    );
    for number in 0..2_000 {
        let subject = number.to_string();
        let call = call(&owner, Verified, &subject);
        make(&mut refreshes, &call, RefreshResult::Answered, NOW + 11.0);
    }
    assert_eq!(refreshes.session_budgets.count(), 1_000);
}

#[test]
fn a_probe_is_not_used_up_by_a_call_over_budget() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Unverified, "t");
    for _ in 0..99 {
        make(&mut refreshes, &call, RefreshResult::Answered, NOW);
    }
    make(&mut refreshes, &call, FAILED, NOW);
    assert!(
        waits(refreshes.admit(&call, &LIMITS, NOW + 1.0)).is_some(),
        "over budget"
    );
    assert_eq!(
        refreshes.admit(&call, &LIMITS, NOW + 10.0),
        Admission::Proceed
    );
}

#[test]
fn a_skewed_session_is_refreshed_once_per_minute() {
    let mut refreshes = Refreshes::new();
    assert!(refreshes.may_refresh_skewed("a", None, NOW));
    assert!(!refreshes.may_refresh_skewed("a", None, NOW + 59.0));
    assert!(refreshes.may_refresh_skewed("b", None, NOW + 59.0));
    assert!(refreshes.may_refresh_skewed("a", None, NOW + 60.0));
    assert!(
        refreshes.may_refresh_skewed("a", None, NOW),
        "the clock went back"
    );
    assert!(
        refreshes.may_refresh_skewed("a", Some(1), NOW),
        "an isolated client has its own limit"
    );
    for number in 0..2_000 {
        refreshes.may_refresh_skewed(&number.to_string(), None, NOW + 61.0);
    }
    assert_eq!(refreshes.skewed.0.len(), 1_000);
}

#[test]
fn reports_at_most_one_event_of_a_kind_per_10_seconds() {
    let mut refreshes = Refreshes::new();
    for (kind, now, expected) in [
        (ReportKind::Budget, NOW, true),
        (ReportKind::Budget, NOW + 9.9, false),
        (ReportKind::Pause, NOW + 9.9, true),
        (ReportKind::ClockSkew, NOW + 9.9, true),
        (ReportKind::Budget, NOW + 10.0, true),
        (ReportKind::Budget, NOW, true),
    ] {
        let reported = refreshes.may_report(kind, None, now);
        assert_eq!(reported, expected, "{kind:?} {now}");
    }
    for (isolated, expected) in [(1, true), (1, false), (2, true)] {
        let reported = refreshes.may_report(ReportKind::Budget, Some(isolated), NOW);
        assert_eq!(reported, expected, "isolated client {isolated}");
    }
}
