//! Pauses after failed refreshes. After each failure in a row the pause is twice as long; then one call is a probe, and
//! the other calls pause until it ends.

use super::{RefreshClass, RefreshOwner};
use crate::{
    client::{Reason, Recent},
    jwt::UnixSeconds,
};

/// The pauses, by client and class.
#[derive(Debug)]
pub(super) struct Pauses(Recent<(RefreshOwner, RefreshClass), Pause>);

#[derive(Debug)]
struct Pause {
    /// The number of failures in a row.
    failures: u32,
    /// When the last failure was counted.
    failed_at: UnixSeconds,
    /// When a probe may begin.
    ends_at: UnixSeconds,
    reason: Reason,
    /// When the current probe began.
    probe_began: Option<UnixSeconds>,
}

impl Pauses {
    pub(super) const fn new() -> Self {
        Self(Recent::new(MAX_PAUSES))
    }

    /// Returns why calls pause, and for how many seconds from now. `None` if a call may begin.
    pub(super) fn until(
        &mut self,
        owner: &RefreshOwner,
        class: RefreshClass,
        now: UnixSeconds,
    ) -> Option<(Reason, UnixSeconds)> {
        let pause = self.find(owner, class)?;
        // If the clock goes back, the remaining time can be longer than any pause. The pause is then over.
        let remaining = pause.ends_at - now;
        if remaining > 0.0 && now >= pause.failed_at {
            return Some((pause.reason, remaining));
        }
        let is_probed = pause
            .probe_began
            .is_some_and(|began| (0.0..LONGEST_PROBE_SECONDS).contains(&(now - began)));
        is_probed.then_some((pause.reason, FIRST_PAUSE_SECONDS))
    }

    /// Records that a call begins. If calls paused before, it is the probe.
    pub(super) fn begin(&mut self, owner: &RefreshOwner, class: RefreshClass, now: UnixSeconds) {
        if let Some(pause) = self.find(owner, class) {
            pause.probe_began = Some(now);
        }
    }

    /// Records a failure of the call that began at `began`, and returns the length of the pause. Of several concurrent
    /// failures, one counts.
    pub(super) fn fail(
        &mut self,
        (owner, class): (&RefreshOwner, RefreshClass),
        (reason, retry_after): (Reason, Option<UnixSeconds>),
        began: UnixSeconds,
        (longest, now): (UnixSeconds, UnixSeconds),
    ) -> Option<UnixSeconds> {
        if longest <= 0.0 {
            return None;
        }
        let pause = self.0.get_or_insert(
            |(known, known_class)| known == owner && *known_class == class,
            || {
                let pause = Pause {
                    failures: 0,
                    failed_at: f64::NEG_INFINITY,
                    ends_at: now,
                    reason,
                    probe_began: None,
                };
                ((owner.clone(), class), pause)
            },
        );
        pause.probe_began = None;
        if began < pause.failed_at && pause.failed_at <= now {
            return None;
        }
        let doublings = i32::try_from(pause.failures.min(MAX_DOUBLINGS)).unwrap_or(0);
        let growing = FIRST_PAUSE_SECONDS * 2_f64.powi(doublings);
        let seconds = growing.max(retry_after.unwrap_or(0.0)).min(longest);
        pause.failures = pause.failures.saturating_add(1);
        (pause.failed_at, pause.ends_at, pause.reason) = (now, now + seconds, reason);
        Some(seconds)
    }

    /// Records that the API responded.
    pub(super) fn succeed(&mut self, owner: &RefreshOwner, class: RefreshClass) {
        self.0
            .retain(|(known, known_class)| known != owner || *known_class != class);
    }

    /// Records that a call ended without a result. If it was the probe, another call may be one.
    pub(super) fn abandon(&mut self, owner: &RefreshOwner, class: RefreshClass) {
        if let Some(pause) = self.find(owner, class) {
            pause.probe_began = None;
        }
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(&RefreshOwner) -> bool) {
        self.0.retain(|(owner, _)| is_kept(owner));
    }

    fn find(&mut self, owner: &RefreshOwner, class: RefreshClass) -> Option<&mut Pause> {
        self.0
            .peek(|(known, known_class)| known == owner && *known_class == class)
    }
}

const FIRST_PAUSE_SECONDS: UnixSeconds = 0.5;
/// 0.5 seconds doubled 6 times are 32 seconds, longer than the longest pause.
const MAX_DOUBLINGS: u32 = 6;
/// A probe that is older has been cancelled together with its request.
const LONGEST_PROBE_SECONDS: UnixSeconds = 30.0;
/// One entry for each class of the 128 most recently failed clients.
const MAX_PAUSES: usize = 256;
