//! Refreshes: the requests by which the API authenticates the session of a user, within the limits of
//! [`Refreshes`](crate::client::Refreshes).
//!
//! If calls may await each other's requests, equal refreshes share one request. Each call still gets a verdict of its own.

use super::{
    Core, Error, Event,
    attempts::{CallLimits, RetryStage},
    notify::{SharedResult, shared_result},
    state::with_isolate,
};
use crate::{
    client::{
        Admission, AuthenticateSession, Denial, Purpose, Reason, RefreshCall, RefreshClass,
        RefreshOwner, RefreshResult, ReportKind, RetryClass, is_outage,
    },
    jwt::UnixSeconds,
    session::AuthorizationCheck,
};

/// Refreshes that are in flight and may be awaited by other calls.
pub(super) struct RefreshesInFlight(Vec<(Key, SharedResult<Result<String, Error>>)>);

/// The identity of a refresh. Refreshes with equal keys share one request.
#[derive(Clone, PartialEq)]
struct Key {
    owner: RefreshOwner,
    network: u64,
    is_token: bool,
    credential: String,
    authorization_check: Option<AuthorizationCheck>,
    session_duration_minutes: Option<String>,
    timeout_ms: u32,
    retries: u32,
}

/// A refresh.
pub(super) struct Refreshing<'a> {
    /// The arguments of the request, with exactly one of `session_token` and `session_jwt`.
    pub(super) asked: AuthenticateSession<'a>,
    pub(super) class: RefreshClass,
    /// The session or the token for the limits, as [`RefreshCall::subject`].
    pub(super) subject: &'a str,
    pub(super) timeout_ms: u32,
}

/// The result of a refresh without a response.
pub(super) enum Refreshed {
    /// The API responded with this body.
    Body(String),
    /// The request failed.
    Failed(Error),
    /// The API refused this session within the last seconds.
    KnownRefusal,
    /// No request was sent, because of a limit.
    Later {
        reason: Reason,
        retry_after: UnixSeconds,
    },
}

impl RefreshesInFlight {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    fn find(&self, key: &Key) -> Option<SharedResult<Result<String, Error>>> {
        let found = self.0.iter().find(|(known, _)| known == key)?;
        Some(found.1.clone())
    }
}

/// Removes a refresh from the list of refreshes in flight when it is dropped, also if it is abandoned.
struct InFlightGuard(Key);

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        with_isolate(|isolate| {
            isolate
                .refreshes_in_flight
                .0
                .retain(|(key, _)| *key != self.0)
        });
    }
}

impl Core {
    /// Has the API authenticate a session, if the limits allow it.
    pub(super) async fn refresh_session(
        &self,
        refreshing: &Refreshing<'_>,
        owner: RefreshOwner,
    ) -> Refreshed {
        if !self.platform.may_await_others() {
            return self.refresh_within_limits(refreshing, owner).await;
        }
        let key = self.refresh_key(refreshing, &owner);
        loop {
            let known = with_isolate(|isolate| isolate.refreshes_in_flight.find(&key));
            let Some(known) = known else { break };
            // If the other call was abandoned, its result is missing, and this call sends a request itself.
            match known.result().await {
                Some(Ok(body)) => return Refreshed::Body(body),
                Some(Err(error)) => return Refreshed::Failed(error),
                None => {}
            }
        }
        let (shared, completer) = shared_result();
        with_isolate(|isolate| {
            isolate.refreshes_in_flight.0.push((key.clone(), shared));
        });
        let guard = InFlightGuard(key);
        let refreshed = self.refresh_within_limits(refreshing, owner).await;
        drop(guard);
        match &refreshed {
            Refreshed::Body(body) => completer.complete(Ok(body.clone())),
            Refreshed::Failed(error) => completer.complete(Err(error.clone())),
            // These need no request, so each call finds them itself.
            Refreshed::KnownRefusal | Refreshed::Later { .. } => drop(completer),
        }
        refreshed
    }

    async fn refresh_within_limits(
        &self,
        refreshing: &Refreshing<'_>,
        owner: RefreshOwner,
    ) -> Refreshed {
        let limits = self.config.refreshes;
        let call = RefreshCall {
            owner: &owner,
            is_isolated: self.config.source.is_isolated,
            class: refreshing.class,
            subject: refreshing.subject,
        };
        let began = self.platform.now();
        let admission = with_isolate(|isolate| isolate.refreshes.admit(&call, &limits, began));
        match admission {
            Admission::Proceed => {}
            Admission::KnownRefusal => return Refreshed::KnownRefusal,
            Admission::Later {
                reason,
                retry_after,
                is_over_budget,
            } => {
                if is_over_budget && self.may_report(ReportKind::Budget, began) {
                    self.platform.report(&Event::RefreshLimitReached);
                }
                return Refreshed::Later {
                    reason,
                    retry_after,
                };
            }
        }
        let timeout_ms = self.timeout_of(refreshing);
        let call_limits = CallLimits {
            timeout_ms,
            class: match refreshing.class {
                RefreshClass::Verified => RetryClass::Verified,
                RefreshClass::Unverified => RetryClass::Unverified,
            },
            may_repeat: &|stage| {
                let now = self.platform.now();
                with_isolate(|isolate| match stage {
                    RetryStage::Planned => isolate.refreshes.may_repeat(&call, &limits, now),
                    RetryStage::Begins => isolate.refreshes.repeat(&call, &limits, now),
                })
            },
        };
        let response = self
            .authenticate_session(&refreshing.asked, &call_limits)
            .await;
        let now = self.platform.now();
        let purpose = purpose_of(refreshing.asked.authorization_check);
        let result = match result_of(&response, purpose) {
            RefreshResult::Failed {
                reason: Reason::Timeout,
                ..
            } if self.config.is_shortened(timeout_ms, limits.timeout_ms) => RefreshResult::Unknown,
            result => result,
        };
        let pause = with_isolate(|isolate| {
            isolate
                .refreshes
                .settle(&call, result, began, (&limits, now))
        });
        if let Err(error) = &response
            && let Denial::Unavailable(_) = error.denial(purpose)
            && !error.is_invalid_argument()
        {
            self.platform.report(&Event::RefreshFailed { error });
        }
        if let Some(seconds) = pause
            && self.may_report(ReportKind::Pause, now)
        {
            let class = refreshing.class;
            self.platform
                .report(&Event::RefreshesPaused { class, seconds });
        }
        match response {
            Ok(body) => Refreshed::Body(body),
            Err(error) => Refreshed::Failed(error),
        }
    }

    /// Returns whether the API has just refused this session or token.
    pub(super) fn is_refused(
        &self,
        owner: &RefreshOwner,
        class: RefreshClass,
        subject: &str,
    ) -> bool {
        let call = RefreshCall {
            owner,
            is_isolated: self.config.source.is_isolated,
            class,
            subject,
        };
        let (limits, now) = (self.config.refreshes, self.platform.now());
        with_isolate(|isolate| isolate.refreshes.is_refused(&call, &limits, now))
    }

    /// The time limit of a refresh: the shorter one of the client's and the call's.
    fn timeout_of(&self, refreshing: &Refreshing<'_>) -> u32 {
        self.config.time_limit_ms().min(refreshing.timeout_ms)
    }

    /// Returns whether an event about a limit may be reported now.
    pub(super) fn may_report(&self, kind: ReportKind, now: UnixSeconds) -> bool {
        let isolated = self.isolated_number();
        with_isolate(|isolate| isolate.refreshes.may_report(kind, isolated, now))
    }

    /// The number of the client, if it is isolated: then it has limits of its own.
    pub(super) fn isolated_number(&self) -> Option<u32> {
        let source = &self.config.source;
        source.is_isolated.then_some(source.number)
    }

    pub(super) fn refresh_owner(&self) -> RefreshOwner {
        RefreshOwner {
            issuer: self.config.issuer.clone(),
            source: self.config.source.number,
            secret: self.config.secret.clone(),
        }
    }

    fn refresh_key(&self, refreshing: &Refreshing<'_>, owner: &RefreshOwner) -> Key {
        let asked = &refreshing.asked;
        let duration = asked.session_duration_minutes;
        Key {
            owner: owner.clone(),
            network: self.platform.network(),
            is_token: asked.session_token.is_some(),
            credential: credential_of(asked).to_owned(),
            authorization_check: asked.authorization_check.cloned(),
            session_duration_minutes: duration.map(|minutes| minutes.get().to_owned()),
            timeout_ms: self.timeout_of(refreshing),
            retries: self.config.retries,
        }
    }
}

fn credential_of<'a>(asked: &AuthenticateSession<'a>) -> &'a str {
    asked
        .session_token
        .or(asked.session_jwt)
        .unwrap_or_default()
}

/// The purpose of a refresh with this permission.
pub(super) fn purpose_of(check: Option<&AuthorizationCheck>) -> Purpose {
    match check.and_then(|check| check.organization_id.as_ref()) {
        Some(_) => Purpose::SessionInOrganization,
        None => Purpose::Session,
    }
}

/// Returns what a response says about the API. Only an outage is a failure: another error status is a response, even if its
/// body is not an error of the API.
fn result_of(response: &Result<String, Error>, purpose: Purpose) -> RefreshResult {
    let Err(error) = response else {
        return RefreshResult::Answered;
    };
    let is_outage = match error {
        Error::Api(refusal) => is_outage(refusal.status),
        Error::Request(error) => match (error.status_code, error.reason) {
            (Some(status @ 300..), _) => is_outage(status),
            (_, Reason::Aborted) => return RefreshResult::Unknown,
            (_, reason) => reason != Reason::Internal,
        },
        Error::Client(_) | Error::Caused(..) => false,
    };
    match error.denial(purpose) {
        Denial::Unavailable(reason) if is_outage => RefreshResult::Failed {
            reason,
            retry_after: error.retry_after(),
        },
        Denial::Unauthenticated(Reason::SessionNotFound) => RefreshResult::SessionNotFound,
        _ => RefreshResult::Answered,
    }
}
