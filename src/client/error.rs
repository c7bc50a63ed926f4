//! The errors of this crate.
//!
//! Error responses of the API (status 400 and above) are not errors of this crate; callers receive them unchanged.
//! Messages name fields and paths, never the values that callers pass.

use std::{error::Error, fmt, ops::Deref};

use super::OutgoingRequest;
use crate::{jwt, session};

/// The error for a call that cannot be made, or for a refused token. It dereferences to a [`Failure`].
///
/// It is boxed, because many functions return it: by value, each of them would copy and drop its fields, which adds a
/// kilobyte to the npm package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientError(Box<Failure>);

/// The fields of a [`ClientError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The kind of failure.
    pub code: ClientErrorCode,
    /// The broken rule or the unavailable part, if the code does not say it.
    pub reason: Option<Reason>,
    /// The description for developers.
    pub message: String,
}

/// The codes of [`ClientError`]. The meaning of a code never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientErrorCode {
    /// The token is refused.
    JwtInvalid,
    /// The token is older than the caller's maximum age.
    JwtTooOld,
    /// The API does not accept the token.
    TokenInvalid,
    /// The token is valid, but does not allow the action.
    InvalidPermissions,
    /// The token is valid, but of another organization.
    TenancyMismatch,
    /// The token is valid, but lacks a required scope.
    MissingScopes,
    /// A page of another origin sent the request.
    CrossOrigin,
    /// The key set or the policy that decides about the token is unavailable now.
    JwksUnavailable,
    /// An argument is missing or invalid.
    InvalidArgument,
    /// A defect of this library.
    Internal,
}

/// The error for a request without a usable response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestError {
    /// The request's method.
    pub method: &'static str,
    /// The request's URL without its query, which may contain a caller's data.
    pub url: String,
    /// The reason.
    pub reason: Reason,
    /// The description for developers.
    pub message: String,
    /// The HTTP status, if there was a response.
    pub status_code: Option<u16>,
    /// The header `Retry-After` of the response in seconds.
    pub retry_after: Option<u32>,
    /// The id in the response by which Stytch's support finds the request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

/// The parts of a request that errors may show: the method, and the URL without its query.
pub(crate) struct ShownRequest {
    method: &'static str,
    url: String,
    attempts: u32,
}

impl ShownRequest {
    pub(crate) fn of<Json>(request: &OutgoingRequest<Json>) -> Self {
        Self {
            method: request.method.word(),
            url: request.shown_url().to_owned(),
            attempts: 1,
        }
    }

    /// Records how often the request was sent.
    pub(crate) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// The error for a request without a usable response. `what` is the predicate of the message.
    pub(crate) fn unanswered(&self, what: &str) -> RequestError {
        let Self {
            method,
            url,
            attempts,
        } = self;
        RequestError {
            method,
            url: url.clone(),
            reason: Reason::ApiUnavailable,
            message: [method, " ", url, " ", what].concat(),
            status_code: None,
            retry_after: None,
            request_id: None,
            attempts: *attempts,
        }
    }

    /// The error for a response with this status that is unusable. `what` is the predicate of the message.
    pub(crate) fn answered(&self, status: u16, what: &str) -> RequestError {
        RequestError {
            status_code: Some(status),
            ..self.unanswered(what)
        }
    }
}

impl RequestError {
    /// Returns the error for a response with this status. A proxy in front of the API responds to too many requests with a
    /// page instead of an error of the API, so that the status decides.
    #[must_use]
    pub fn of_response(mut self, status: u16, retry_after: Option<u32>) -> Self {
        self.retry_after = retry_after;
        if status == 429 {
            self.reason = Reason::RateLimited;
        }
        self
    }
}

/// The reason of an error or a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The token breaks this rule.
    Token(session::Refusal),
    /// The token is absent.
    NoCredentials,
    /// No role or scope of the token gives the permission.
    InvalidPermissions,
    /// The token is of another organization.
    TenancyMismatch,
    /// A required scope is missing.
    MissingScopes,
    /// A required claim is missing or has another value.
    ClaimMismatch,
    /// The session does not exist, or does not exist any more.
    SessionNotFound,
    /// The available key set has no usable key for the token, for this reason. A newer set may have the key, but cannot
    /// be fetched yet.
    NotYetKnownKey(jwt::Refusal),
    /// The available key set has no key for the token, and a newer set cannot be fetched yet.
    KeyPending,
    /// The key set could not be fetched or read.
    KeysUnavailable,
    /// The policy could not be fetched or read.
    PolicyUnavailable,
    /// The API is unreachable, or its response is unusable.
    ApiUnavailable,
    /// The API did not respond within the time limit.
    Timeout,
    /// No server accepts connections at the address of the API. Only in a [`RequestError`].
    ConnectionRefused,
    /// The connection was closed or reset before the response was complete. Only in a [`RequestError`].
    ConnectionReset,
    /// The host name of the API could not be resolved. Only in a [`RequestError`].
    Dns,
    /// The TLS handshake failed, for instance because of the certificate. Only in a [`RequestError`].
    Tls,
    /// The request was aborted. Only in a [`RequestError`].
    Aborted,
    /// The request failed, and the runtime does not report why. Only in a [`RequestError`].
    Unknown,
    /// The API limits the number of requests (429).
    RateLimited,
    /// The API refuses the client's credentials or its request.
    Misconfigured,
    /// A defect of this library.
    Internal,
}

impl Deref for ClientError {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl ClientError {
    /// Creates an error with these fields.
    #[must_use]
    pub fn new(code: ClientErrorCode, reason: Option<Reason>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Failure {
            code,
            reason,
            message,
        }))
    }

    /// Creates an [`InvalidArgument`](ClientErrorCode::InvalidArgument) error without a reason.
    #[must_use]
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ClientErrorCode::InvalidArgument, None, message)
    }

    /// Creates the error for a valid token that does not allow the action. `code` and `reason` have the same name.
    pub(super) fn forbidden(code: ClientErrorCode, reason: Reason, message: &str) -> Self {
        Self::new(code, Some(reason), message)
    }

    /// Creates the error for a token that the API does not accept.
    #[must_use]
    pub fn token_invalid(refusal: session::Refusal) -> Self {
        let reason = Reason::Token(refusal);
        let message = ["the API does not accept the token (", reason.word(), ")"].concat();
        Self::new(ClientErrorCode::TokenInvalid, Some(reason), message)
    }

    /// Creates the error for a token that cannot be verified now, because its key is unavailable.
    #[must_use]
    pub fn keys_unavailable(reason: Reason) -> Self {
        let message = "the project's key set could not be fetched";
        Self::new(ClientErrorCode::JwksUnavailable, Some(reason), message)
    }

    /// Creates the error for a permission that cannot be decided, because a policy needs the project's secret.
    #[must_use]
    pub fn needs_secret() -> Self {
        Self::invalid_argument("authorization_check requires a client with the project's secret")
    }

    /// Creates the error for a permission that cannot be decided now, because a policy is unavailable.
    #[must_use]
    pub fn policy_unavailable() -> Self {
        let reason = Some(Reason::PolicyUnavailable);
        let message = "the RBAC policy could not be fetched";
        Self::new(ClientErrorCode::JwksUnavailable, reason, message)
    }

    /// Returns whether newer keys and policies cannot change the outcome. An outage is not final, and neither is a
    /// `kid` that a newer key set may contain.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.reason.is_none_or(|reason| !reason.is_temporary())
    }

    /// Returns whether the API could still accept the session of the token. A session outlives its JWTs.
    #[must_use]
    pub fn could_be_accepted(&self) -> bool {
        use session::Refusal::{Jwt, TooOld};
        match self.reason {
            Some(Reason::Token(TooOld | Jwt(jwt::Refusal::Expired))) => true,
            _ => !self.is_final(),
        }
    }

    /// Creates the error for a refused token.
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
    /// Returns the stable word for the code.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::JwtInvalid => "jwt_invalid",
            Self::JwtTooOld => "jwt_too_old",
            Self::TokenInvalid => "token_invalid",
            Self::InvalidPermissions => "invalid_permissions",
            Self::TenancyMismatch => "tenancy_mismatch",
            Self::MissingScopes => "missing_scopes",
            Self::CrossOrigin => "cross_origin",
            Self::JwksUnavailable => "jwks_unavailable",
            Self::InvalidArgument => "invalid_argument",
            Self::Internal => "internal",
        }
    }
}

impl Reason {
    /// Returns whether the same call may succeed later.
    fn is_temporary(self) -> bool {
        match self {
            Self::NotYetKnownKey(_)
            | Self::KeyPending
            | Self::KeysUnavailable
            | Self::PolicyUnavailable
            | Self::ApiUnavailable
            | Self::Timeout
            | Self::ConnectionRefused
            | Self::ConnectionReset
            | Self::Dns
            | Self::Tls
            | Self::Aborted
            | Self::Unknown
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

    /// Returns the stable word for the reason.
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
            Self::KeyPending => "key_pending",
            Self::KeysUnavailable => "keys_unavailable",
            Self::PolicyUnavailable => "policy_unavailable",
            Self::ApiUnavailable => "api_unavailable",
            Self::Timeout => "timeout",
            Self::ConnectionRefused => "connection_refused",
            Self::ConnectionReset => "connection_reset",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Aborted => "aborted",
            Self::Unknown => "unknown",
            Self::RateLimited => "rate_limited",
            Self::Misconfigured => "misconfigured",
            Self::Internal => "internal",
        }
    }
}

/// Writes the code and the message.
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

/// Writes the stable word.
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
    fn distinguishes_final_errors_from_those_that_newer_keys_could_change() {
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
