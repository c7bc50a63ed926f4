//! The verdict on a request: whether its user is authenticated, and which cookies are set.
//!
//! This module does not know keys or requests to the API; `flow` passes their outcomes.

use std::{fmt, sync::Arc};

use super::{
    Accepted, ClientError, ClientErrorCode, Cookie, Credentials, Denial, MAX_TOKENS, Reason,
    RemoteFallback, Via, is_plausible_session_token,
};
use crate::{
    jwt::{Refusal as JwtRefusal, UnixSeconds},
    session::Refusal,
};

/// A verdict with the cookies to set.
#[derive(PartialEq)]
pub struct VerdictWithCookies {
    /// The verdict.
    pub verdict: Verdict,
    /// The values of `Set-Cookie` headers.
    pub set_cookies: Vec<String>,
    /// A cookie that is cleared instead of set, because browsers may drop a cookie of that length.
    pub unset: Option<Cookie>,
    /// If the verdict is `unavailable`: the time in seconds after which the same request may succeed, if it is known.
    pub retry_after: Option<UnixSeconds>,
    /// If the verdict is `unavailable` because the API refused a request: its response.
    pub refusal: Option<ApiRefusalDetails>,
    /// If the user is authenticated without a call to the API: the accepted JWT.
    pub accepted: Option<Accepted>,
}

/// The fields of an error response of the API that identify it. They contain no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRefusalDetails {
    /// The HTTP status.
    pub status_code: u16,
    /// The `error_type`; empty if the response has none.
    pub error_type: String,
    /// The `request_id`; empty if the response has none.
    pub request_id: String,
}

/// The verdict on a request.
#[derive(PartialEq, Eq)]
pub enum Verdict {
    /// The user is authenticated.
    Authenticated {
        /// How the session was verified.
        via: Via,
        /// The session, as JSON text.
        session: Arc<str>,
        /// The session JWT; a new one if the API authenticated the session.
        session_jwt: Arc<str>,
        /// The payload of the session JWT, as JSON text.
        claims: Arc<str>,
    },
    /// The user is not authenticated (401).
    Unauthenticated(Reason),
    /// The user is known but not allowed to do this (403).
    Forbidden(Reason),
    /// No decision is possible now (503).
    Unavailable(Reason),
}

/// The session credentials of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SessionCredentials<'a> {
    /// The request has no credentials that could be a session. The verdict has this reason.
    Nothing(Reason),
    /// Session JWTs, or session tokens, which only the API can verify.
    Sessions {
        /// The JWT of the header, or the different JWTs of the cookies.
        session_jwts: [Option<&'a str>; MAX_TOKENS],
        /// The different session tokens of the cookies, if the API may be called.
        session_tokens: [Option<SessionToken<'a>>; MAX_TOKENS],
        /// Whether the credentials are from cookies. If so, the response may set cookies.
        is_cookie: bool,
    },
}

/// A text that could be a session token; see [`is_plausible_session_token`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionToken<'a>(&'a str);

impl<'a> SessionCredentials<'a> {
    /// Finds the session among the credentials of a request.
    #[must_use]
    pub fn find(found: Credentials<&'a str>, remote_fallback: RemoteFallback) -> Self {
        let (session_jwts, session_tokens) = match found {
            Credentials::Bearer(credential) => ([Some(credential), None, None], [None; MAX_TOKENS]),
            Credentials::Cookies {
                session_jwts,
                session_tokens,
            } => (session_jwts, session_tokens),
            Credentials::TooLong => return Self::Nothing(MALFORMED),
        };
        let is_odd = |token: &str| !is_plausible_session_token(token);
        let may_call = remote_fallback != RemoteFallback::Never;
        match (session_jwts, session_tokens) {
            ([None, ..], [Some(token), ..]) if is_odd(token) => Self::Nothing(MALFORMED),
            ([None, ..], [token, ..]) if token.is_none() || !may_call => {
                Self::Nothing(Reason::NoCredentials)
            }
            _ => Self::Sessions {
                session_jwts,
                session_tokens: session_tokens.map(|token| {
                    token
                        .filter(|text| may_call && !is_odd(text))
                        .map(SessionToken)
                }),
                is_cookie: !matches!(found, Credentials::Bearer(_)),
            },
        }
    }
}

impl<'a> SessionToken<'a> {
    /// Returns the token, for the request that authenticates the session.
    #[must_use]
    pub fn reveal(&self) -> &'a str {
        self.0
    }
}

impl VerdictWithCookies {
    /// Creates a verdict without cookies to set.
    #[must_use]
    pub fn bare(verdict: Verdict) -> Self {
        Self {
            verdict,
            set_cookies: Vec::new(),
            unset: None,
            retry_after: None,
            refusal: None,
            accepted: None,
        }
    }
}

impl Denial {
    /// Returns the verdict that follows from the error of a check.
    ///
    /// A mistake of the caller (`invalid_argument`) is not a verdict on the user; callers must handle it first.
    #[must_use]
    pub fn of(error: &ClientError) -> Self {
        let reason = error.reason;
        match error.code {
            ClientErrorCode::JwksUnavailable => {
                Self::Unavailable(reason.unwrap_or(Reason::KeysUnavailable))
            }
            // A newer key set may contain the missing key.
            _ if !error.is_final() => Self::Unavailable(Reason::KeyPending),
            ClientErrorCode::InvalidPermissions => Self::Forbidden(Reason::InvalidPermissions),
            ClientErrorCode::TenancyMismatch => Self::Forbidden(Reason::TenancyMismatch),
            ClientErrorCode::MissingScopes => Self::Forbidden(Reason::MissingScopes),
            ClientErrorCode::JwtInvalid
            | ClientErrorCode::JwtTooOld
            | ClientErrorCode::TokenInvalid => {
                Self::Unauthenticated(reason.unwrap_or(Reason::Token(Refusal::NotActive)))
            }
            ClientErrorCode::InvalidArgument
            | ClientErrorCode::CrossOrigin
            | ClientErrorCode::Internal => Self::Unavailable(Reason::Internal),
        }
    }

    /// Returns the word for the verdict, and the reason.
    #[must_use]
    pub fn parts(self) -> (&'static str, Reason) {
        match self {
            Self::Unauthenticated(reason) => ("unauthenticated", reason),
            Self::Forbidden(reason) => ("forbidden", reason),
            Self::Unavailable(reason) => ("unavailable", reason),
        }
    }
}

impl From<Denial> for Verdict {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Unauthenticated(reason) => Self::Unauthenticated(reason),
            Denial::Forbidden(reason) => Self::Forbidden(reason),
            Denial::Unavailable(reason) => Self::Unavailable(reason),
        }
    }
}

impl Verdict {
    /// Returns the word for the verdict: its `status`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::Authenticated { .. } => "authenticated",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// Returns the word for how the session was verified, or for why the request is refused.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Authenticated { via, .. } => via.word(),
            Self::Unauthenticated(reason) | Self::Forbidden(reason) | Self::Unavailable(reason) => {
                reason.word()
            }
        }
    }
}

/// Returns whether a JWT with this verdict can never become valid, neither later nor by a call to the API.
#[must_use]
pub fn is_permanent(denial: Denial) -> bool {
    let Denial::Unauthenticated(reason) = denial else {
        return false;
    };
    use JwtRefusal::{Expired, NotYetValid};
    !matches!(
        reason,
        Reason::Token(Refusal::TooOld | Refusal::Jwt(Expired | NotYetValid))
    )
}

const MALFORMED: Reason = Reason::Token(Refusal::Jwt(JwtRefusal::Malformed));

/// Omits the tokens and the session.
impl fmt::Debug for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.status(), self.reason())
    }
}

/// Writes the verdict and the number of cookies, but not the cookies, because they contain tokens.
impl fmt::Debug for VerdictWithCookies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookies = self.set_cookies.len();
        write!(
            formatter,
            "VerdictWithCookies({:?}, {cookies} cookies)",
            self.verdict
        )
    }
}

/// Omits the token.
impl fmt::Debug for SessionToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}
