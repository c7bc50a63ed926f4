//! Checks of tokens: asks the client room, fetches what it needs, and asks again.
//!
//! The state behind it is this thread's, whatever client asks; in a Worker that is
//! the isolate's.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use super::{
    Error, Result,
    core::{Core, Shown, read},
    json::FromJson,
};
use crate::{
    client::{
        CacheLimits, CheckRequest, Checked, ClientError, ClientErrorCode, Demand,
        KEY_FETCH_TIMEOUT_MS, Need, Reason, Scopes, check, introspected, key_set_request,
        policy_request,
    },
    jwt::{self, JwkSet, UnixSeconds},
    session::{CheckOptions, Policy, Refusal, TokenKind},
};

thread_local! {
    static SCOPES: RefCell<Scopes> = const { RefCell::new(Scopes::new()) };
}

/// How strictly a token is judged, as callers say it.
#[derive(Default)]
pub(super) struct Strictness {
    pub(super) clock_tolerance_seconds: Option<f64>,
    pub(super) max_token_age_seconds: Option<i64>,
    pub(super) current_date: Option<UnixSeconds>,
}

impl Core {
    /// Checks a token, and fetches what turns out to be needed for it.
    pub(super) async fn check<T: FromJson>(
        &self,
        kind: TokenKind,
        token: &str,
        strictness: Strictness,
        demand: &Demand,
    ) -> Result<T> {
        let issuer = self.config.issuer();
        #[allow(clippy::cast_precision_loss, reason = "an age in seconds")]
        let max_token_age = strictness.max_token_age_seconds.map(|age| age as f64);
        let json = self
            .settle(|scopes, now| {
                let request = CheckRequest {
                    issuer: &issuer,
                    token,
                    kind,
                    demand,
                    options: CheckOptions {
                        now: strictness.current_date.unwrap_or(now),
                        clock_tolerance: strictness.clock_tolerance_seconds.unwrap_or(0.0),
                        max_token_age,
                    },
                    seed: 0,
                    cache: CacheLimits::default(),
                    clock: now,
                };
                check(scopes, &request)
            })
            .await?;
        parsed(&json)
    }

    /// Reads what the API says of a Connected App's token.
    pub(super) async fn introspected<T: FromJson>(
        &self,
        answer: &str,
        demand: &Demand,
    ) -> Result<T> {
        let issuer = self.config.issuer();
        let json = self
            .settle(|scopes, now| introspected(scopes, &issuer, answer, demand, now))
            .await?;
        parsed(&json)
    }

    /// Asks until nothing is needed any more. What failed once is not tried again,
    /// and even then older keys may do.
    async fn settle(
        &self,
        judge: impl Fn(&mut Scopes, UnixSeconds) -> std::result::Result<Checked, ClientError>,
    ) -> Result<String> {
        let mut failures: Vec<(Need, Error)> = Vec::new();
        let failure = |failures: &[(Need, Error)], need: &Need| {
            let found = failures.iter().find(|(failed, _)| failed == need);
            found.map(|(_, error)| error.clone())
        };
        for _ in 0..MOST_ROUNDS {
            let now = self.platform.now();
            let needs = match SCOPES.with_borrow_mut(|scopes| judge(scopes, now)) {
                Ok(Checked::Done(json)) => return Ok(json),
                Ok(Checked::Needed(needs)) => needs,
                Err(error) if error.code == ClientErrorCode::JwksUnavailable => {
                    return Err(failure(&failures, &Need::Keys).unwrap_or(error.into()));
                }
                Err(error) => return Err(error.into()),
            };
            if let Some(error) = needs.iter().find_map(|need| failure(&failures, need)) {
                return Err(error);
            }
            let loads = needs.iter().map(|need| self.load(need));
            let outcomes = all(loads.collect()).await;
            for (need, outcome) in needs.into_iter().zip(outcomes) {
                failures.extend(outcome.err().map(|error| (need, error)));
            }
        }
        Err(ClientError::keys_unavailable(Reason::KeysUnavailable).into())
    }

    fn load<'a>(&'a self, need: &'a Need) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
        match need {
            // These clients bring no keys, so that a seed is never what they lack.
            Need::Seed | Need::Keys => Box::pin(self.load_keys()),
            Need::Policy(organization_id) => Box::pin(self.load_policy(organization_id.as_deref())),
        }
    }

    /// An outage is no verdict: whatever went wrong, the keys cannot be had now.
    async fn load_keys(&self) -> Result<()> {
        let issuer = self.config.issuer();
        let request = key_set_request(&issuer, &self.config.origin);
        let timeout_ms = self.config.timeout_ms.min(KEY_FETCH_TIMEOUT_MS);
        let began = self.platform.now();
        SCOPES.with_borrow_mut(|scopes| scopes.keys_of(&issuer).note_attempt(began));
        let shown = Shown::of(&request);
        let fetched = self.platform.send(request, timeout_ms).await;
        let reason = match &fetched {
            Err(error) if error.reason == Reason::Timeout => Reason::Timeout,
            _ => Reason::KeysUnavailable,
        };
        let set = fetched.ok().and_then(|answer| {
            read(&shown, &answer).ok()?;
            JwkSet::parse(&answer.text).ok()
        });
        SCOPES.with_borrow_mut(|scopes| {
            let keys = scopes.keys_of(&issuer);
            match set {
                Some(set) => {
                    keys.store(set, began);
                    Ok(())
                }
                None => {
                    keys.note_failure(began);
                    Err(ClientError::keys_unavailable(reason).into())
                }
            }
        })
    }

    /// Unlike keys, policies are asked for with the project's credentials, and a
    /// refusal says what is wrong with these.
    async fn load_policy(&self, organization_id: Option<&str>) -> Result<()> {
        let issuer = self.config.issuer();
        let request = policy_request(&self.config, organization_id)?;
        let shown = Shown::of(&request);
        let began = self.platform.now();
        let answer = self.platform.send(request, self.config.timeout_ms).await?;
        read(&shown, &answer)?;
        let policy = Policy::read(&answer.text).ok_or_else(|| {
            let status = answer.status;
            shown.unanswered(&format!("was answered with status {status} and no policy"))
        })?;
        SCOPES.with_borrow_mut(|scopes| {
            let policies = scopes.policies();
            policies.store(&issuer, organization_id, policy, began);
        });
        Ok(())
    }
}

/// A result that this crate wrote itself; a claim in it may still have another shape
/// than the API gives it.
fn parsed<T: FromJson>(json: &str) -> Result<T> {
    let value = serde_json::from_str(json).map_err(|_| misshapen("they are no JSON"))?;
    T::from_json(value).map_err(|unexpected| misshapen(&unexpected.to_string()))
}

fn misshapen(what: &str) -> Error {
    let claims = Refusal::Jwt(jwt::Refusal::MissingClaim);
    Error::Client(ClientError {
        message: format!("the token's claims have an unexpected shape: {what}"),
        ..ClientError::refused(Reason::Token(claims))
    })
}

/// Waits for all of some futures at the same time.
async fn all<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> Vec<T> {
    let mut outcomes: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    poll_fn(move |context| {
        let mut waiting = false;
        for (future, outcome) in futures.iter_mut().zip(&mut outcomes) {
            if outcome.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *outcome = Some(value),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready(outcomes.drain(..).flatten().collect())
    })
    .await
}

/// Keys, then policies; and once more where another check dropped the keys meanwhile.
const MOST_ROUNDS: usize = 4;
