//! Limits for refreshes: the requests by which the API authenticates the session of a user.
//!
//! An attacker can send any number of made-up session tokens and old JWTs, and the API can be slow or down. Three limits
//! apply, in this order: a session that the API has just refused is refused again without a request ([`Refusals`]); calls
//! pause after failures ([`Pauses`]); and calls without a verified JWT have a budget ([`Budget`]). Calls with a verified
//! JWT are not counted in the budget, and have pauses of their own, so that an attacker who has no valid JWT cannot delay
//! them.
//!
//! This module does not send requests. Time is a parameter.

mod budget;
mod pauses;
mod refusals;
mod reports;
mod skew;

use budget::Budget;
use pauses::Pauses;
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
    /// The session token or the JWT of the request.
    pub credential: &'a str,
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
    /// The API responded with 429 or an error of the server, or did not respond.
    Failed {
        /// The reason, for the verdicts of calls that pause.
        reason: Reason,
        /// `Retry-After`, in seconds.
        retry_after: Option<UnixSeconds>,
    },
}

/// The state of the limits in one isolate.
#[derive(Debug)]
pub struct Refreshes {
    refusals: Refusals,
    pauses: Pauses,
    budgets: Recent<u32, Budget>,
    skewed: SkewedSessions,
    reports: Reports,
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
}

impl Default for RefreshLimits {
    fn default() -> Self {
        Self {
            timeout_ms: 5_000,
            unverified_refreshes: Some(100),
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
            pauses: Pauses::new(),
            budgets: Recent::new(MAX_BUDGETS),
            skewed: SkewedSessions::new(),
            reports: Reports::new(),
        }
    }

    /// Decides whether a refresh may be sent now. If it may, it must be followed by [`settle`](Self::settle) or
    /// [`abandon`](Self::abandon).
    pub fn admit(
        &mut self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> Admission {
        if self
            .refusals
            .contains(call.owner, call.credential, limits, now)
        {
            return Admission::KnownRefusal;
        }
        if let Some((reason, retry_after)) = self.pauses.until(call.owner, call.class, now) {
            return Admission::Later {
                reason,
                retry_after,
                is_over_budget: false,
            };
        }
        if let (RefreshClass::Unverified, Some(most)) = (call.class, limits.unverified_refreshes)
            && let Err(retry_after) = self.budget(call).try_count(most, now)
        {
            return Admission::Later {
                reason: Reason::RateLimited,
                retry_after,
                is_over_budget: true,
            };
        }
        self.pauses.begin(call.owner, call.class, now);
        Admission::Proceed
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
        match result {
            RefreshResult::Failed {
                reason,
                retry_after,
            } => self.pauses.fail(
                (call.owner, call.class),
                (reason, retry_after),
                began,
                (limits.max_pause_seconds, now),
            ),
            RefreshResult::SessionNotFound => {
                self.pauses.succeed(call.owner, call.class);
                self.refusals.add(call.owner, call.credential, limits, now);
                None
            }
            RefreshResult::Answered => {
                self.pauses.succeed(call.owner, call.class);
                None
            }
        }
    }

    /// Records that a refresh ended without a result, because its call was cancelled. This is not a failure.
    pub fn abandon(&mut self, owner: &RefreshOwner, class: RefreshClass) {
        self.pauses.abandon(owner, class);
    }

    /// Returns whether a session whose JWT is not valid yet may be refreshed: at most once per minute and session.
    pub fn may_refresh_skewed(&mut self, session: &str, now: UnixSeconds) -> bool {
        self.skewed.try_add(session, now)
    }

    /// Returns whether an event of this kind may be reported: at most one per 10 seconds.
    pub fn may_report(&mut self, kind: ReportKind, now: UnixSeconds) -> bool {
        self.reports.try_count(kind, now)
    }

    /// Removes the state of a client's project. The budget of the isolate remains.
    pub fn forget(&mut self, issuer: &Issuer, source: u32) {
        let is_kept = |owner: &RefreshOwner| owner.issuer != *issuer || owner.source != source;
        self.refusals.retain(is_kept);
        self.pauses.retain(is_kept);
    }

    fn budget(&mut self, call: &RefreshCall<'_>) -> &mut Budget {
        let number = if call.is_isolated {
            call.owner.source
        } else {
            0
        };
        self.budgets
            .get_or_insert(|known| *known == number, || (number, Budget::new()))
    }
}

/// The isolate's own budget, and those of isolated clients.
const MAX_BUDGETS: usize = 256;

#[cfg(test)]
mod tests;
