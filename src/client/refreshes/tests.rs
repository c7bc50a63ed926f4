use super::*;
use crate::session::Product;
use RefreshClass::{Unverified, Verified};

const NOW: UnixSeconds = 1_800_000_000.0;
const LIMITS: RefreshLimits = RefreshLimits {
    timeout_ms: 5_000,
    unverified_refreshes: Some(100),
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

fn call<'a>(owner: &'a RefreshOwner, class: RefreshClass, credential: &'a str) -> RefreshCall<'a> {
    RefreshCall {
        owner,
        is_isolated: false,
        class,
        credential,
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
    let call = call(&owner, Verified, "jwt");
    let mut now = NOW;
    for expected in [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
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
        assert_eq!(
            refreshes.admit(&call, &LIMITS, NOW),
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
    for (owner, class, pauses) in [
        (&a, Unverified, true),
        (&a, Verified, false),
        (&owner("b"), Unverified, false),
        (&isolated, Unverified, false),
    ] {
        let admission = refreshes.admit(&call(owner, class, "x"), &LIMITS, NOW);
        assert_eq!(waits(admission).is_some(), pauses, "{owner:?} {class:?}");
    }
    let off = RefreshLimits {
        max_pause_seconds: 0.0,
        ..LIMITS
    };
    let b = owner("c");
    let call = call(&b, Verified, "x");
    assert_eq!(refreshes.settle(&call, FAILED, NOW, (&off, NOW)), None);
    assert_eq!(refreshes.admit(&call, &off, NOW), Admission::Proceed);
}

#[test]
fn an_abandoned_probe_is_not_a_failure_and_another_call_is_the_probe() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "jwt");
    make(&mut refreshes, &call, FAILED, NOW);
    let after = NOW + 0.5;
    assert_eq!(refreshes.admit(&call, &LIMITS, after), Admission::Proceed);
    assert!(waits(refreshes.admit(&call, &LIMITS, after)).is_some());
    refreshes.abandon(&owner, Verified);
    assert_eq!(refreshes.admit(&call, &LIMITS, after), Admission::Proceed);
    // A probe that never ends does not block for longer than 30 seconds.
    assert!(waits(refreshes.admit(&call, &LIMITS, after + 29.0)).is_some());
    assert_eq!(
        refreshes.admit(&call, &LIMITS, after + 30.0),
        Admission::Proceed
    );
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
fn a_clock_that_goes_back_ends_pauses() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "jwt");
    make(&mut refreshes, &call, FAILED, NOW);
    assert_eq!(
        refreshes.admit(&call, &LIMITS, NOW - 3_600.0),
        Admission::Proceed
    );
}

#[test]
fn a_skewed_session_is_refreshed_once_per_minute() {
    let mut refreshes = Refreshes::new();
    assert!(refreshes.may_refresh_skewed("a", NOW));
    assert!(!refreshes.may_refresh_skewed("a", NOW + 59.0));
    assert!(refreshes.may_refresh_skewed("b", NOW + 59.0));
    assert!(refreshes.may_refresh_skewed("a", NOW + 60.0));
    for number in 0..2_000 {
        refreshes.may_refresh_skewed(&number.to_string(), NOW + 61.0);
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
    ] {
        assert_eq!(refreshes.may_report(kind, now), expected, "{kind:?} {now}");
    }
}
