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
        Asking, CacheLimits, CheckRequest, Checked, ClientError, ClientErrorCode, Demand,
        KeySource, LOAD_TIMEOUT_MS, Lifetimes, Loaded, Loading, Need, Reason, Scopes, check,
        introspected, is_outage,
    },
    jwt::{self, UnixSeconds},
    session::{CheckOptions, Refusal, TokenKind},
};

thread_local! {
    pub(super) static SCOPES: RefCell<Scopes> = const { RefCell::new(Scopes::new()) };
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
            .settle(|scopes, asking| {
                let request = CheckRequest {
                    issuer: &issuer,
                    token,
                    kind,
                    demand,
                    options: CheckOptions {
                        now: strictness.current_date.unwrap_or(asking.now),
                        clock_tolerance: strictness.clock_tolerance_seconds.unwrap_or(0.0),
                        max_token_age,
                    },
                    cache: CacheLimits::default(),
                    asking,
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
            .settle(|scopes, asking| introspected(scopes, &issuer, answer, demand, asking))
            .await?;
        parsed(&json)
    }

    /// Asks until nothing is needed any more. What failed once is not tried again,
    /// and even then older keys may do.
    async fn settle(
        &self,
        judge: impl Fn(&mut Scopes, Asking) -> std::result::Result<Checked, ClientError>,
    ) -> Result<String> {
        let mut failures: Vec<(Need, Error)> = Vec::new();
        let came = self.platform.now();
        for _ in 0..MOST_ROUNDS {
            let asking = Asking {
                came,
                ..Asking::at(self.platform.now())
            };
            let needs = match SCOPES.with_borrow_mut(|scopes| judge(scopes, asking)) {
                Ok(Checked::Done(json)) => return Ok(json),
                Ok(Checked::Ageing(json)) => {
                    // Nothing here outlives a call, so the refresh is part of this one;
                    // whatever comes of it, the keys that are there have judged.
                    let _ = self.load(&Need::Keys).await;
                    return Ok(json);
                }
                Ok(Checked::Needed(needs)) => needs,
                Err(error) => return Err(cause(failures, error)),
            };
            let failed = |need: &Need| failures.iter().find(|(failed, _)| failed == need);
            if let Some((_, error)) = needs.iter().find_map(failed) {
                return Err(error.clone());
            }
            let loads = needs.iter().map(|need| self.load(need));
            let outcomes = all(loads.collect()).await;
            for (need, outcome) in needs.into_iter().zip(outcomes) {
                failures.extend(outcome.err().map(|error| (need, error)));
            }
        }
        Err(ClientError::keys_unavailable(Reason::KeysUnavailable).into())
    }

    pub(super) fn load<'a>(
        &'a self,
        need: &Need,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
        let what = match need {
            // These clients bring no keys, and here nobody waits for another's fetch.
            Need::Seed | Need::Keys | Need::KeysUnderWay => Loaded::Keys(None),
            Need::Policy(organization_id) => Loaded::Policy(organization_id.clone()),
        };
        Box::pin(self.load_now(what))
    }

    /// Keys that cannot be had are an outage, whatever went wrong. Policies are asked for
    /// with the project's credentials, and a refusal says what is wrong with these.
    async fn load_now(&self, what: Loaded) -> Result<()> {
        let of = (self.config.issuer(), KeySource::default());
        let (began, is_keys) = (self.platform.now(), matches!(what, Loaded::Keys(_)));
        let lifetimes = Lifetimes::default();
        let loading =
            SCOPES.with_borrow_mut(|scopes| Loading::begin(scopes, what, of, lifetimes, began));
        let request = loading.request(&self.config).inspect_err(|_| {
            SCOPES.with_borrow_mut(|scopes| loading.refused(scopes));
        })?;
        let shown = Shown::of(&request);
        let timeout_ms = self.config.timeout_ms.min(LOAD_TIMEOUT_MS);
        let fetched = self.platform.send(request, timeout_ms).await;
        let now = self.platform.now();
        SCOPES.with_borrow_mut(|scopes| {
            let error = match fetched {
                Err(error) => Error::from(error),
                Ok(answer) => match read(&shown, &answer) {
                    Ok(_) if loading.arrived(scopes, &answer.text).is_some() => return Ok(()),
                    Ok(_) => {
                        let (status, what) =
                            (answer.status, if is_keys { "key set" } else { "policy" });
                        shown
                            .unanswered(&format!("was answered with status {status} and no {what}"))
                    }
                    Err(error) => error,
                },
            };
            match &error {
                Error::Api(refusal) if !is_keys && !is_outage(refusal.status_code) => {
                    loading.refused(scopes);
                }
                _ => loading.failed(scopes, now),
            }
            Err(match &error {
                _ if !is_keys => error,
                Error::Request(error) if error.reason == Reason::Timeout => {
                    ClientError::keys_unavailable(Reason::Timeout).into()
                }
                _ => ClientError::keys_unavailable(Reason::KeysUnavailable).into(),
            })
        })
    }
}

/// What failed, in place of the news that something is not there for that.
fn cause(failures: Vec<(Need, Error)>, error: ClientError) -> Error {
    let is_it = |need: &Need| match error.reason {
        Some(Reason::KeysUnavailable) => *need == Need::Keys,
        Some(Reason::PolicyUnavailable) => matches!(need, Need::Policy(_)),
        _ => false,
    };
    let failed = failures.into_iter().find(|(need, _)| is_it(need));
    failed.map_or(error.into(), |(_, failure)| failure)
}

/// A result that this crate wrote itself; a claim in it may still have another shape
/// than the API gives it.
pub(super) fn parsed<T: FromJson>(json: &str) -> Result<T> {
    let value = serde_json::from_str(json).map_err(|_| misshapen("they are no JSON"))?;
    T::from_json(value).map_err(|unexpected| misshapen(&unexpected.to_string()))
}

fn misshapen(what: &str) -> Error {
    let reason = Reason::Token(Refusal::Jwt(jwt::Refusal::InvalidClaim));
    let message = format!("the token's claims have an unexpected shape: {what}");
    Error::Client(ClientError::new(
        ClientErrorCode::JwtInvalid,
        Some(reason),
        message,
    ))
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
const MOST_ROUNDS: usize = 6;
