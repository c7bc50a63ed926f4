//! The check of a token: by what is available, and by what is fetched if it turns out to be needed.

use super::{Core, Error, LoadFailure, combine::all, state::with_state};
use crate::{
    client::{
        Accepted, Asking, CheckRequest, Checked, ClientError, ClientErrorCode, Demand, Need,
        Purpose, Reason, Scopes, Via, check,
    },
    jwt::UnixSeconds,
    session::{CheckOptions, TokenKind},
};

/// A token, and what it must be.
#[derive(Clone, Copy)]
pub struct TokenQuestion<'a> {
    /// The token; empty if there is none.
    pub token: &'a str,
    /// What it is for.
    pub kind: TokenKind,
    /// What its bearer must be allowed.
    pub demand: &'a Demand,
    /// For which moment, and how strictly.
    pub times: Times,
}

/// For which moment a token is checked, and how strictly.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// The moment. Default: now.
    pub now: Option<UnixSeconds>,
    /// How far clocks may differ, in seconds. Default: 0.
    pub clock_tolerance: f64,
    /// A token that was issued this many seconds ago, or more, is too old. Default: any age.
    pub max_token_age: Option<f64>,
}

impl Core {
    /// Checks a token, and fetches what turns out to be needed for that.
    ///
    /// # Errors
    /// [`Error::Client`] as [`check`]'s, or the failure of a request without which the token cannot be checked.
    pub async fn check(&self, question: &TokenQuestion<'_>) -> Result<Accepted, LoadFailure> {
        let came = self.platform.now();
        let accepted = self
            .settle(came, &|scopes, asking| {
                check(scopes, &self.request(question, asking))
            })
            .await?;
        if accepted.is_ageing {
            self.refresh_keys().await;
        }
        Ok(accepted)
    }

    /// Checks a token with what is available, and fetches nothing first.
    ///
    /// # Errors
    /// [`ClientError`] as [`check`]'s, and `jwks_unavailable` if keys or a policy have to be fetched first.
    pub fn check_now(&self, question: &TokenQuestion<'_>) -> Result<Accepted, ClientError> {
        let accepted =
            self.settle_now(&|scopes, asking| check(scopes, &self.request(question, asking)))?;
        if accepted.is_ageing && self.platform.has_background() {
            let core = self.clone();
            let work = Box::pin(async move {
                let _ = core.load(core.keys()).await;
            });
            // What cannot go on in the background is dropped: nothing awaits it here.
            drop(self.platform.run_in_background(work));
        }
        Ok(accepted)
    }

    fn request<'a>(&'a self, question: &TokenQuestion<'a>, asking: Asking) -> CheckRequest<'a> {
        let times = question.times;
        CheckRequest {
            issuer: &self.config.issuer,
            token: question.token,
            kind: question.kind,
            demand: question.demand,
            options: CheckOptions {
                now: times.now.unwrap_or(asking.now),
                clock_tolerance: times.clock_tolerance,
                max_token_age: times.max_token_age,
            },
            cache: self.config.token_cache,
            asking,
        }
    }

    /// Repeats `attempt` until nothing is missing any more, and fetches what is missing. What failed once is not
    /// tried again, and even then older keys may do.
    pub(super) async fn settle(
        &self,
        came: UnixSeconds,
        attempt: Attempt<'_>,
    ) -> Result<Accepted, LoadFailure> {
        let mut failures = Failures(Vec::new());
        let (mut rounds, mut waits) = (0, 0);
        let mut asking = self.asking_at(came, came);
        while rounds < MAX_ROUNDS && waits <= MAX_WAITS {
            let needs = match with_state(|scopes| attempt(scopes, asking)) {
                Ok(Checked::Done(mut accepted)) => {
                    // `cache` says that nothing had to be fetched, either.
                    if accepted.via == Via::Cache && rounds + waits > 0 {
                        accepted.via = Via::Local;
                    }
                    return Ok(accepted);
                }
                Ok(Checked::Needed(needs)) => needs,
                Err(error) => return Err(failures.behind(error)),
            };
            if needs == [Need::KeysUnderWay] {
                waits += 1;
            } else {
                rounds += 1;
            }
            if let Some(failure) = needs.iter().find_map(|need| failures.again(need)) {
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
            asking = self.asking(came);
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

    /// Makes one attempt with what is available.
    pub(super) fn settle_now(&self, attempt: Attempt<'_>) -> Result<Accepted, ClientError> {
        for _ in 0..2 {
            let now = self.platform.now();
            // A failure that recent would be the same again.
            let asking = self.asking_at(now, now - RECENT_SECONDS);
            let needs = match with_state(|scopes| attempt(scopes, asking))? {
                Checked::Done(result) => return Ok(result),
                Checked::Needed(needs) => needs,
            };
            if needs == [Need::ProvidedKeys] {
                self.take_provided_keys()?;
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

/// One attempt with what is available.
pub(super) type Attempt<'a> =
    &'a dyn Fn(&mut Scopes, Asking) -> Result<Checked<Accepted>, ClientError>;

type Load<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), LoadFailure>> + 'a>>;

/// What could not be loaded during one call, and why.
struct Failures(Vec<(Need, LoadFailure)>);

impl Failures {
    /// The failure of something that is needed again.
    fn again(&self, need: &Need) -> Option<LoadFailure> {
        let has_failed = self.0.iter().any(|(failed, _)| failed == need);
        has_failed.then(|| self.first(matches!(need, Need::Policy(_))))?
    }

    /// What failed here, in place of the message that something is missing because of it.
    fn behind(&self, error: ClientError) -> LoadFailure {
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

    /// What failed of one kind: the project's own policy first, whichever failed sooner.
    fn first(&self, is_policy: bool) -> Option<LoadFailure> {
        let of_kind = |(need, _): &&(Need, _)| matches!(need, Need::Policy(_)) == is_policy;
        let found = self.0.iter().filter(of_kind);
        let found = found.min_by_key(|(need, _)| *need != Need::Policy(None));
        Some(found?.1.clone())
    }
}

/// Provided keys, keys, then policies, and again if other projects displaced them.
const MAX_ROUNDS: usize = 6;

/// Five seconds, which is as long as a fetch of the keys may take.
const MAX_WAITS: usize = 170;

/// As long as no unknown key triggers a fetch of the key set.
const RECENT_SECONDS: f64 = 30.0;

const NOT_LOADED: &str = "the project's keys or policies are not loaded yet; load them first with the client's methods for that";
