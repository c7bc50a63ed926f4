//! When something of a project may be fetched, and fetched again: what key sets and
//! policies have in common.
//!
//! Holds nothing that was fetched, only when that was. Time is passed in; a clock that goes back makes ages
//! negative, and nothing is decided by these.

use super::KeySource;
use crate::jwt::UnixSeconds;

/// The moment of a question, and for whom it is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asking {
    /// The clock that key sets and policies age by; not the moment that a token is
    /// judged for, which a caller may choose.
    pub now: UnixSeconds,
    /// The same clock when the check began: only what was asked for since then has the
    /// last word on what is not there.
    pub came: UnixSeconds,
    /// How long things are good.
    pub lifetimes: Lifetimes,
    /// Whose keys and policies decide.
    pub source: KeySource,
}

/// How long what was fetched is good, as callers may configure it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetimes {
    /// For how many seconds old keys and policies judge on while newer ones cannot be
    /// had.
    pub max_stale: UnixSeconds,
    /// After how many seconds a policy is fetched again.
    pub policy_ttl: UnixSeconds,
}

/// The fetches of one thing: the last one that began, and how many failed since one
/// succeeded.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fetches {
    last: Option<(UnixSeconds, Outcome)>,
    failures: u32,
    failed_at: UnixSeconds,
    /// When what is here was asked for, here or in another isolate.
    pub(super) held_at: Option<UnixSeconds>,
}

/// How a fetch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Pending,
    Failed,
    Succeeded,
}

impl Asking {
    /// The first question of a check, for callers who configured nothing.
    #[must_use]
    pub fn at(now: UnixSeconds) -> Self {
        Self {
            now,
            came: now,
            lifetimes: Lifetimes::default(),
            source: KeySource::default(),
        }
    }
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            max_stale: 86_400.0,
            policy_ttl: 300.0,
        }
    }
}

impl Fetches {
    /// Notes that a fetch begins.
    pub(super) fn begin(&mut self, began: UnixSeconds) {
        self.last = Some((began, Outcome::Pending));
    }

    /// Notes that the fetch that began at `began` brought something.
    fn succeed(&mut self, began: UnixSeconds) {
        self.failures = 0;
        self.settle(began, Outcome::Succeeded);
    }

    /// Notes that it brought nothing. Of many that were under way at the same time, one
    /// counts.
    pub(super) fn fail(&mut self, began: UnixSeconds, now: UnixSeconds) {
        let is_counted = began < self.failed_at && self.failed_at <= now;
        if self.failures == 0 || !is_counted {
            self.failures = self.failures.saturating_add(1);
        }
        self.failed_at = now;
        self.settle(began, Outcome::Failed);
    }

    /// Forgets the fetch that began at `began`, because it came to nothing that should
    /// keep others from fetching.
    #[allow(clippy::float_cmp, reason = "the same moment, not a computed one")]
    pub(super) fn forget(&mut self, began: UnixSeconds) {
        self.last = self.last.filter(|(last, _)| *last != began);
    }

    /// Whether what a fetch brought that began at `began` is to be taken, unless a later
    /// one was faster. What began after the last fetch did is from before the clock went
    /// back, and not in the way.
    pub(super) fn take(&mut self, began: UnixSeconds) -> bool {
        self.succeed(began);
        let last = self.last.map_or(began, |(last, _)| last);
        let overtaken = |held_at: UnixSeconds| held_at > began && held_at <= last;
        let is_taken = !self.held_at.is_some_and(overtaken);
        if is_taken {
            self.held_at = Some(began);
        }
        is_taken
    }

    /// Whether what another isolate fetched at `fetched_at`, which is in the past, is to be
    /// taken: it is newer than what is here.
    pub(super) fn recall(&mut self, fetched_at: UnixSeconds) -> bool {
        let is_taken = self.held_at.is_none_or(|held_at| held_at < fetched_at);
        if is_taken {
            self.held_at = Some(fetched_at);
        }
        is_taken
    }

    /// The last fetch, if it began less than `seconds` ago.
    pub(super) fn within(&self, seconds: UnixSeconds, now: UnixSeconds) -> Option<Outcome> {
        let (began, outcome) = self.last?;
        is_within(now - began, seconds).then_some(outcome)
    }

    /// Whether one is under way. Whoever began it may have been cancelled since.
    pub(super) fn is_pending(&self, seconds: UnixSeconds, now: UnixSeconds) -> bool {
        self.within(seconds, now) == Some(Outcome::Pending)
    }

    /// Whether there shall be no fetch now, because this very check has seen one fail, or
    /// because too many did. The first retry is at once; the next ones wait for 1, 2, 4
    /// and at most 30 seconds.
    pub(super) fn is_barred(&self, asking: Asking) -> bool {
        let tried = self
            .last
            .filter(|(_, outcome)| *outcome == Outcome::Failed)
            .is_some_and(|(began, _)| (asking.came..=asking.now).contains(&began));
        tried || is_within(asking.now - self.failed_at, self.pause())
    }

    fn pause(&self) -> UnixSeconds {
        match self.failures {
            0 | 1 => 0.0,
            2..=6 => f64::from(1_u32 << (self.failures - 2)),
            _ => LONGEST_PAUSE,
        }
    }

    /// The outcome of a fetch counts if no later one has begun; a failure also while
    /// that one is under way, which will say so itself if it fares better.
    #[allow(clippy::float_cmp, reason = "the same moment, not a computed one")]
    fn settle(&mut self, began: UnixSeconds, outcome: Outcome) {
        if let Some((last, settled)) = &mut self.last
            && (*last == began
                || (*last > began && *settled == Outcome::Pending && outcome == Outcome::Failed))
        {
            *settled = outcome;
        }
    }
}

/// Whether an age is below a limit, and none that a clock which went back has made.
pub(super) fn is_within(age: UnixSeconds, limit: UnixSeconds) -> bool {
    (0.0..limit).contains(&age)
}

const LONGEST_PAUSE: UnixSeconds = 30.0;

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixSeconds = 1_700_000_000.0;

    /// For how long after its last failure there is no fetch.
    fn pause_after(failures: u32) -> UnixSeconds {
        let mut fetches = Fetches::default();
        let mut now = START;
        for _ in 0..failures {
            now += 1_000.0;
            fetches.begin(now);
            fetches.fail(now, now + 5.0);
        }
        let barred = |after: &UnixSeconds| fetches.is_barred(Asking::at(now + 5.0 + after));
        (1..)
            .map(|half| f64::from(half) / 2.0)
            .find(|after| !barred(after))
            .unwrap_or_default()
            - 0.5
    }

    #[test]
    fn waits_longer_after_each_failure_and_never_longer_than_half_a_minute() {
        let pauses: Vec<_> = (1..=9).map(pause_after).collect();
        let expected = [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 29.5, 29.5, 29.5];
        assert_eq!(pauses, expected);
        assert_eq!(pause_after(100_000), 29.5, "however many failed");
    }

    #[test]
    fn counts_failures_at_the_same_time_as_one() {
        let mut fetches = Fetches::default();
        for number in 0..40 {
            fetches.begin(START + f64::from(number) / 100.0);
        }
        for number in 0..40 {
            fetches.fail(START + f64::from(number) / 100.0, START + 5.0);
        }
        assert!(!fetches.is_barred(Asking::at(START + 5.0)));
    }

    #[test]
    fn begins_anew_after_a_success() {
        let mut fetches = Fetches::default();
        for second in 0..5 {
            let began = START + f64::from(second) * 100.0;
            fetches.begin(began);
            fetches.fail(began, began);
        }
        assert!(fetches.is_barred(Asking::at(START + 401.0)));
        fetches.begin(START + 402.0);
        assert!(fetches.take(START + 402.0));
        assert!(!fetches.is_barred(Asking::at(START + 402.0)));
    }

    #[test]
    fn lets_no_check_try_twice() {
        let mut fetches = Fetches::default();
        fetches.begin(START);
        fetches.fail(START, START + 5.0);
        let later = Asking::at(START + 6.0);
        assert!(!fetches.is_barred(later));
        assert!(fetches.is_barred(Asking {
            came: START,
            ..later
        }));
    }

    #[test]
    fn is_not_held_up_by_failures_from_before_the_clock_went_back() {
        let mut fetches = Fetches::default();
        for second in 0..9 {
            let began = START + f64::from(second) * 100.0;
            fetches.begin(began);
            fetches.fail(began, began);
        }
        assert!(!fetches.is_barred(Asking::at(START - 600.0)));
        assert!(!fetches.is_pending(10.0, START - 600.0));
    }
}
