//! Verdicts on requests with typed sessions, for both clients.

use std::fmt;

use serde_json::{Map, Value, value::RawValue};

use super::{
    Result,
    checks::{parsed, permission, seconds},
    client::{B2bClient, Client},
    config::check_timeout,
    core::Core,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::{
        ApiRefusalDetails, CookieRules, Credentials, NewSession, Reason, RemoteFallback,
        RequestHeaders, RequiredClaim, Requirement, Verdict, VerdictWithCookies, Via,
        log_in_cookies, log_out_cookies,
    },
    consumer,
    flow::{RequestCheck, Times},
    jwt::ClockTolerance,
};

/// The requirements that the user of a request must meet. Default: a valid session.
#[derive(Clone)]
pub struct AuthenticateRequestOptions<Check> {
    /// A permission that the roles of the user must grant. Default: none.
    pub authorization_check: Option<Check>,
    /// The age in seconds, counted from `iat`, at which a JWT is refreshed. Default: any age is accepted.
    pub max_token_age_seconds: Option<i64>,
    /// The accepted difference between clocks, in seconds. Default: 0; for `nbf`, it is at least 5.
    pub clock_tolerance_seconds: f64,
    /// Claims that the JWT must contain. Default: none.
    pub required_claims: Vec<RequiredClaim>,
    /// When the API authenticates the session. Default: the `remote_fallback` of the client's configuration, else
    /// [`RemoteFallback::Stale`].
    pub remote_fallback: Option<RemoteFallback>,
    /// The new lifetime of the session in minutes, if the API authenticates the session. Default: the lifetime is not
    /// changed.
    pub session_duration_minutes: Option<i64>,
    /// The time limit in milliseconds for the request by which the API authenticates the session. Default: the
    /// `refresh_timeout_ms` of the client's configuration.
    pub refresh_timeout_ms: Option<u32>,
    /// The names and attributes of the cookies. Default: the `cookies` of the client's configuration.
    pub cookies: Option<CookieRules>,
}

/// The verdict on a request.
#[derive(Clone, PartialEq)]
pub struct RequestVerdict<Session> {
    /// The decision.
    pub access: Access<Session>,
    /// The `Set-Cookie` lines of the response. Add them for every decision. If there are any, add `Cache-Control:
    /// no-store`, too.
    pub set_cookies: Vec<String>,
    /// If `access` is [`Access::Unavailable`]: after how many seconds the request may succeed, if it is known. Send it as
    /// `Retry-After`.
    pub retry_after_seconds: Option<f64>,
    /// If `access` is [`Access::Unavailable`] because the API refused a request: its response.
    pub refusal: Option<ApiRefusalDetails>,
}

/// The decision about a request.
#[derive(Clone, PartialEq)]
pub enum Access<Session> {
    /// The user has a valid session and meets the requirements.
    Authenticated(Box<Authenticated<Session>>),
    /// The request does not have a valid session. Respond with 401.
    Unauthenticated(Reason),
    /// The user has a valid session and does not meet the requirements. Respond with 403.
    Forbidden(Reason),
    /// The session cannot be checked at the moment. Respond with 503.
    Unavailable(Reason),
}

/// An authenticated user.
#[derive(Clone, PartialEq)]
pub struct Authenticated<Session> {
    /// How the session was verified.
    pub via: Via,
    /// The session.
    pub session: Session,
    /// The session JWT of the request, or a new session JWT if the API authenticated the session.
    pub session_jwt: String,
    /// All claims of the session JWT.
    pub claims: Map<String, Value>,
}

impl Client {
    /// Checks the session in the headers of a request: a Bearer credential, or the two cookies if the request does not have
    /// a Bearer credential.
    ///
    /// If the key set is loaded, a valid JWT triggers no request. A JWT that has expired is refreshed by one request, and
    /// the new tokens are in `set_cookies`. Malformed tokens trigger no request.
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
    /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid. Input of a user never
    /// causes an error.
    pub async fn authenticate_request(
        &self,
        headers: RequestHeaders<'_>,
        options: &AuthenticateRequestOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<RequestVerdict<consumer::Session>> {
        self.core.verdict::<Consumer>(headers, options).await
    }
}

impl B2bClient {
    /// Checks the session in the headers of a request as [`Client::authenticate_request`] does.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid. Input of a user never
    /// causes an error.
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
            /// Returns the `Set-Cookie` lines of a new session, with the names and attributes of the configuration's
            /// `cookies`.
            ///
            /// `tokens` are the session JWT and the session token, `expires_at` is the session's field of that name. A
            /// cookie that is too large for browsers is cleared, and `on_event` is called with
            /// [`Event::CookieTooLarge`](crate::Event::CookieTooLarge).
            #[must_use]
            pub fn session_cookies(&self, tokens: (&str, &str), expires_at: &str) -> Vec<String> {
                self.core.session_cookies(tokens, expires_at)
            }

            /// Returns the `Set-Cookie` lines that clear both session cookies of the configuration's `cookies`.
            #[must_use]
            pub fn clear_session_cookies(&self) -> Vec<String> {
                log_out_cookies(&self.core.flow.config.cookies)
            }
        }
    };
}

cookie_methods!(Client);
cookie_methods!(B2bClient);

/// Returns the `Set-Cookie` lines of a new session.
///
/// The pair contains the session JWT and the session token. `expires_at` is the session's field of that name, `now` the
/// current time. A cookie that is too large for browsers is cleared.
///
/// # Errors
/// [`Error::Client`](super::Error::Client) with `invalid_argument` if a field of `rules` is invalid.
pub fn session_cookies(
    rules: &CookieRules,
    (session_jwt, session_token): (&str, &str),
    expires_at: &str,
    now: super::UnixSeconds,
) -> Result<Vec<String>> {
    rules.check()?;
    let session = NewSession {
        session_jwt,
        session_token,
        expires_at,
    };
    Ok(log_in_cookies(rules, &session, now).0)
}

/// Returns the `Set-Cookie` lines that clear both session cookies.
///
/// # Errors
/// [`Error::Client`](super::Error::Client) with `invalid_argument` if a field of `rules` is invalid.
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
        let asked = SessionTerms::new::<P>(options, &self.flow.config.cookies)?;
        self.flow.report_other_mode(headers.cookie, asked.rules);
        let question = asked.question(options, asked.credentials(headers));
        Ok(typed(self.flow.authenticate_request(&question).await?))
    }

    fn session_cookies(
        &self,
        (session_jwt, session_token): (&str, &str),
        expires_at: &str,
    ) -> Vec<String> {
        let session = NewSession {
            session_jwt,
            session_token,
            expires_at,
        };
        self.flow.session_cookies(&session, None)
    }
}

/// The checked options of a session check.
pub(super) struct SessionTerms<'a> {
    requirement: Requirement,
    minutes: Option<Box<RawValue>>,
    pub(super) rules: &'a CookieRules,
}

impl<'a> SessionTerms<'a> {
    /// Checks the options. `rules` are those of the client.
    pub(super) fn new<P: Product>(
        options: &'a AuthenticateRequestOptions<P::Check>,
        rules: &'a CookieRules,
    ) -> Result<Self> {
        if let Some(cookies) = &options.cookies {
            cookies.check()?;
        }
        if let Some(timeout_ms) = options.refresh_timeout_ms {
            check_timeout("refresh_timeout_ms", timeout_ms)?;
        }
        for claim in &options.required_claims {
            claim.check()?;
        }
        let minutes = options.session_duration_minutes;
        Ok(Self {
            requirement: permission::<P>(options.authorization_check.as_ref()),
            minutes: minutes.and_then(|it| serde_json::value::to_raw_value(&it).ok()),
            rules: options.cookies.as_ref().unwrap_or(rules),
        })
    }

    pub(super) fn credentials<'h>(&self, headers: RequestHeaders<'h>) -> Credentials<&'h str> {
        Credentials::find(headers, &self.rules.session_jwt, &self.rules.session_token)
    }

    pub(super) fn question<'q, Check>(
        &'q self,
        options: &'q AuthenticateRequestOptions<Check>,
        credentials: Credentials<&'q str>,
    ) -> RequestCheck<'q> {
        RequestCheck {
            credentials,
            requirement: &self.requirement,
            times: Times {
                now: None,
                tolerance: ClockTolerance::of(options.clock_tolerance_seconds),
                max_token_age: seconds(options.max_token_age_seconds),
            },
            required_claims: &options.required_claims,
            remote_fallback: options.remote_fallback,
            cookies: Some(self.rules),
            session_duration_minutes: self.minutes.as_deref(),
            refresh_timeout_ms: options.refresh_timeout_ms,
        }
    }
}

pub(super) fn typed<Session: super::json::FromJson>(
    decided: VerdictWithCookies,
) -> RequestVerdict<Session> {
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
                session_jwt: String::from(&*session_jwt),
                claims,
            })),
            // The signature is valid, but a claim does not have its documented type.
            _ => Access::Unavailable(Reason::Internal),
        },
        Verdict::Unauthenticated(reason) => Access::Unauthenticated(reason),
        Verdict::Forbidden(reason) => Access::Forbidden(reason),
        Verdict::Unavailable(reason) => Access::Unavailable(reason),
    };
    RequestVerdict {
        access,
        set_cookies: decided.set_cookies,
        retry_after_seconds: decided.retry_after,
        refusal: decided.refusal,
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
            refresh_timeout_ms: None,
            cookies: None,
        }
    }
}

/// Shows how the session was verified, or the reason of the refusal. Does not show data of the user.
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
