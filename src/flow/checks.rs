//! The check of a token. Keys and policies that the check needs are fetched first if they are not loaded.

#[cfg(feature = "api")]
use std::cell::Cell;

use super::{Core, Error, LoadFailure, combine::all, state::with_state};
use crate::{
    client::{
        Accepted, CheckRequest, Checked, ClientError, ClientErrorCode, Expected, IsolateState,
        LookupContext, Need, Purpose, Reason, Requirement, Terms, Via, check,
    },
    jwt::{ClockTolerance, UnixSeconds},
    session::{CheckOptions, TokenKind},
};

/// A token, and the requirements that it must meet.
#[derive(Clone, Copy)]
pub struct TokenCheck<'a> {
    /// The token. An empty text is refused with the reason `no_credentials`.
    pub token: &'a str,
    /// The kind that the token must be of.
    pub kind: TokenKind,
    /// The permission or the scopes that the token must have.
    pub requirement: &'a Requirement,
    /// The time of the check and its tolerances.
    pub times: Times,
}

/// The time for which a token is checked, and the tolerances of the check.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// The time of the check. Default: the current time.
    pub now: Option<UnixSeconds>,
    /// The accepted differences between clocks. Default: 0.
    pub tolerance: ClockTolerance,
    /// The age in seconds, counted from `iat`, at which a token is too old. Default: any age is accepted.
    pub max_token_age: Option<f64>,
}

impl Core {
    /// Checks a token. Fetches the keys and policies that the check needs and that are not loaded.
    ///
    /// # Errors
    /// The errors of [`check`] as [`Error::Client`], or the failure of a request for keys or a policy.
    pub async fn check(&self, question: &TokenCheck<'_>) -> Result<Accepted, LoadFailure> {
        let token = question.token;
        self.check_until_settled(&|state, lookup| {
            let expected = Expected::One(question.terms(lookup));
            check(state, &self.request(token, expected, lookup))
        })
        .await
    }

    /// Checks a token of one of several kinds, which its claims decide after the signature is verified. `questions` have
    /// the same token, and different kinds. Writes the kind of the token to `decided`, once it is known.
    ///
    /// # Errors
    /// The errors of [`check`](Self::check), with the reason `wrong_token_kind` if the kind is not among the `questions`.
    #[cfg(feature = "api")]
    pub(super) async fn check_any_of(
        &self,
        questions: &[TokenCheck<'_>],
        decided: &Cell<Option<TokenKind>>,
    ) -> Result<Accepted, LoadFailure> {
        let token = questions.first().map_or("", |question| question.token);
        self.check_until_settled(&|state, lookup| {
            let terms: Vec<_> = questions.iter().map(|it| it.terms(lookup)).collect();
            let terms = &terms;
            let expected = Expected::AnyOf { terms, decided };
            check(state, &self.request(token, expected, lookup))
        })
        .await
    }

    async fn check_until_settled(&self, attempt: Attempt<'_>) -> Result<Accepted, LoadFailure> {
        let accepted = self.settle(self.platform.now(), attempt).await?;
        if accepted.is_ageing {
            self.refresh_keys().await;
        }
        Ok(accepted)
    }

    /// Checks a token with the keys and policies that are loaded.
    ///
    /// # Errors
    /// The errors of [`check`], and `jwks_unavailable` if the keys or a policy are not loaded.
    pub fn check_now(&self, question: &TokenCheck<'_>) -> Result<Accepted, ClientError> {
        let accepted = self.settle_now(&|state, lookup| {
            let expected = Expected::One(question.terms(lookup));
            check(state, &self.request(question.token, expected, lookup))
        })?;
        if accepted.is_ageing && self.platform.has_background() {
            let core = self.clone();
            let work = Box::pin(async move {
                let _ = core.load(core.keys()).await;
            });
            // If the platform returns the work, it is dropped: this function is not async and cannot await it.
            drop(self.platform.run_in_background(work));
        }
        Ok(accepted)
    }

    fn request<'a>(
        &'a self,
        token: &'a str,
        expected: Expected<'a>,
        lookup: LookupContext,
    ) -> CheckRequest<'a> {
        CheckRequest {
            issuer: &self.config.issuer,
            token,
            expected,
            cache: self.config.token_cache,
            lookup,
        }
    }

    /// Repeats `attempt` until it has all the keys and policies that it needs. Fetches the missing ones before each
    /// repetition. A fetch that failed is not repeated; the attempt may still succeed with older keys.
    pub(super) async fn settle(
        &self,
        check_began: UnixSeconds,
        attempt: Attempt<'_>,
    ) -> Result<Accepted, LoadFailure> {
        let mut failures = Failures(Vec::new());
        let (mut rounds, mut waits) = (0, 0);
        let mut lookup = self.lookup_at(check_began, check_began);
        while rounds < MAX_ROUNDS && waits <= MAX_WAITS {
            let needs = match with_state(|state| attempt(state, lookup)) {
                Ok(Checked::Done(mut accepted)) => {
                    // `cache` also means that the call did not wait for a fetch.
                    if accepted.via == Via::Cache && rounds + waits > 0 {
                        accepted.via = Via::Local;
                    }
                    return Ok(accepted);
                }
                Ok(Checked::Needed(needs)) => needs,
                Err(error) => return Err(failures.cause_of(error)),
            };
            if needs == [Need::KeysBeingFetched] {
                waits += 1;
            } else {
                rounds += 1;
            }
            if let Some(failure) = needs.iter().find_map(|need| failures.previous(need)) {
                return Err(failure);
            }
            let loads = needs
                .iter()
                .map(|need| -> Load<'_> { Box::pin(self.provide(need)) });
            let outcomes = all(loads.collect()).await;
            for (need, outcome) in needs.into_iter().zip(outcomes) {
                match outcome {
                    Ok(()) => {}
                    Err(failure) if failure.purpose.is_none() => return Err(failure),
                    Err(failure) => failures.0.push((need, failure)),
                }
            }
            lookup = self.lookup(check_began);
        }
        let reason = match waits > MAX_WAITS {
            true => Reason::Timeout,
            false => Reason::KeysUnavailable,
        };
        Err(LoadFailure {
            purpose: Some(Purpose::KeySet),
            error: ClientError::keys_unavailable(reason).into(),
        })
    }

    /// Makes one attempt with the keys and policies that are loaded.
    pub(super) fn settle_now(&self, attempt: Attempt<'_>) -> Result<Accepted, ClientError> {
        for _ in 0..2 {
            let now = self.platform.now();
            // If a fetch failed within the last 30 seconds, the attempt reports that failure.
            let lookup = self.lookup_at(now, now - RECENT_SECONDS);
            let needs = match with_state(|state| attempt(state, lookup))? {
                Checked::Done(result) => return Ok(result),
                Checked::Needed(needs) => needs,
            };
            if needs == [Need::ProvidedKeys] {
                self.load_provided_keys()?;
                continue;
            }
            let is_policy = needs.iter().any(|need| matches!(need, Need::Policy(_)));
            let reason = match is_policy {
                true => Reason::PolicyUnavailable,
                false => Reason::KeysUnavailable,
            };
            let code = ClientErrorCode::JwksUnavailable;
            return Err(ClientError::new(code, Some(reason), NOT_LOADED));
        }
        Err(ClientError::keys_unavailable(Reason::KeysUnavailable))
    }
}

impl<'a> TokenCheck<'a> {
    fn terms(&self, lookup: LookupContext) -> Terms<'a> {
        let times = self.times;
        Terms {
            kind: self.kind,
            requirement: self.requirement,
            options: CheckOptions {
                now: times.now.unwrap_or(lookup.now),
                tolerance: times.tolerance,
                max_token_age: times.max_token_age,
            },
        }
    }
}

/// One attempt with the keys and policies that are loaded.
pub(super) type Attempt<'a> =
    &'a dyn Fn(&mut IsolateState, LookupContext) -> Result<Checked<Accepted>, ClientError>;

type Load<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), LoadFailure>> + 'a>>;

/// The loads that failed during one call, with their errors.
struct Failures(Vec<(Need, LoadFailure)>);

impl Failures {
    /// The earlier failure of a load, if the attempt needs that load again.
    fn previous(&self, need: &Need) -> Option<LoadFailure> {
        let has_failed = self.0.iter().any(|(failed, _)| failed == need);
        has_failed.then(|| self.first(matches!(need, Need::Policy(_))))?
    }

    /// Replaces an error about missing keys or a missing policy by the failure of the load that caused it.
    fn cause_of(&self, error: ClientError) -> LoadFailure {
        let is_policy = error.reason == Some(Reason::PolicyUnavailable);
        if error.code != ClientErrorCode::JwksUnavailable {
            return error.into();
        }
        self.first(is_policy).unwrap_or(LoadFailure {
            purpose: Some(if is_policy {
                Purpose::Policy
            } else {
                Purpose::KeySet
            }),
            error: Error::Client(error),
        })
    }

    /// The first failure of the loads of policies, or of keys. The failure of the project's policy precedes those of
    /// organizations, in whichever order they occurred.
    fn first(&self, is_policy: bool) -> Option<LoadFailure> {
        let of_kind = |(need, _): &&(Need, _)| matches!(need, Need::Policy(_)) == is_policy;
        let found = self.0.iter().filter(of_kind);
        let found = found.min_by_key(|(need, _)| *need != Need::Policy(None));
        Some(found?.1.clone())
    }
}

/// Three rounds load the provided keys, the key set and the policies. Three more rounds load them again if other projects
/// displaced them from the caches.
const MAX_ROUNDS: usize = 6;

/// About 5 seconds of waits of 30 milliseconds: the time limit of a fetch of the key set.
const MAX_WAITS: usize = 170;

/// The interval after a fetch of the key set in which an unknown key does not trigger another fetch.
const RECENT_SECONDS: f64 = 30.0;

const NOT_LOADED: &str = "the project's key set or a policy is not loaded; load it first with the client's methods that load keys and policies";
