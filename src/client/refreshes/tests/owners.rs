//! One client or class does not affect another, except by the budget of the isolate.

use super::*;

#[test]
fn clients_that_are_not_isolated_share_one_budget() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let with_keys_of_its_own = RefreshOwner {
        source: 1,
        ..owner.clone()
    };
    let flood = call(&owner, Unverified, "t");
    for _ in 0..100 {
        make(&mut refreshes, &flood, RefreshResult::Answered, NOW);
    }
    let other = call(&with_keys_of_its_own, Unverified, "t");
    assert_eq!(waits(refreshes.admit(&other, &LIMITS, NOW)), Some(10.0));
}

#[test]
fn a_response_ends_the_pauses_of_the_same_client_and_class_only() {
    let (a, b) = (owner("a"), owner("b"));
    let calls = [(&a, Verified), (&a, Unverified), (&b, Verified)];
    for result in [RefreshResult::Answered, RefreshResult::SessionNotFound] {
        let mut refreshes = Refreshes::new();
        for (owner, class) in calls {
            make(&mut refreshes, &call(owner, class, "x"), FAILED, NOW);
        }
        let answered = call(&a, Verified, "y");
        refreshes.settle(&answered, result, NOW, (&LIMITS, NOW));
        let pauses = calls.map(|(owner, class)| {
            let call = call(owner, class, "z");
            waits(refreshes.admit(&call, &LIMITS, NOW)).is_some()
        });
        assert_eq!(pauses, [false, true, true], "{result:?}");
    }
}

#[test]
fn forgets_the_refusals_and_pauses_of_one_client_of_a_project() {
    let a = owner("a");
    let other_project = RefreshOwner {
        issuer: Issuer {
            project_id: "project-test-2".to_owned(),
            ..a.issuer.clone()
        },
        ..a.clone()
    };
    let other_keys = RefreshOwner {
        source: 1,
        ..a.clone()
    };
    let owners = [&a, &other_project, &other_keys];
    let mut refreshes = Refreshes::new();
    let budget = call(&a, Unverified, "t");
    for _ in 0..100 {
        make(&mut refreshes, &budget, RefreshResult::Answered, NOW);
    }
    let (busy, failing) = (call(&a, Verified, "busy"), call(&a, Verified, "failing"));
    for _ in 0..100 {
        make(&mut refreshes, &busy, RefreshResult::Answered, NOW);
    }
    make(&mut refreshes, &failing, FAILED, NOW);
    refreshes.settle(&busy, RefreshResult::Answered, NOW, (&LIMITS, NOW));
    for call in [busy, failing] {
        assert!(waits(refreshes.admit(&call, &LIMITS, NOW)).is_some());
    }
    for owner in owners {
        let refused = call(owner, Verified, "refused");
        make(
            &mut refreshes,
            &refused,
            RefreshResult::SessionNotFound,
            NOW,
        );
        make(&mut refreshes, &call(owner, Verified, "x"), FAILED, NOW);
    }
    refreshes.forget(&a.issuer, 0);
    let kept = owners.map(|owner| {
        let pause = refreshes.admit(&call(owner, Verified, "x"), &LIMITS, NOW);
        let refusal = refreshes.admit(&call(owner, Verified, "refused"), &LIMITS, NOW);
        (waits(pause).is_some(), refusal == Admission::KnownRefusal)
    });
    assert_eq!(kept, [(false, false), (true, true), (true, true)]);
    for call in [busy, failing] {
        let admission = refreshes.admit(&call, &LIMITS, NOW);
        assert_eq!(admission, Admission::Proceed, "one session");
    }
    let budget = refreshes.admit(&budget, &LIMITS, NOW);
    assert!(waits(budget).is_some(), "the budget remains");
}

#[test]
fn remembers_the_pauses_and_budgets_of_at_most_256_clients() {
    let limits = RefreshLimits {
        unverified_refreshes: Some(1),
        ..LIMITS
    };
    let a = owner("a");
    let owners: Vec<_> = (0..257)
        .map(|source| RefreshOwner {
            source,
            ..a.clone()
        })
        .collect();
    let mut refreshes = Refreshes::new();
    for owner in &owners {
        make(&mut refreshes, &call(owner, Verified, "x"), FAILED, NOW);
        let isolated = RefreshCall {
            is_isolated: true,
            ..call(owner, Unverified, "t")
        };
        refreshes.admit(&isolated, &limits, NOW);
    }
    let mut waits_of = |number: usize, class| {
        let isolated = RefreshCall {
            is_isolated: true,
            ..call(&owners[number], class, "t")
        };
        waits(refreshes.admit(&isolated, &limits, NOW)).is_some()
    };
    for class in [Verified, Unverified] {
        assert!(waits_of(1, class) && waits_of(256, class), "{class:?}");
        assert!(!waits_of(0, class), "{class:?}");
    }
}

#[test]
fn a_refused_session_token_that_equals_the_id_of_a_session_does_not_refuse_that_session() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let (token, session) = (call(&owner, Unverified, "x"), call(&owner, Verified, "x"));
    make(&mut refreshes, &token, RefreshResult::SessionNotFound, NOW);
    let admission = refreshes.admit(&session, &LIMITS, NOW);
    assert_eq!(admission, Admission::Proceed);
}
