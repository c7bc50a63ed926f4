//! Decides when a key set or a policy may be fetched, and fetched again.
//!
//! This module stores the times of fetches, not the fetched data. Time is a parameter. If the clock goes back, ages
//! become negative; a negative age is within no limit.

use super::KeySource;
use crate::jwt::UnixSeconds;

/// The time and the settings of a lookup in the key cache or the policy cache.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LookupContext {
    /// The current time, which determines the age of key sets and policies. It is not the time that a token is
    /// validated for, which the caller may choose.
    pub now: UnixSeconds,
    /// The time when the check began. Only a key set that was requested since then can prove that a `kid` is unknown.
    pub check_began: UnixSeconds,
    /// The lifetimes of key sets and policies.
    pub lifetimes: Lifetimes,
    /// The isolate state to use.
    pub source: KeySource,
}

/// The lifetimes of key sets and policies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetimes {
    /// The age in seconds up to which keys and policies remain valid while newer ones are unavailable.
    /// Default: 86,400 seconds.
    pub max_stale: UnixSeconds,
    /// The age in seconds at which a policy is fetched again. Default: 300 seconds.
    pub policy_ttl: UnixSeconds,
}

/// The fetches of one key set or policy: the last fetch that began, and the number of failures since the last success.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fetches {
    last: Option<(UnixSeconds, Outcome)>,
    failures: u32,
    failed_at: UnixSeconds,
    /// When the stored data was requested, by this isolate or by another one.
    pub(super) held_at: Option<UnixSeconds>,
}

/// The state of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Pending,
    Failed,
    Succeeded,
}

impl LookupContext {
    /// Creates the first lookup of a check with the default settings.
    #[must_use]
    pub fn at(now: UnixSeconds) -> Self {
        Self {
            now,
            check_began: now,
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
    /// Records that a fetch begins.
    pub(super) fn begin(&mut self, began: UnixSeconds) {
        self.last = Some((began, Outcome::Pending));
    }

    /// Records that the fetch that began at `began` succeeded.
    fn succeed(&mut self, began: UnixSeconds) {
        self.failures = 0;
        self.settle(began, Outcome::Succeeded);
    }

    /// Records that the fetch that began at `began` failed. Of several concurrent fetches, one failure counts.
    pub(super) fn fail(&mut self, began: UnixSeconds, now: UnixSeconds) {
        let is_counted = began < self.failed_at && self.failed_at <= now;
        if self.failures == 0 || !is_counted {
            self.failures = self.failures.saturating_add(1);
        }
        self.failed_at = now;
        self.settle(began, Outcome::Failed);
    }

    /// Forgets the fetch that began at `began`, because its outcome must not prevent other fetches.
    #[allow(clippy::float_cmp, reason = "the same moment, not a computed one")]
    pub(super) fn forget(&mut self, began: UnixSeconds) {
        self.last = self.last.filter(|(last, _)| *last != began);
    }

    /// Records the success of the fetch that began at `began`, and returns whether its data replaces the stored data.
    ///
    /// If a later fetch has already succeeded, its data remains. If the stored data is from the future of the last
    /// fetch, the clock has gone back since, and the data is replaced.
    pub(super) fn accept(&mut self, began: UnixSeconds) -> bool {
        self.succeed(began);
        let last = self.last.map_or(began, |(last, _)| last);
        let overtaken = |held_at: UnixSeconds| held_at > began && held_at <= last;
        let is_accepted = !self.held_at.is_some_and(overtaken);
        if is_accepted {
            self.held_at = Some(began);
        }
        is_accepted
    }

    /// Returns whether data that another isolate fetched at `fetched_at`, which is in the past, replaces the stored
    /// data: only if it is newer.
    pub(super) fn recall(&mut self, fetched_at: UnixSeconds) -> bool {
        let is_newer = self.held_at.is_none_or(|held_at| held_at < fetched_at);
        if is_newer {
            self.held_at = Some(fetched_at);
        }
        is_newer
    }

    /// Returns the outcome of the last fetch, if it began less than `seconds` ago.
    pub(super) fn within(&self, seconds: UnixSeconds, now: UnixSeconds) -> Option<Outcome> {
        let (began, outcome) = self.last?;
        is_within(now - began, seconds).then_some(outcome)
    }

    /// Returns whether a fetch that began less than `seconds` ago is under way. An older one may have been cancelled
    /// together with its request.
    pub(super) fn is_pending(&self, seconds: UnixSeconds, now: UnixSeconds) -> bool {
        self.within(seconds, now) == Some(Outcome::Pending)
    }

    /// Returns whether no fetch may begin now: a fetch has failed during this check, or the pause after several
    /// failures is not over. The first retry is immediate. The pauses before the next ones are 1, 2, 4, 8, 16 and then
    /// always 30 seconds.
    pub(super) fn is_barred(&self, lookup: LookupContext) -> bool {
        let tried = self
            .last
            .filter(|(_, outcome)| *outcome == Outcome::Failed)
            .is_some_and(|(began, _)| (lookup.check_began..=lookup.now).contains(&began));
        tried || is_within(lookup.now - self.failed_at, self.pause())
    }

    fn pause(&self) -> UnixSeconds {
        match self.failures {
            0 | 1 => 0.0,
            2..=6 => f64::from(1_u32 << (self.failures - 2)),
            _ => LONGEST_PAUSE,
        }
    }

    /// Stores the outcome of a fetch, if no later fetch has begun. A failure is also stored while a later fetch is
    /// under way; a success of that fetch replaces it.
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

/// Returns whether an age is below a limit and not negative. If the clock goes back, ages become negative.
pub(super) fn is_within(age: UnixSeconds, limit: UnixSeconds) -> bool {
    (0.0..limit).contains(&age)
}

const LONGEST_PAUSE: UnixSeconds = 30.0;

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixSeconds = 1_700_000_000.0;

    /// Measures the pause after the last of several failures, in steps of half a second.
    fn pause_after(failures: u32) -> UnixSeconds {
        let mut fetches = Fetches::default();
        let mut now = START;
        for _ in 0..failures {
            now += 1_000.0;
            fetches.begin(now);
            fetches.fail(now, now + 5.0);
        }
        let barred = |after: &UnixSeconds| fetches.is_barred(LookupContext::at(now + 5.0 + after));
        (1..)
            .map(|half| f64::from(half) / 2.0)
            .find(|after| !barred(after))
            .unwrap_or_default()
            - 0.5
    }

    #[test]
    fn waits_longer_after_each_failure_up_to_30_seconds() {
        let pauses: Vec<_> = (1..=9).map(pause_after).collect();
        let expected = [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 29.5, 29.5, 29.5];
        assert_eq!(pauses, expected);
        assert_eq!(pause_after(100_000), 29.5, "after any number of failures");
    }

    #[test]
    fn counts_concurrent_failures_as_one() {
        let mut fetches = Fetches::default();
        for number in 0..40 {
            fetches.begin(START + f64::from(number) / 100.0);
        }
        for number in 0..40 {
            fetches.fail(START + f64::from(number) / 100.0, START + 5.0);
        }
        assert!(!fetches.is_barred(LookupContext::at(START + 5.0)));
    }

    #[test]
    fn resets_the_pause_after_a_success() {
        let mut fetches = Fetches::default();
        for second in 0..5 {
            let began = START + f64::from(second) * 100.0;
            fetches.begin(began);
            fetches.fail(began, began);
        }
        assert!(fetches.is_barred(LookupContext::at(START + 401.0)));
        fetches.begin(START + 402.0);
        assert!(fetches.accept(START + 402.0));
        assert!(!fetches.is_barred(LookupContext::at(START + 402.0)));
    }

    #[test]
    fn does_not_fetch_twice_in_one_check() {
        let mut fetches = Fetches::default();
        fetches.begin(START);
        fetches.fail(START, START + 5.0);
        let later = LookupContext::at(START + 6.0);
        assert!(!fetches.is_barred(later));
        assert!(fetches.is_barred(LookupContext {
            check_began: START,
            ..later
        }));
    }

    #[test]
    fn ignores_failures_from_before_the_clock_went_back() {
        let mut fetches = Fetches::default();
        for second in 0..9 {
            let began = START + f64::from(second) * 100.0;
            fetches.begin(began);
            fetches.fail(began, began);
        }
        assert!(!fetches.is_barred(LookupContext::at(START - 600.0)));
        assert!(!fetches.is_pending(10.0, START - 600.0));
    }
}
