//! The failures that this crate itself finds, as values.
//!
//! What the API answers with status 400 and above is not here: that is the API's
//! word, and passes through as it came. Messages name fields and routes, never
//! what callers put into them.

use std::{error::Error, fmt, ops::Deref};

use crate::{jwt, session};

/// A call that cannot be made, or a token that is refused; its parts are a [`Failure`]'s.
///
/// A pointer, because results that may hold one pass through many hands: by value, each of
/// these would copy and drop its parts, for a kilobyte of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientError(Box<Failure>);

/// What a [`ClientError`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// What kind of failure this is.
    pub code: ClientErrorCode,
    /// Which rule or circumstance it was, where there is more to say.
    pub reason: Option<Reason>,
    /// What to do about it, for a developer.
    pub message: String,
}

/// The codes of [`ClientError`]; each keeps its meaning for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientErrorCode {
    /// The token is not acceptable.
    JwtInvalid,
    /// The token is older than the caller allows.
    JwtTooOld,
    /// The API does not vouch for the token.
    TokenInvalid,
    /// The token is good, and its bearer may not do what was asked for.
    InvalidPermissions,
    /// The token is good, for another organization.
    TenancyMismatch,
    /// The token is good, without a scope that was required.
    MissingScopes,
    /// The keys that could judge the token are not to be had now.
    JwksUnavailable,
    /// An argument is missing or of a kind that cannot be sent.
    InvalidArgument,
    /// A fault of this library.
    Internal,
}

/// A request that got no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestError {
    /// The request's method.
    pub method: &'static str,
    /// The request's URL without its query, which may hold what a caller sent.
    pub url: String,
    /// What happened.
    pub reason: Reason,
    /// The same for a developer.
    pub message: String,
}

/// Why something failed, from the list that verdicts use as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A rule that a token broke.
    Token(session::Refusal),
    /// There was no token at all.
    NoCredentials,
    /// No role or scope of the bearer gives the permission.
    InvalidPermissions,
    /// The bearer belongs to another organization.
    TenancyMismatch,
    /// A required scope is missing.
    MissingScopes,
    /// A required claim is missing or another.
    ClaimMismatch,
    /// The API knows no such session, or none any more.
    SessionNotFound,
    /// No key answers to the token in the set here, for this reason; a newer one may have
    /// it, and cannot be asked for yet.
    NotYetKnownKey(jwt::Refusal),
    /// The key set could not be fetched or read.
    KeysUnavailable,
    /// The policy that decides could not be fetched or read.
    PolicyUnavailable,
    /// The API could not be reached or did not answer in its own form.
    ApiUnavailable,
    /// The API took longer than the caller allows.
    Timeout,
    /// The API wants fewer calls.
    RateLimited,
    /// The API refuses the client itself, or what it was made to ask.
    Misconfigured,
    /// A fault of this library.
    Internal,
}

impl Deref for ClientError {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl ClientError {
    /// An error with these parts.
    #[must_use]
    pub fn new(code: ClientErrorCode, reason: Option<Reason>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Failure {
            code,
            reason,
            message,
        }))
    }

    /// An [`InvalidArgument`](ClientErrorCode::InvalidArgument), which needs no
    /// reason beside its message.
    #[must_use]
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ClientErrorCode::InvalidArgument, None, message)
    }

    /// A good token whose bearer may not do what was asked for; `code` and `reason`
    /// are of the same name.
    pub(super) fn forbidden(code: ClientErrorCode, reason: Reason, message: &str) -> Self {
        Self::new(code, Some(reason), message)
    }

    /// A token that the API does not vouch for.
    #[must_use]
    pub fn token_invalid(refusal: session::Refusal) -> Self {
        let reason = Reason::Token(refusal);
        let message = ["the API does not vouch for the token (", reason.word(), ")"].concat();
        Self::new(ClientErrorCode::TokenInvalid, Some(reason), message)
    }

    /// A token that nobody can judge now.
    #[must_use]
    pub fn keys_unavailable(reason: Reason) -> Self {
        let message = "the project's key set could not be fetched";
        Self::new(ClientErrorCode::JwksUnavailable, Some(reason), message)
    }

    /// A permission that nobody can decide about now.
    #[must_use]
    pub fn policy_unavailable() -> Self {
        let reason = Some(Reason::PolicyUnavailable);
        let message = "the policy that decides could not be fetched";
        Self::new(ClientErrorCode::JwksUnavailable, reason, message)
    }

    /// Whether the same call would come to the same end with newer keys and policies.
    /// An outage is no verdict, and neither is a `kid` that newer keys may have.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.reason.is_none_or(|reason| !reason.is_of_now())
    }

    /// Whether the API could still accept the token: only then is it worth asking.
    /// Its sessions outlive the tokens that were made of them.
    #[must_use]
    pub fn could_be_accepted(&self) -> bool {
        use session::Refusal::{Jwt, TooOld};
        match self.reason {
            Some(Reason::Token(TooOld | Jwt(jwt::Refusal::Expired))) => true,
            _ => !self.is_final(),
        }
    }

    /// A refused token.
    #[must_use]
    pub fn refused(reason: Reason) -> Self {
        let code = match reason {
            Reason::Token(session::Refusal::TooOld) => ClientErrorCode::JwtTooOld,
            _ => ClientErrorCode::JwtInvalid,
        };
        let message = ["the JWT was refused (", reason.word(), ")"].concat();
        Self::new(code, Some(reason), message)
    }
}

impl ClientErrorCode {
    /// The code as callers compare it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::JwtInvalid => "jwt_invalid",
            Self::JwtTooOld => "jwt_too_old",
            Self::TokenInvalid => "token_invalid",
            Self::InvalidPermissions => "invalid_permissions",
            Self::TenancyMismatch => "tenancy_mismatch",
            Self::MissingScopes => "missing_scopes",
            Self::JwksUnavailable => "jwks_unavailable",
            Self::InvalidArgument => "invalid_argument",
            Self::Internal => "internal",
        }
    }
}

impl Reason {
    /// Whether it is about what could be had at the time of the call.
    fn is_of_now(self) -> bool {
        match self {
            Self::NotYetKnownKey(_)
            | Self::KeysUnavailable
            | Self::PolicyUnavailable
            | Self::ApiUnavailable
            | Self::Timeout
            | Self::RateLimited
            | Self::Misconfigured
            | Self::Internal => true,
            Self::Token(_)
            | Self::NoCredentials
            | Self::InvalidPermissions
            | Self::TenancyMismatch
            | Self::MissingScopes
            | Self::ClaimMismatch
            | Self::SessionNotFound => false,
        }
    }

    /// The reason as callers compare it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Token(refusal) => refusal.reason(),
            Self::NoCredentials => "no_credentials",
            Self::InvalidPermissions => "invalid_permissions",
            Self::TenancyMismatch => "tenancy_mismatch",
            Self::MissingScopes => "missing_scopes",
            Self::ClaimMismatch => "claim_mismatch",
            Self::SessionNotFound => "session_not_found",
            Self::NotYetKnownKey(refusal) => refusal.reason(),
            Self::KeysUnavailable => "keys_unavailable",
            Self::PolicyUnavailable => "policy_unavailable",
            Self::ApiUnavailable => "api_unavailable",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Misconfigured => "misconfigured",
            Self::Internal => "internal",
        }
    }
}

/// The code and the message.
impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.word(), self.message)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// The word that callers compare.
impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl Error for ClientError {}

impl Error for RequestError {}

#[cfg(test)]
mod tests {
    use super::*;
    use jwt::Refusal::UnknownKey;

    #[test]
    fn tells_what_newer_keys_could_change_from_what_they_could_not() {
        for (error, is_final, could_be_accepted) in [
            (refused(UnknownKey.into()), true, false),
            (
                ClientError::refused(Reason::NotYetKnownKey(UnknownKey)),
                false,
                true,
            ),
            (ClientError::keys_unavailable(Reason::Timeout), false, true),
            (ClientError::policy_unavailable(), false, true),
            (ClientError::invalid_argument("a"), true, false),
            (refused(session::Refusal::TooOld), true, true),
            (refused(jwt::Refusal::Expired.into()), true, true),
            (refused(jwt::Refusal::BadSignature.into()), true, false),
        ] {
            let found = (error.is_final(), error.could_be_accepted());
            assert_eq!(found, (is_final, could_be_accepted), "{error:?}");
        }
    }

    fn refused(refusal: session::Refusal) -> ClientError {
        ClientError::refused(Reason::Token(refusal))
    }
}
