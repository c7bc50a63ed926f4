//! Probes after a pause: an API that does not respond, and callers that abort their requests.

use super::*;

/// 100 calls per second for 60 seconds. Each request fails after 5 seconds.
#[test]
fn an_api_that_does_not_respond_receives_one_probe_per_second() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "a");
    let mut running: Vec<(f64, u32)> = Vec::new();
    let mut per_second = [0u32; 120];
    for tick in 0..6000u32 {
        let now = f64::from(tick) / 100.0;
        while let Some((began, at)) = running.first().copied() {
            if at > tick {
                break;
            }
            running.remove(0);
            refreshes.settle(&call, FAILED, began, (&LIMITS, now));
        }
        if refreshes.admit(&call, &LIMITS, now) == Admission::Proceed {
            per_second[(tick / 100) as usize] += 1;
            running.push((now, tick + 500));
        }
    }
    assert!(per_second[5..60].iter().sum::<u32>() <= 60);
}

#[test]
fn aborted_probes_do_not_remove_the_pause() {
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = call(&owner, Verified, "a");
    refreshes.admit(&call, &LIMITS, 0.0);
    refreshes.settle(&call, FAILED, 0.0, (&LIMITS, 5.0));
    let mut admitted = 0;
    for tick in 600..3600u32 {
        let now = f64::from(tick) / 100.0;
        if refreshes.admit(&call, &LIMITS, now) == Admission::Proceed {
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
    let (mut refreshes, owner) = (Refreshes::new(), owner("a"));
    let call = |subject| call(&owner, Unverified, subject);
    refreshes.admit(&call("a"), &LIMITS, 0.0);
    refreshes.settle(&call("a"), FAILED, 0.0, (&LIMITS, 1.0));
    // The API responds from second 1 on. An attacker sends 20 calls per second and aborts them; another user sends one per second.
    let (mut sent, mut refused, mut first) = (0, 0, None);
    for tick in 150..200_000u32 {
        let now = f64::from(tick) / 100.0;
        if tick % 5 == 0 && refreshes.admit(&call("attacker"), &LIMITS, now) == Admission::Proceed {
            sent += 1;
        }
        if tick % 100 == 99 {
            if refreshes.admit(&call("user"), &LIMITS, now) == Admission::Proceed {
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
    let (mut refreshes, owner) = (Refreshes::new(), owner("hush-secret"));
    let call = call(&owner, Verified, "hush-credential");
    refreshes.settle(&call, RefreshResult::SessionNotFound, 0.0, (&LIMITS, 0.0));
    refreshes.settle(&call, FAILED, 0.0, (&LIMITS, 0.0));
    refreshes.may_refresh_skewed("session-hush", None, 0.0);
    let text = format!("{refreshes:?}");
    assert!(!text.contains("hush"), "{text}");
}
