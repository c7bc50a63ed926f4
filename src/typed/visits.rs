//! Verdicts on requests, for both clients: asks the client room, fetches and asks what
//! it says, and comes back with what came of that.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    Error, Result,
    checks::{SCOPES, parsed},
    client::{B2bClient, Client},
    core::Core,
    json::FromJson,
    sessions::demand,
};
use crate::{
    b2b,
    client::{
        self, Asking, CacheLimits, CheckRequest, ClientErrorCode, CookieRules, Demand, Need,
        Outcome, Question, Reason, RemoteFallback, RequestHeaders, RequiredClaim, Step, Trouble,
        Verdict, Via, Visit, Visited, log_in_cookies, log_out_cookies, visit,
    },
    consumer,
    session::{AuthorizationCheck, CheckOptions, TokenKind},
};

/// What is asked of a visitor; by default, that there is a good session.
#[derive(Clone)]
pub struct VisitOptions<Check> {
    /// What the visitor must be allowed.
    pub authorization_check: Option<Check>,
    /// A token issued this many seconds ago, or more, is refreshed first.
    pub max_token_age_seconds: Option<i64>,
    /// How far clocks may differ.
    pub clock_tolerance_seconds: f64,
    /// What the token must say beyond what every one does.
    pub required_claims: Vec<RequiredClaim>,
    /// When the API is asked.
    pub remote_fallback: RemoteFallback,
    /// Where the API is asked: how long the session shall last from now on.
    pub session_duration_minutes: Option<i64>,
    /// How the cookies are called and set.
    pub cookies: CookieRules,
}

/// A verdict, and what it means for the visitor's cookies.
#[derive(Clone, PartialEq)]
pub struct RequestVerdict<Session> {
    /// Whether the visitor is let in.
    pub access: Access<Session>,
    /// `Set-Cookie` lines for the answer, whatever it is.
    pub set_cookies: Vec<String>,
}

/// Whether a visitor is let in.
#[derive(Clone, PartialEq)]
pub enum Access<Session> {
    /// Yes.
    Authenticated(Box<Visitor<Session>>),
    /// No: nobody knows who it is (401).
    Unauthenticated(Reason),
    /// No: the visitor is known, and may not do this (403).
    Forbidden(Reason),
    /// Nobody can tell now (503).
    Unavailable(Reason),
}

/// A visitor who is let in.
#[derive(Clone, PartialEq)]
pub struct Visitor<Session> {
    /// Who says so.
    pub via: Via,
    /// The session.
    pub session: Session,
    /// The visitor's JWT, or a new one where the API was asked.
    pub session_jwt: String,
    /// All that the JWT claims.
    pub claims: Map<String, Value>,
}

impl Client {
    /// Judges a request by the session that it carries: a Bearer credential, or without
    /// one two cookies. A good JWT needs no network; one that has expired is refreshed
    /// once, and the new tokens are in `set_cookies`. Junk costs no call.
    ///
    /// ```
    /// # use stytch_edge::{Access, Client, Result, VisitOptions, client::RequestHeaders};
    /// async fn user(client: &Client, cookie: &str) -> Result<Option<String>> {
    ///     let headers = RequestHeaders { authorization: None, cookie: Some(cookie) };
    ///     let visit = client.authenticate_request(headers, &VisitOptions::default()).await?;
    ///     Ok(match visit.access {
    ///         Access::Authenticated(visitor) => Some(visitor.session.user_id),
    ///         _ => None,
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` for options that make no sense; nothing
    /// that a visitor sends is an error.
    pub async fn authenticate_request(
        &self,
        headers: RequestHeaders<'_>,
        options: &VisitOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<RequestVerdict<consumer::Session>> {
        let ask = async |session_token, session_jwt| {
            let request = consumer::SessionsAuthenticateRequest {
                session_token,
                session_jwt,
                session_duration_minutes: options.session_duration_minutes,
                authorization_check: options.authorization_check.clone(),
                ..Default::default()
            };
            let answer = self.sessions().authenticate(&request).await?;
            Ok(Answered {
                expires_at: answer.session.expires_at.clone().unwrap_or_default(),
                session: answer.session,
                session_token: answer.session_token,
                session_jwt: answer.session_jwt,
            })
        };
        self.core.visited(headers, options, ask).await
    }
}

impl B2bClient {
    /// Judges a request by the session that it carries, as
    /// [`Client::authenticate_request`] does.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` for options that make no sense; nothing
    /// that a visitor sends is an error.
    pub async fn authenticate_request(
        &self,
        headers: RequestHeaders<'_>,
        options: &VisitOptions<b2b::AuthorizationCheck>,
    ) -> Result<RequestVerdict<b2b::MemberSession>> {
        let ask = async |session_token, session_jwt| {
            let request = b2b::SessionsAuthenticateRequest {
                session_token,
                session_jwt,
                session_duration_minutes: options.session_duration_minutes,
                authorization_check: options.authorization_check.clone(),
                ..Default::default()
            };
            let answer = self.sessions().authenticate(&request).await?;
            Ok(Answered {
                expires_at: answer.member_session.expires_at.clone(),
                session: answer.member_session,
                session_token: answer.session_token,
                session_jwt: answer.session_jwt,
            })
        };
        self.core.visited(headers, options, ask).await
    }
}

/// The `Set-Cookie` lines of a session that has just begun and ends at `expires_at`, as
/// the API writes it. A cookie that browsers would not keep is cleared instead.
///
/// # Errors
/// [`Error::Client`] with `invalid_argument` for rules that make no sense.
pub fn session_cookies(
    rules: &CookieRules,
    (session_jwt, session_token): (&str, &str),
    expires_at: &str,
    now: super::UnixSeconds,
) -> Result<Vec<String>> {
    rules.check()?;
    let session = client::Authenticated {
        session_jwt,
        session_token,
        expires_at,
    };
    Ok(log_in_cookies(rules, &session, now).0)
}

/// The `Set-Cookie` lines of a log-out.
///
/// # Errors
/// [`Error::Client`] with `invalid_argument` for rules that make no sense.
pub fn clear_session_cookies(rules: &CookieRules) -> Result<Vec<String>> {
    rules.check()?;
    Ok(log_out_cookies(rules))
}

/// What the API said of a session that it authenticated.
struct Answered<Session> {
    session: Session,
    session_token: String,
    session_jwt: String,
    expires_at: String,
}

/// What came of the steps so far.
struct Found<Session> {
    is_begun: bool,
    without_keys: bool,
    policy: Option<Error>,
    asked: Option<Result<Answered<Session>>>,
}

impl<Session> Found<Session> {
    fn outcome(&self) -> Outcome<'_> {
        match &self.asked {
            Some(Ok(answer)) => Outcome::Answered(client::Authenticated {
                session_jwt: &answer.session_jwt,
                session_token: &answer.session_token,
                expires_at: &answer.expires_at,
            }),
            Some(Err(error)) => Outcome::Refused(trouble(error)),
            None if self.is_begun => Outcome::Loaded {
                without_keys: self.without_keys,
                policy: self.policy.as_ref().map(trouble),
            },
            None => Outcome::Begun,
        }
    }
}

impl Core {
    async fn visited<Session: FromJson, Check>(
        &self,
        headers: RequestHeaders<'_>,
        options: &VisitOptions<Check>,
        ask: impl AsyncFn(Option<String>, Option<String>) -> Result<Answered<Session>>,
    ) -> Result<RequestVerdict<Session>>
    where
        for<'a> AuthorizationCheck: From<&'a Check>,
    {
        options.cookies.check()?;
        for claim in &options.required_claims {
            claim.check()?;
        }
        let demand: Demand = demand(options.authorization_check.as_ref());
        let (issuer, came) = (self.config.issuer(), self.platform.now());
        #[allow(clippy::cast_precision_loss, reason = "an age in seconds")]
        let max_token_age = options.max_token_age_seconds.map(|age| age as f64);
        let mut found = Found {
            is_begun: false,
            without_keys: false,
            policy: None,
            asked: None,
        };
        for _ in 0..MOST_ROUNDS {
            let now = self.platform.now();
            let request = Visit {
                headers,
                check: CheckRequest {
                    issuer: &issuer,
                    token: "",
                    kind: TokenKind::Session,
                    demand: &demand,
                    options: CheckOptions {
                        now,
                        clock_tolerance: options.clock_tolerance_seconds,
                        max_token_age,
                    },
                    cache: CacheLimits::default(),
                    asking: Asking {
                        came,
                        ..Asking::at(now)
                    },
                },
                required_claims: &options.required_claims,
                remote_fallback: options.remote_fallback,
                cookies: &options.cookies,
            };
            let outcome = found.outcome();
            let step = SCOPES.with_borrow_mut(|scopes| visit(scopes, &request, &outcome));
            found.is_begun = true;
            match step {
                Ok(Step::Done(visited)) => {
                    if visited.is_ageing {
                        // Nothing here outlives a call, so the refresh is part of this one.
                        let _ = self.load(&Need::Keys).await;
                    }
                    return shown(*visited, found.asked);
                }
                Ok(Step::Needed(needs)) => {
                    for need in needs {
                        match (self.load(&need).await, need) {
                            (Ok(()), _) => {}
                            (Err(error), Need::Policy(_)) => found.policy = Some(error),
                            (Err(_), _) => found.without_keys = true,
                        }
                    }
                }
                Ok(Step::Ask(question)) => {
                    let answer = match question {
                        Question::SessionToken(token) => ask(Some(token), None).await,
                        Question::SessionJwt(token) => ask(None, Some(token)).await,
                    };
                    found.asked = Some(answer);
                }
                Err(error) if error.code == ClientErrorCode::InvalidArgument => {
                    return Err(error.into());
                }
                Err(error) => found.policy = Some(error.into()),
            }
        }
        let access = Access::Unavailable(Reason::KeysUnavailable);
        Ok(RequestVerdict {
            access,
            set_cookies: Vec::new(),
        })
    }
}

/// The verdict with its session: the API's, or the one that the token describes.
fn shown<Session: FromJson>(
    visited: Visited,
    asked: Option<Result<Answered<Session>>>,
) -> Result<RequestVerdict<Session>> {
    let access = match visited.verdict {
        Verdict::Authenticated {
            via,
            session,
            session_jwt,
            claims,
        } => {
            let session = match (session, asked) {
                (Some(json), _) => parsed(&json),
                (None, Some(answer)) => answer.map(|answer| answer.session),
                (None, None) => parsed("null"),
            };
            let claims = serde_json::from_str(&claims);
            match (session, claims) {
                (Ok(session), Ok(claims)) => Access::Authenticated(Box::new(Visitor {
                    via,
                    session,
                    session_jwt,
                    claims,
                })),
                // Signed, and of a shape that the API does not give it.
                _ => Access::Unavailable(Reason::Internal),
            }
        }
        Verdict::Unauthenticated(reason) => Access::Unauthenticated(reason),
        Verdict::Forbidden(reason) => Access::Forbidden(reason),
        Verdict::Unavailable(reason) => Access::Unavailable(reason),
    };
    Ok(RequestVerdict {
        access,
        set_cookies: visited.set_cookies,
    })
}

fn trouble(error: &Error) -> Trouble<'_> {
    match error {
        Error::Api(error) => {
            let error_type = error.error_type.as_deref().unwrap_or_default();
            Trouble::Status(error.status_code, error_type)
        }
        Error::Request(error) => Trouble::Unanswered(error.reason),
        Error::Client(error) => Trouble::Unanswered(error.reason.unwrap_or(Reason::Internal)),
    }
}

impl<Check> Default for VisitOptions<Check> {
    fn default() -> Self {
        Self {
            authorization_check: None,
            max_token_age_seconds: None,
            clock_tolerance_seconds: 0.0,
            required_claims: Vec::new(),
            remote_fallback: RemoteFallback::Stale,
            session_duration_minutes: None,
            cookies: CookieRules::default(),
        }
    }
}

/// Without keys, without a policy, a question, its answer; and fetches before each.
const MOST_ROUNDS: usize = 8;

/// Shows the status, and nothing of the visitor.
impl<Session> std::fmt::Debug for RequestVerdict<Session> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: Cow<'_, str> = match &self.access {
            Access::Authenticated(visitor) => visitor.via.word().into(),
            Access::Unauthenticated(reason)
            | Access::Forbidden(reason)
            | Access::Unavailable(reason) => reason.word().into(),
        };
        write!(formatter, "RequestVerdict({shown})")
    }
}
