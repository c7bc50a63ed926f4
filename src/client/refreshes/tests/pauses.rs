//! Pauses: their reason, and clocks that go back.

use super::*;

#[test]
fn a_clock_that_goes_back_ends_pauses_and_probes() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "jwt");
    let earlier = NOW - 3_600.0;
    make(&mut refreshes, &call, FAILED, NOW);
    // A session whose call has failed is not the next probe.
    let call = RefreshCall {
        subject: "other",
        ..call
    };
    for now in [earlier, NOW + 0.5, earlier + 1.0] {
        let admission = refreshes.admit(&call, &LIMITS, now);
        assert_eq!(admission, Admission::Proceed, "{now}");
    }
    let pause = refreshes.settle(&call, FAILED, earlier, (&LIMITS, earlier + 1.0));
    assert_eq!(pause, Some(1.0), "this failure is not concurrent");
}

#[test]
fn a_pause_has_the_reason_of_the_last_failure() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "jwt");
    make(&mut refreshes, &call, FAILED, NOW);
    let failed = RefreshResult::Failed {
        reason: Reason::Timeout,
        retry_after: None,
    };
    make(&mut refreshes, &call, failed, NOW + 1.0);
    let Admission::Later { reason, .. } = refreshes.admit(&call, &LIMITS, NOW + 1.0) else {
        panic!("no pause")
    };
    assert_eq!(reason, Reason::Timeout);
}

#[test]
fn the_pause_of_one_session_ends_exactly_and_with_one_probe() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let (failing, other) = (call(&owner, Verified, "a"), call(&owner, Verified, "b"));
    make(&mut refreshes, &failing, FAILED, NOW);
    make(&mut refreshes, &other, RefreshResult::Answered, NOW + 0.5);
    assert!(waits(refreshes.admit(&failing, &LIMITS, NOW + 0.75)).is_some());
    let probe = refreshes.admit(&failing, &LIMITS, NOW + 1.0);
    assert_eq!(probe, Admission::Proceed);
    assert!(waits(refreshes.admit(&failing, &LIMITS, NOW + 1.0)).is_some());
}
