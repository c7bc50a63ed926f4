//! The credentials of a request whose JWTs failed the local check, and their order.

use super::{LoadFailure, RequestCheck};
use crate::{
    client::{
        ApiBody, AuthenticateSession, ClientError, Denial, MAX_TOKENS, Reason, RefreshClass,
        RemoteFallback, SessionToken, session_id_in,
    },
    jwt::{Refusal as JwtRefusal, UnixSeconds},
    session::{Product, Refusal, payload_from_api},
};

/// The credentials of a request without a valid JWT.
pub(super) struct Candidates<'a> {
    pub(super) question: &'a RequestCheck<'a>,
    pub(super) fallback: RemoteFallback,
    pub(super) jwts: Vec<FailedJwt<'a>>,
    /// Whether the request has one JWT only, so that it is known which cookie has it.
    pub(super) has_one_jwt: bool,
    pub(super) tokens: [Option<SessionToken<'a>>; MAX_TOKENS],
}

impl<'a> Candidates<'a> {
    pub(super) fn next_jwt(&mut self, has_domain: bool) -> Option<FailedJwt<'a>> {
        let mut best: Option<(usize, &FailedJwt<'a>)> = None;
        for (index, jwt) in self.jwts.iter().enumerate() {
            if best.is_none_or(|(_, first)| jwt.precedes(first, has_domain)) {
                best = Some((index, jwt));
            }
        }
        let (index, _) = best?;
        Some(self.jwts.remove(index))
    }

    pub(super) fn next_token(&mut self) -> Option<SessionToken<'a>> {
        self.tokens.iter_mut().find_map(Option::take)
    }
}

/// A JWT of the request that failed the local check.
pub(super) struct FailedJwt<'a> {
    pub(super) session_jwt: &'a str,
    pub(super) failure: LoadFailure,
    /// The id of its session, if its signature is good, so that the project has issued it.
    pub(super) session_id: Option<String>,
    /// When it was issued, if its signature is good. Else 0.
    pub(super) issued_at: UnixSeconds,
}

impl<'a> FailedJwt<'a> {
    pub(super) fn new(session_jwt: &'a str, failure: LoadFailure, product: Product) -> Self {
        let mut failed = Self {
            session_jwt,
            failure,
            session_id: None,
            issued_at: 0.0,
        };
        let reason = failed.reason();
        // The times and the permission are checked after the signature.
        let is_verified = failed.is_forbidden()
            || matches!(
                reason,
                Some(Reason::Token(
                    Refusal::TooOld | Refusal::Jwt(JwtRefusal::Expired | JwtRefusal::NotYetValid)
                ))
            );
        if is_verified && failed.read_session(product) == Err(Refusal::WrongTokenKind) {
            // The times are validated before the kind. The API would refuse a token of another kind as well.
            failed.failure = ClientError::refused(Reason::Token(Refusal::WrongTokenKind)).into();
        }
        failed
    }

    /// Reads the session of a JWT whose signature is good. A token of another kind has none.
    fn read_session(&mut self, product: Product) -> Result<(), Refusal> {
        let claims = payload_from_api(self.session_jwt, product)?;
        self.session_id = session_id_in(&claims);
        let issued_at = ApiBody::read(&claims).and_then(|claims| claims.number("iat"));
        self.issued_at = issued_at.unwrap_or_default();
        Ok(())
    }

    pub(super) fn reason(&self) -> Option<Reason> {
        self.failure.error.client().and_then(|error| error.reason)
    }

    pub(super) fn is_forbidden(&self) -> bool {
        matches!(self.failure.denial(), Denial::Forbidden(_))
    }

    pub(super) fn is_not_yet_valid(&self) -> bool {
        self.reason() == Some(Reason::Token(Refusal::Jwt(JwtRefusal::NotYetValid)))
    }

    /// Whether this JWT, which is further back in the request, represents it instead of `first`. If the cookies have a
    /// domain, the later session does: the older cookie was set before `domain`. Otherwise the order of the header
    /// decides.
    pub(super) fn precedes(&self, first: &Self, has_domain: bool) -> bool {
        match (&self.session_id, &first.session_id) {
            (Some(_), Some(_)) => has_domain && self.issued_at > first.issued_at,
            (own, other) => own.is_some() && other.is_none(),
        }
    }
}

/// The credential by which the API authenticates a session.
pub(super) enum Credential<'a> {
    SessionToken(&'a str),
    /// A JWT whose signature is good, and the id of its session.
    VerifiedJwt(&'a str, String),
    /// A JWT whose key is not available.
    UnverifiedJwt(&'a str),
}

impl<'a> Credential<'a> {
    pub(super) fn of_jwt(failed: &FailedJwt<'a>) -> Self {
        match &failed.session_id {
            Some(session_id) => Self::VerifiedJwt(failed.session_jwt, session_id.clone()),
            None => Self::UnverifiedJwt(failed.session_jwt),
        }
    }

    pub(super) fn asked(&self) -> AuthenticateSession<'a> {
        let (session_token, session_jwt) = match *self {
            Self::SessionToken(token) => (Some(token), None),
            Self::VerifiedJwt(jwt, _) | Self::UnverifiedJwt(jwt) => (None, Some(jwt)),
        };
        AuthenticateSession {
            session_token,
            session_jwt,
            ..AuthenticateSession::default()
        }
    }

    pub(super) fn class(&self) -> RefreshClass {
        match self {
            Self::VerifiedJwt(..) => RefreshClass::Verified,
            Self::SessionToken(_) | Self::UnverifiedJwt(_) => RefreshClass::Unverified,
        }
    }

    #[cfg(feature = "api")]
    pub(super) fn session_id(&self) -> Option<&str> {
        match self {
            Self::VerifiedJwt(_, session_id) => Some(session_id),
            Self::SessionToken(_) | Self::UnverifiedJwt(_) => None,
        }
    }

    /// The session or the token for the limits.
    pub(super) fn subject(&self) -> &str {
        match self {
            Self::VerifiedJwt(_, session_id) => session_id,
            Self::SessionToken(text) | Self::UnverifiedJwt(text) => text,
        }
    }
}
