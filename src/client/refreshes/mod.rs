//! Limits for refreshes: the requests by which the API authenticates the session of a user.
//!
//! An attacker can send any number of made-up session tokens and old JWTs, and the API can be slow or down. Three limits
//! apply, in this order: a session that the API has just refused is refused again without a request ([`Refusals`]); calls
//! pause after failures ([`Pauses`]); and calls have a budget ([`Budget`]): those without a verified JWT together, and
//! those with one by their session. The two classes have pauses of their own, so that an attacker who has no valid JWT
//! cannot delay calls with one.
//!
//! If the calls of one session or token fail while the API responds to others, only that session or token pauses from
//! then on.
//!
//! This module does not send requests. Time is a parameter.

mod budget;
mod pauses;
mod refusals;
mod reports;
mod skew;

use budget::Budget;
use pauses::{Failure, Pauses, Scope};
use refusals::Refusals;
use reports::Reports;
use skew::SkewedSessions;

use super::{Reason, Recent, Secret};
use crate::{jwt::UnixSeconds, session::Issuer};

/// The settings of the limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RefreshLimits {
    /// The time limit of a refresh in milliseconds. Default: 5,000.
    pub timeout_ms: u32,
    /// The number of refreshes without a verified JWT, per 10 seconds and isolate. `None`: no limit. Default: 100.
    pub unverified_refreshes: Option<u32>,
    /// The number of refreshes of one session with a verified JWT, per 10 seconds. `None`: no limit. Default: 100.
    pub session_refreshes: Option<u32>,
    /// The time in seconds for which a session that the API refused is refused again without a request. 0: never.
    /// Default: 10.
    pub refused_session_seconds: UnixSeconds,
    /// The longest pause in seconds after failed refreshes. 0: no pauses. Default: 30.
    pub max_pause_seconds: UnixSeconds,
}

/// The class of a refresh. The limits of one class do not affect the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshClass {
    /// The signature of the request's JWT was verified locally, so the project issued the session.
    Verified,
    /// The request has a session token, or a JWT whose key is not available. An attacker can make up both.
    Unverified,
}

/// The client of a refresh: clients that differ in one of these fields do not affect each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshOwner {
    /// The project.
    pub issuer: Issuer,
    /// The number of the client's isolate state.
    pub source: u32,
    /// The secret of the request. A wrong secret fails for its own clients only.
    pub secret: Secret,
}

/// A refresh that a call wants to make.
#[derive(Clone, Copy)]
pub struct RefreshCall<'a> {
    /// The client.
    pub owner: &'a RefreshOwner,
    /// Whether the budget of an isolated client is used, instead of the isolate's.
    pub is_isolated: bool,
    /// The class.
    pub class: RefreshClass,
    /// The id of the session if the JWT is verified, else the session token or the JWT of the request.
    pub subject: &'a str,
}

/// The decision about a refresh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// Send the request.
    Proceed,
    /// The API has just refused this session. No request is necessary.
    KnownRefusal,
    /// Do not send a request now.
    Later {
        /// Why the last requests failed; [`Reason::RateLimited`] if the budget is used up.
        reason: Reason,
        /// The time in seconds until a request may be sent.
        retry_after: UnixSeconds,
        /// Whether the budget is used up, and not a pause.
        is_over_budget: bool,
    },
}

/// The result of a refresh that was sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RefreshResult {
    /// The API responded, and is neither overloaded nor unavailable.
    Answered,
    /// The API responded that the session does not exist.
    SessionNotFound,
    /// The request says nothing about the API: it was aborted, or its caller set a shorter time limit.
    Unknown,
    /// The API responded with 429 or an error of the server, or did not respond.
    Failed {
        /// The reason, for the verdicts of calls that pause.
        reason: Reason,
        /// `Retry-After`, in seconds.
        retry_after: Option<UnixSeconds>,
    },
}

/// The state of the limits in one isolate.
pub struct Refreshes {
    refusals: Refusals,
    /// The pauses of classes.
    pauses: Pauses,
    /// The pauses of sessions and tokens whose calls failed while the API responded to others.
    own_pauses: Pauses,
    budgets: Recent<u32, Budget>,
    session_budgets: Recent<(RefreshOwner, String), Budget>,
    skewed: SkewedSessions,
    /// The reports of the isolate's clients, and those of each isolated client.
    reports: Recent<Option<u32>, Reports>,
}

/// A limit, for events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// The budget is used up.
    Budget,
    /// Refreshes pause.
    Pause,
    /// The clocks of this host and of the API differ.
    ClockSkew,
    /// Cookies of the other mode arrive.
    OtherCookieMode,
}

impl Default for RefreshLimits {
    fn default() -> Self {
        Self {
            timeout_ms: 5_000,
            unverified_refreshes: Some(100),
            session_refreshes: Some(100),
            refused_session_seconds: 10.0,
            max_pause_seconds: 30.0,
        }
    }
}

impl Default for Refreshes {
    fn default() -> Self {
        Self::new()
    }
}

impl Refreshes {
    /// Creates a state without calls.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            refusals: Refusals::new(),
            pauses: Pauses::new(Scope::Class, MAX_PAUSES),
            own_pauses: Pauses::new(Scope::Subject, MAX_OWN_PAUSES),
            budgets: Recent::new(MAX_BUDGETS),
            session_budgets: Recent::new(MAX_SESSION_BUDGETS),
            skewed: SkewedSessions::new(),
            reports: Recent::new(MAX_BUDGETS),
        }
    }

    /// Returns whether the API has just refused the session, so that no request is necessary.
    #[must_use]
    pub fn is_refused(
        &self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> bool {
        self.refusals.contains(call, limits, now)
    }

    /// Decides whether a refresh may be sent now. If it may, [`settle`](Self::settle) follows when it ends.
    pub fn admit(
        &mut self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> Admission {
        if self.is_refused(call, limits, now) {
            return Admission::KnownRefusal;
        }
        if limits.max_pause_seconds > 0.0 {
            let paused = self.own_pauses.until(call, now);
            let paused = paused.or_else(|| self.pauses.until(call, now));
            if let Some((reason, retry_after)) = paused {
                return Admission::Later {
                    reason,
                    retry_after,
                    is_over_budget: false,
                };
            }
        }
        if let Err(retry_after) = self.count(call, limits, now) {
            return Admission::Later {
                reason: Reason::RateLimited,
                retry_after,
                is_over_budget: true,
            };
        }
        self.pauses.begin(call, now);
        self.own_pauses.begin(call, now);
        Admission::Proceed
    }

    /// Returns whether a refresh that failed may be sent again. It may not if calls pause, or if it is a probe.
    pub fn may_repeat(
        &mut self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> bool {
        let is_failing = self.pauses.has(call) || self.own_pauses.has(call);
        let (budget, most) = self.budget_of(call, limits);
        !is_failing && most.is_none_or(|most| budget.has_room(most, now))
    }

    /// Counts a refresh that is sent again. Returns `false` if it may not be sent any more.
    pub fn repeat(
        &mut self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> bool {
        self.may_repeat(call, limits, now) && self.count(call, limits, now).is_ok()
    }

    /// Records the result of a refresh that began at `began`. Returns the length of the pause in seconds, if calls
    /// pause because of it.
    pub fn settle(
        &mut self,
        call: &RefreshCall<'_>,
        result: RefreshResult,
        began: UnixSeconds,
        (limits, now): (&RefreshLimits, UnixSeconds),
    ) -> Option<UnixSeconds> {
        let times = (limits.max_pause_seconds, now);
        match result {
            RefreshResult::Unknown => return None,
            RefreshResult::Failed {
                reason,
                retry_after,
            } => {
                let failure = Failure {
                    reason,
                    retry_after,
                    began,
                };
                if self.own_pauses.has(call) {
                    self.own_pauses.fail(call, failure, times);
                    return None;
                }
                return self.pauses.fail(call, failure, times);
            }
            RefreshResult::SessionNotFound => self.refusals.add(call, limits, now),
            RefreshResult::Answered => {}
        }
        self.own_pauses.succeed(call);
        if let Some(failed) = self.pauses.succeed(call)
            && failed != call.subject
        {
            // The API responds, but not to this session.
            let failure = Failure {
                reason: Reason::ApiUnavailable,
                retry_after: None,
                began: now,
            };
            let failed = RefreshCall {
                subject: &failed,
                ..*call
            };
            self.own_pauses.fail(&failed, failure, times);
        }
        None
    }

    /// Returns whether a session whose JWT is not valid yet may be refreshed: at most once per minute and session. `isolated` is the
    /// number of an isolated client.
    pub fn may_refresh_skewed(
        &mut self,
        session: &str,
        isolated: Option<u32>,
        now: UnixSeconds,
    ) -> bool {
        self.skewed.try_add(session, isolated, now)
    }

    /// Returns whether an event of this kind may be reported: at most one per 10 seconds. `isolated` is the number of an
    /// isolated client.
    pub fn may_report(
        &mut self,
        kind: ReportKind,
        isolated: Option<u32>,
        now: UnixSeconds,
    ) -> bool {
        self.reports
            .get_or_insert(|known| *known == isolated, || (isolated, Reports::new()))
            .try_count(kind, now)
    }

    /// Removes the state of a client's project. The budget of the isolate remains.
    pub fn forget(&mut self, issuer: &Issuer, source: u32) {
        let is_kept = |owner: &RefreshOwner| owner.issuer != *issuer || owner.source != source;
        self.refusals.retain(is_kept);
        self.pauses.retain(is_kept);
        self.own_pauses.retain(is_kept);
        self.session_budgets.retain(|(owner, _)| is_kept(owner));
    }

    /// Counts the call in its budget. If the budget is used up, returns the time in seconds until a call fits.
    fn count(
        &mut self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> Result<(), UnixSeconds> {
        let (budget, most) = self.budget_of(call, limits);
        most.map_or(Ok(()), |most| budget.try_count(most, now))
    }

    /// The budget of a call, and its limit.
    fn budget_of(
        &mut self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
    ) -> (&mut Budget, Option<u32>) {
        match call.class {
            RefreshClass::Unverified => {
                let is_own = call.is_isolated;
                let number = if is_own { call.owner.source } else { 0 };
                let budget = self
                    .budgets
                    .get_or_insert(|known| *known == number, || (number, Budget::new()));
                (budget, limits.unverified_refreshes)
            }
            RefreshClass::Verified => {
                let is_it = |(owner, session): &(RefreshOwner, String)| {
                    session == call.subject && owner == call.owner
                };
                let new = || {
                    let key = (call.owner.clone(), call.subject.to_owned());
                    (key, Budget::new())
                };
                let budget = self.session_budgets.get_or_insert(is_it, new);
                (budget, limits.session_refreshes)
            }
        }
    }
}

/// Omits the sessions and tokens.
impl std::fmt::Debug for Refreshes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Refreshes(…)")
    }
}

/// The isolate's own budget, and those of isolated clients.
const MAX_BUDGETS: usize = 256;
/// The sessions that were refreshed last. A session that is dropped has a new budget; an attacker would need a session of
/// its own for each of 1,000 others.
const MAX_SESSION_BUDGETS: usize = 1_000;
/// One entry for each class of the 128 most recently failed clients.
const MAX_PAUSES: usize = 256;
/// A token may have 16 KiB.
const MAX_OWN_PAUSES: usize = 64;

#[cfg(test)]
mod tests;
