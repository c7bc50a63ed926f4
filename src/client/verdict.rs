//! The verdict on a request: whether its user is let in, and what happens to the cookies.
//!
//! Knows neither keys nor requests to the API: `flow` finds out what came of them.

use std::fmt;

use super::{
    ClientError, ClientErrorCode, Cookie, CookieRules, Credentials, Denial, Reason, RemoteFallback,
    Via, is_plausible_session_token,
};
use crate::{jwt::Refusal as JwtRefusal, session::Refusal};

/// A verdict, and what it means for the user's cookies.
#[derive(PartialEq, Eq)]
pub struct Decided {
    /// Whether the user is let in.
    pub verdict: Verdict,
    /// `Set-Cookie` lines.
    pub set_cookies: Vec<String>,
    /// A cookie that could not be set, because browsers need not keep one of that length.
    pub unset: Option<Cookie>,
}

/// Whether a user is let in.
#[derive(PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Authenticated {
        /// Who says so.
        via: Via,
        /// The session as JSON text.
        session: String,
        /// The JWT, a new one if the API was asked.
        session_jwt: String,
        /// Its payload, as JSON text.
        claims: String,
    },
    /// No: the user is not known (401).
    Unauthenticated(Reason),
    /// No: the user is known, and may not do this (403).
    Forbidden(Reason),
    /// It cannot be decided now (503).
    Unavailable(Reason),
}

/// What a request carries, if it could be a session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presented<'a> {
    /// Nothing that could be a session; the verdict is known.
    Nothing(Reason),
    /// A session token, which only the API can verify.
    SessionToken(SessionToken<'a>),
    /// A session JWT, and a session token beside it if there is one.
    SessionJwt {
        /// The JWT.
        session_jwt: &'a str,
        /// The session token.
        session_token: Option<SessionToken<'a>>,
        /// Whether both came in cookies, which the response may change.
        is_cookie: bool,
    },
}

/// A text that could be a session token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionToken<'a>(&'a str);

impl<'a> Presented<'a> {
    /// Finds the session among the credentials of a request.
    #[must_use]
    pub fn find(found: Credentials<&'a str>, remote_fallback: RemoteFallback) -> Self {
        let (session_jwt, session_token) = match found {
            Credentials::Bearer(credential) => (Some(credential), None),
            Credentials::Cookies {
                session_jwt,
                session_token,
            } => (session_jwt, session_token),
            Credentials::TooLong => return Self::Nothing(MALFORMED),
        };
        let plausible = session_token.filter(|token| is_plausible_session_token(token));
        let plausible = plausible.map(SessionToken);
        match (session_jwt, session_token, plausible) {
            (Some(session_jwt), ..) => Self::SessionJwt {
                session_jwt,
                session_token: plausible,
                is_cookie: !matches!(found, Credentials::Bearer(_)),
            },
            (None, Some(_), None) => Self::Nothing(MALFORMED),
            (None, Some(_), Some(token)) if remote_fallback != RemoteFallback::Never => {
                Self::SessionToken(token)
            }
            // Only the API can read a session token.
            _ => Self::Nothing(Reason::NoCredentials),
        }
    }
}

impl SessionToken<'_> {
    /// The token itself, for the request that asks the API about it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0
    }
}

impl Decided {
    /// A verdict that changes no cookie.
    #[must_use]
    pub fn bare(verdict: Verdict) -> Self {
        Self {
            verdict,
            set_cookies: Vec::new(),
            unset: None,
        }
    }

    /// The verdict on a JWT that is refused here and that the API is not asked about.
    ///
    /// If the JWT is permanently invalid and a session token came with it, the cookie of the JWT is cleared, so
    /// that the next request goes by the session token; not if the API may never be asked about that.
    #[must_use]
    pub fn refused(
        error: &ClientError,
        rules: &CookieRules,
        remote_fallback: RemoteFallback,
        has_session_token: bool,
    ) -> Self {
        let denial = Denial::of(error);
        let has_turn = has_session_token && remote_fallback != RemoteFallback::Never;
        let mut decided = Self::bare(denial.into());
        if has_turn && is_permanent(denial) {
            decided.set_cookies.push(rules.clear(Cookie::SessionJwt));
        }
        decided
    }
}

impl Denial {
    /// What an error of a check says about the token or the user. An error that is the caller's own mistake
    /// says nothing; it is for the caller to see first.
    #[must_use]
    pub fn of(error: &ClientError) -> Self {
        let reason = error.reason;
        match error.code {
            ClientErrorCode::JwksUnavailable => {
                Self::Unavailable(reason.unwrap_or(Reason::KeysUnavailable))
            }
            // Newer keys may have the one that is missing.
            _ if !error.is_final() => Self::Unavailable(Reason::KeysUnavailable),
            ClientErrorCode::InvalidPermissions => Self::Forbidden(Reason::InvalidPermissions),
            ClientErrorCode::TenancyMismatch => Self::Forbidden(Reason::TenancyMismatch),
            ClientErrorCode::MissingScopes => Self::Forbidden(Reason::MissingScopes),
            ClientErrorCode::JwtInvalid
            | ClientErrorCode::JwtTooOld
            | ClientErrorCode::TokenInvalid => {
                Self::Unauthenticated(reason.unwrap_or(Reason::Token(Refusal::NotActive)))
            }
            ClientErrorCode::InvalidArgument | ClientErrorCode::Internal => {
                Self::Unavailable(Reason::Internal)
            }
        }
    }

    /// The word for the verdict, and the reason.
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
    /// The word that stands for it.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::Authenticated { .. } => "authenticated",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// How it is known that the user is authenticated, or why the user is not let in.
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

/// Whether neither time nor the API will make the JWT valid.
fn is_permanent(denial: Denial) -> bool {
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

/// Shows no token and no session.
impl fmt::Debug for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.status(), self.reason())
    }
}

/// Shows the verdict, and how many cookies are set: they contain tokens.
impl fmt::Debug for Decided {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookies = self.set_cookies.len();
        write!(formatter, "Decided({:?}, {cookies} cookies)", self.verdict)
    }
}

/// Shows no token.
impl fmt::Debug for SessionToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}
