//! Pauses after failed refreshes. After each failure in a row the pause is twice as long; then one call is a probe, and
//! the other calls pause until it ends.
//!
//! A pause is of a whole class, or of one session or token ([`Scope`]).

use super::{RefreshCall, RefreshClass, RefreshOwner};
use crate::{
    client::{Reason, Recent},
    jwt::UnixSeconds,
};

/// The pauses of classes, or those of sessions and tokens.
pub(super) struct Pauses {
    entries: Recent<Key, Pause>,
    scope: Scope,
}

/// The calls that a pause affects.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Scope {
    /// All calls of the class.
    Class,
    /// The calls of the session or the token.
    Subject,
}

struct Key {
    owner: RefreshOwner,
    class: RefreshClass,
    /// The session or the token; empty if the pause is of the class.
    subject: String,
}

/// A pause.
pub(super) struct Pause {
    /// The number of failures in a row.
    failures: u32,
    /// When the last failure was counted.
    failed_at: UnixSeconds,
    /// When a probe may begin.
    ends_at: UnixSeconds,
    reason: Reason,
    /// The session or the token of the last failed call.
    subject: String,
    /// The probes since the pause ended.
    probes: Probes,
}

/// The probes since a pause ended: one per second. If probes do not end within the limit of a request, they are lost,
/// because a runtime drops the calls of a request that its client aborted. From then on, one more is sent each second, so
/// that an attacker who aborts requests cannot be the only one who makes probes.
#[derive(Default)]
struct Probes {
    /// When the first one of the current second began.
    began: Option<UnixSeconds>,
    /// The number of those in the current second.
    count: u32,
    /// The number of seconds in which probes began.
    seconds: u32,
}

impl Probes {
    fn is_current(&self, now: UnixSeconds) -> bool {
        let is_current = |began| (0.0..PROBE_SECONDS).contains(&(now - began));
        self.began.is_some_and(is_current)
    }

    fn may_begin(&self, now: UnixSeconds) -> bool {
        let most = 1 + self.seconds.saturating_sub(SECONDS_OF_ONE_PROBE);
        !self.is_current(now) || self.count < most
    }

    fn begin(&mut self, now: UnixSeconds) {
        if !self.is_current(now) {
            (self.began, self.count) = (Some(now), 0);
            self.seconds = self.seconds.saturating_add(1);
        }
        self.count = self.count.saturating_add(1);
    }
}

/// How a call failed.
#[derive(Clone, Copy)]
pub(super) struct Failure {
    pub(super) reason: Reason,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<UnixSeconds>,
    /// When the call began.
    pub(super) began: UnixSeconds,
}

impl Pauses {
    pub(super) const fn new(scope: Scope, most: usize) -> Self {
        Self {
            entries: Recent::new(most),
            scope,
        }
    }

    /// Returns why a call pauses, and for how many seconds from now. `None` if it may begin.
    pub(super) fn until(
        &mut self,
        call: &RefreshCall<'_>,
        now: UnixSeconds,
    ) -> Option<(Reason, UnixSeconds)> {
        let is_class = self.scope == Scope::Class;
        let pause = self.find(call)?;
        // Otherwise a user whose calls fail would make each probe, and others would not find out that the API responds.
        let is_last = is_class && pause.subject == call.subject;
        let ends_at = pause.ends_at + if is_last { FIRST_PAUSE_SECONDS } else { 0.0 };
        // If the clock goes back, the remaining time can be longer than any pause. The pause is then over.
        let remaining = ends_at - now;
        if remaining > 0.0 && now >= pause.failed_at {
            return Some((pause.reason, remaining));
        }
        let is_probed = !pause.probes.may_begin(now);
        is_probed.then_some((pause.reason, FIRST_PAUSE_SECONDS))
    }

    /// Records that a call begins. If calls paused before, it is the probe.
    pub(super) fn begin(&mut self, call: &RefreshCall<'_>, now: UnixSeconds) {
        if let Some(pause) = self.find(call) {
            pause.probes.begin(now);
        }
    }

    /// Records a failure, and returns the length of the pause in seconds. Of several concurrent failures, one counts.
    pub(super) fn fail(
        &mut self,
        call: &RefreshCall<'_>,
        failure: Failure,
        (longest, now): (UnixSeconds, UnixSeconds),
    ) -> Option<UnixSeconds> {
        if longest <= 0.0 {
            return None;
        }
        let Failure {
            reason,
            retry_after,
            began,
        } = failure;
        let scope = self.scope;
        let new = || {
            let pause = Pause {
                failures: 0,
                failed_at: f64::NEG_INFINITY,
                ends_at: now,
                reason,
                subject: String::new(),
                probes: Probes::default(),
            };
            let subject = match scope {
                Scope::Class => "",
                Scope::Subject => call.subject,
            };
            let key = Key {
                owner: call.owner.clone(),
                class: call.class,
                subject: subject.to_owned(),
            };
            (key, pause)
        };
        let pause = self
            .entries
            .get_or_insert(|key| key.is_of(call, scope), new);
        if began < pause.failed_at && pause.failed_at <= now {
            return None;
        }
        let doublings = i32::try_from(pause.failures.min(MAX_DOUBLINGS)).unwrap_or(0);
        let growing = FIRST_PAUSE_SECONDS * 2_f64.powi(doublings);
        let seconds = growing.max(retry_after.unwrap_or(0.0)).min(longest);
        pause.failures = pause.failures.saturating_add(1);
        (pause.failed_at, pause.ends_at, pause.reason) = (now, now + seconds, reason);
        (pause.subject, pause.probes) = (call.subject.to_owned(), Probes::default());
        Some(seconds)
    }

    /// Whether calls have failed since the API last responded to one.
    pub(super) fn has(&mut self, call: &RefreshCall<'_>) -> bool {
        self.find(call).is_some()
    }

    /// Records that the API responded. Returns the session or the token of the last failed call.
    pub(super) fn succeed(&mut self, call: &RefreshCall<'_>) -> Option<String> {
        let subject = self.find(call)?.subject.clone();
        let scope = self.scope;
        self.entries.retain(|key| !key.is_of(call, scope));
        Some(subject)
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(&RefreshOwner) -> bool) {
        self.entries.retain(|key| is_kept(&key.owner));
    }

    fn find(&mut self, call: &RefreshCall<'_>) -> Option<&mut Pause> {
        let scope = self.scope;
        self.entries.peek(|key| key.is_of(call, scope))
    }
}

impl Key {
    fn is_of(&self, call: &RefreshCall<'_>, scope: Scope) -> bool {
        let is_subject = scope == Scope::Class || self.subject == call.subject;
        is_subject && self.class == call.class && self.owner == *call.owner
    }
}

const FIRST_PAUSE_SECONDS: UnixSeconds = 0.5;
/// 0.5 seconds doubled 6 times are 32 seconds, longer than the longest pause.
const MAX_DOUBLINGS: u32 = 6;
/// How long other calls wait for a probe.
const PROBE_SECONDS: UnixSeconds = 1.0;
/// A request ends within 5 seconds by default.
const SECONDS_OF_ONE_PROBE: u32 = 5;
