//! Verdicts on requests, with typed sessions, for both clients.

use std::fmt;

use serde_json::{Map, Value};

use super::{
    Result,
    checks::{parsed, permission, seconds},
    client::{B2bClient, Client},
    core::Core,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::{
        BegunSession, CookieRules, Credentials, Decided, Reason, RemoteFallback, RequestHeaders,
        RequiredClaim, Verdict, Via, log_in_cookies, log_out_cookies,
    },
    consumer,
    flow::{RequestQuestion, Times},
};

/// What is required of a request's user. Default: a valid session.
#[derive(Clone)]
pub struct AuthenticateRequestOptions<Check> {
    /// What the user must be allowed.
    pub authorization_check: Option<Check>,
    /// A token issued this many seconds ago, or more, is refreshed first.
    pub max_token_age_seconds: Option<i64>,
    /// How far clocks may differ, in seconds.
    pub clock_tolerance_seconds: f64,
    /// What the token must say in addition.
    pub required_claims: Vec<RequiredClaim>,
    /// When the API is asked. Default: as the client's configuration says, or [`RemoteFallback::Stale`].
    pub remote_fallback: Option<RemoteFallback>,
    /// If the API is asked: how long the session shall last from now on.
    pub session_duration_minutes: Option<i64>,
    /// How the cookies are called and set. Default: as the client's configuration says.
    pub cookies: Option<CookieRules>,
}

/// A verdict, and what it means for the user's cookies.
#[derive(Clone, PartialEq)]
pub struct RequestVerdict<Session> {
    /// Whether the user is let in.
    pub access: Access<Session>,
    /// `Set-Cookie` lines for the response, whatever it is.
    pub set_cookies: Vec<String>,
}

/// Whether a user is let in.
#[derive(Clone, PartialEq)]
pub enum Access<Session> {
    /// Yes.
    Authenticated(Box<Authenticated<Session>>),
    /// No: the user is not known (401).
    Unauthenticated(Reason),
    /// No: the user is known, and may not do this (403).
    Forbidden(Reason),
    /// It cannot be decided now (503).
    Unavailable(Reason),
}

/// A user who is let in.
#[derive(Clone, PartialEq)]
pub struct Authenticated<Session> {
    /// How that is known.
    pub via: Via,
    /// The session.
    pub session: Session,
    /// The user's JWT, or a new one if the API was asked.
    pub session_jwt: String,
    /// All that the JWT claims.
    pub claims: Map<String, Value>,
}

impl Client {
    /// Checks the session that a request carries: a Bearer credential, or without
    /// one two cookies. A valid JWT needs no network; one that has expired is refreshed
    /// once, and the new tokens are in `set_cookies`. Malformed tokens trigger no request.
    ///
    /// ```
    /// # use stytch_edge::{Access, AuthenticateRequestOptions, Client, Result, client::RequestHeaders};
    /// async fn user(client: &Client, cookie: &str) -> Result<Option<String>> {
    ///     let headers = RequestHeaders { authorization: None, cookie: Some(cookie) };
    ///     let options = AuthenticateRequestOptions::default();
    ///     let verdict = client.authenticate_request(headers, &options).await?;
    ///     Ok(match verdict.access {
    ///         Access::Authenticated(user) => Some(user.session.user_id),
    ///         _ => None,
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument` for invalid options; nothing
    /// that a user sends is an error.
    pub async fn authenticate_request(
        &self,
        headers: RequestHeaders<'_>,
        options: &AuthenticateRequestOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<RequestVerdict<consumer::Session>> {
        self.core.verdict::<Consumer>(headers, options).await
    }
}

impl B2bClient {
    /// Checks the session that a request carries, as
    /// [`Client::authenticate_request`] does.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument` for invalid options; nothing
    /// that a user sends is an error.
    pub async fn authenticate_request(
        &self,
        headers: RequestHeaders<'_>,
        options: &AuthenticateRequestOptions<b2b::AuthorizationCheck>,
    ) -> Result<RequestVerdict<b2b::MemberSession>> {
        self.core.verdict::<B2b>(headers, options).await
    }
}

macro_rules! cookie_methods {
    ($client:ty) => {
        impl $client {
            /// The `Set-Cookie` lines of a session that has just begun and ends at `expires_at`, as the API writes it,
            /// by the configuration's `cookies`. A cookie that browsers would not keep is cleared instead, and reported
            /// to `on_event`.
            #[must_use]
            pub fn session_cookies(&self, tokens: (&str, &str), expires_at: &str) -> Vec<String> {
                self.core.session_cookies(tokens, expires_at)
            }

            /// The `Set-Cookie` lines of a log-out, by the configuration's `cookies`.
            #[must_use]
            pub fn clear_session_cookies(&self) -> Vec<String> {
                log_out_cookies(&self.core.flow.config.cookies)
            }
        }
    };
}

cookie_methods!(Client);
cookie_methods!(B2bClient);

/// The `Set-Cookie` lines of a session that has just begun and ends at `expires_at`, as
/// the API writes it. A cookie that browsers would not keep is cleared instead.
///
/// # Errors
/// [`Error::Client`](super::Error::Client) with `invalid_argument` for invalid rules.
pub fn session_cookies(
    rules: &CookieRules,
    (session_jwt, session_token): (&str, &str),
    expires_at: &str,
    now: super::UnixSeconds,
) -> Result<Vec<String>> {
    rules.check()?;
    let session = BegunSession {
        session_jwt,
        session_token,
        expires_at,
    };
    Ok(log_in_cookies(rules, &session, now).0)
}

/// The `Set-Cookie` lines of a log-out.
///
/// # Errors
/// [`Error::Client`](super::Error::Client) with `invalid_argument` for invalid rules.
pub fn clear_session_cookies(rules: &CookieRules) -> Result<Vec<String>> {
    rules.check()?;
    Ok(log_out_cookies(rules))
}

impl Core {
    async fn verdict<P: Product>(
        &self,
        headers: RequestHeaders<'_>,
        options: &AuthenticateRequestOptions<P::Check>,
    ) -> Result<RequestVerdict<P::Session>> {
        if let Some(cookies) = &options.cookies {
            cookies.check()?;
        }
        for claim in &options.required_claims {
            claim.check()?;
        }
        let minutes = options.session_duration_minutes;
        let minutes = minutes.and_then(|it| serde_json::value::to_raw_value(&it).ok());
        let rules = options.cookies.as_ref();
        let rules = rules.unwrap_or(&self.flow.config.cookies);
        let question = RequestQuestion {
            credentials: Credentials::find(headers, &rules.session_jwt, &rules.session_token),
            demand: &permission::<P>(options.authorization_check.as_ref()),
            times: Times {
                now: None,
                clock_tolerance: options.clock_tolerance_seconds,
                max_token_age: seconds(options.max_token_age_seconds),
            },
            required_claims: &options.required_claims,
            remote_fallback: options.remote_fallback,
            cookies: Some(rules),
            session_duration_minutes: minutes.as_deref(),
        };
        Ok(shown(self.flow.authenticate_request(&question).await?))
    }

    fn session_cookies(
        &self,
        (session_jwt, session_token): (&str, &str),
        expires_at: &str,
    ) -> Vec<String> {
        let session = BegunSession {
            session_jwt,
            session_token,
            expires_at,
        };
        self.flow.session_cookies(&session, None)
    }
}

fn shown<Session: super::json::FromJson>(decided: Decided) -> RequestVerdict<Session> {
    let access = match decided.verdict {
        Verdict::Authenticated {
            via,
            session,
            session_jwt,
            claims,
        } => match (parsed(&session), serde_json::from_str(&claims)) {
            (Ok(session), Ok(claims)) => Access::Authenticated(Box::new(Authenticated {
                via,
                session,
                session_jwt,
                claims,
            })),
            // Signed, and of a shape that the API does not give it.
            _ => Access::Unavailable(Reason::Internal),
        },
        Verdict::Unauthenticated(reason) => Access::Unauthenticated(reason),
        Verdict::Forbidden(reason) => Access::Forbidden(reason),
        Verdict::Unavailable(reason) => Access::Unavailable(reason),
    };
    RequestVerdict {
        access,
        set_cookies: decided.set_cookies,
    }
}

impl<Check> Default for AuthenticateRequestOptions<Check> {
    fn default() -> Self {
        Self {
            authorization_check: None,
            max_token_age_seconds: None,
            clock_tolerance_seconds: 0.0,
            required_claims: Vec::new(),
            remote_fallback: None,
            session_duration_minutes: None,
            cookies: None,
        }
    }
}

/// Shows the status or the reason, and nothing of the user.
impl<Session> fmt::Debug for RequestVerdict<Session> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match &self.access {
            Access::Authenticated(user) => user.via.word(),
            Access::Unauthenticated(reason)
            | Access::Forbidden(reason)
            | Access::Unavailable(reason) => reason.word(),
        };
        write!(formatter, "RequestVerdict({word})")
    }
}
