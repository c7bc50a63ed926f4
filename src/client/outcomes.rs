//! The outcome of a request without a usable result: one table for every purpose of a request.
//!
//! This module knows statuses and `error_type`s, not how requests are sent. An outage says nothing about a token or a
//! user: the statuses 408, 425, 429 and 500 or above, a missing response and an unusable response are `unavailable` for
//! every purpose, and the request may be retried.

use super::Reason;
use crate::session;

/// The purpose of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To authenticate a user's session by its session token or JWT.
    Session,
    /// The same, with a permission that the user must have in an organization.
    SessionInOrganization,
    /// To read the policy of a project or an organization.
    Policy,
    /// To read a project's key set, without credentials.
    KeySet,
    /// To introspect the token of a Connected App (RFC 7662).
    Introspection,
    /// To exchange the credentials of an M2M client for a token.
    Token,
    /// To authenticate the token of a log-in. [`LogInRefusal`](super::LogInRefusal) has the details of a refusal.
    #[cfg(feature = "api")]
    LogIn,
    /// To start or continue a log-in with the form of a user: an email address, an organization or a code.
    #[cfg(feature = "api")]
    LogInForm,
    /// To authenticate the password of a user.
    #[cfg(feature = "api")]
    Password,
}

/// The reason why a request has no usable result.
#[derive(Debug, Clone, Copy)]
pub enum RequestFailure<'a> {
    /// The API responded with this error status and this `error_type`.
    Status(u16, &'a str),
    /// The response is missing or unusable.
    NoResponse(Reason),
}

/// The verdict on a token or a user that follows from a failed request or check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The credentials are not valid (401).
    Unauthenticated(Reason),
    /// The user is known but not allowed to do this (403).
    Forbidden(Reason),
    /// No decision is possible now (503).
    Unavailable(Reason),
}

/// The outcome of a request without a usable result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestOutcome {
    /// The verdict on the token or the user.
    pub denial: Denial,
    /// Whether the same request could succeed later.
    pub is_retryable: bool,
}

/// Returns the outcome of a request for `purpose` that has no usable result.
#[must_use]
pub fn outcome_of(purpose: Purpose, request_failure: RequestFailure<'_>) -> RequestOutcome {
    RequestOutcome {
        denial: denial_of(purpose, request_failure),
        is_retryable: match request_failure {
            RequestFailure::Status(status, _) => is_outage(status),
            RequestFailure::NoResponse(_) => true,
        },
    }
}

fn denial_of(purpose: Purpose, request_failure: RequestFailure<'_>) -> Denial {
    use Denial::Unavailable;
    let (status, error_type) = match (purpose, request_failure) {
        (Purpose::KeySet, RequestFailure::NoResponse(Reason::Timeout)) => {
            return Unavailable(Reason::Timeout);
        }
        // Keys are public, so an error status of their endpoint says nothing about this client.
        (Purpose::KeySet, _) => return Unavailable(Reason::KeysUnavailable),
        (Purpose::Policy, RequestFailure::NoResponse(_)) => {
            return Unavailable(Reason::PolicyUnavailable);
        }
        (_, RequestFailure::NoResponse(reason)) => return Unavailable(without_cause(reason)),
        (_, RequestFailure::Status(status, error_type)) => (status, error_type),
    };
    match (purpose, status) {
        // An unknown user has no lock, so that an outage would tell an attacker who has an account.
        #[cfg(feature = "api")]
        (Purpose::LogInForm | Purpose::Password, _) if error_type == "user_lock_limit_reached" => {
            Denial::Unauthenticated(NOT_ACTIVE)
        }
        (_, 429) => Unavailable(Reason::RateLimited),
        (Purpose::Policy, _) if is_outage(status) => Unavailable(Reason::PolicyUnavailable),
        (_, _) if is_outage(status) => Unavailable(Reason::ApiUnavailable),
        // The caller's option names this organization, so the session may exist.
        (Purpose::SessionInOrganization, _) if error_type == "organization_not_found" => {
            Denial::Forbidden(Reason::TenancyMismatch)
        }
        (Purpose::Session | Purpose::SessionInOrganization, _) => {
            session_denial(status, error_type)
        }
        // The API refuses this client; that says nothing about the token.
        (Purpose::Introspection, 401 | 403 | 404) => Unavailable(Reason::Misconfigured),
        // The API has one `error_type` for a wrong password and for a wrong secret of the project.
        #[cfg(feature = "api")]
        (Purpose::Password, 400..=499) if error_type == "unauthorized_credentials" => {
            Denial::Unauthenticated(NOT_ACTIVE)
        }
        #[cfg(feature = "api")]
        (Purpose::LogIn | Purpose::LogInForm | Purpose::Password, 400..=499)
            if !is_about_the_client(error_type) =>
        {
            Denial::Unauthenticated(NOT_ACTIVE)
        }
        (Purpose::Introspection, 400..=499) => Denial::Unauthenticated(NOT_ACTIVE),
        (_, 400..=499) => Unavailable(Reason::Misconfigured),
        _ => Unavailable(Reason::ApiUnavailable),
    }
}

/// Returns the reason of a verdict for a missing response: verdicts do not distinguish the failures of a network.
fn without_cause(reason: Reason) -> Reason {
    match reason {
        Reason::ConnectionRefused
        | Reason::ConnectionReset
        | Reason::Dns
        | Reason::Tls
        | Reason::Aborted
        | Reason::Unknown => Reason::ApiUnavailable,
        _ => reason,
    }
}

/// Returns whether this status means that the API is unavailable now, not that the request was wrong: 408, 425, 429,
/// and 500 or above.
#[must_use]
pub fn is_outage(status: u16) -> bool {
    status >= 500 || matches!(status, 408 | 425 | 429)
}

/// Returns the verdict for an error status of `sessions.authenticate`.
fn session_denial(status: u16, error_type: &str) -> Denial {
    match error_type {
        "session_authorization_tenancy_error" => Denial::Forbidden(Reason::TenancyMismatch),
        _ if NOT_ALLOWED.contains(&error_type) => Denial::Forbidden(Reason::InvalidPermissions),
        _ if GONE.contains(&error_type) => Denial::Unauthenticated(Reason::SessionNotFound),
        _ if status == 400 && UNREADABLE.contains(&error_type) => {
            Denial::Unauthenticated(Reason::SessionNotFound)
        }
        _ if (400..500).contains(&status) => Denial::Unavailable(Reason::Misconfigured),
        _ => Denial::Unavailable(Reason::ApiUnavailable),
    }
}

const NOT_ACTIVE: Reason = Reason::Token(session::Refusal::NotActive);

/// Returns whether an `error_type` says that the API refuses this client or its request, and nothing about the user of a
/// log-in: the project, its secret, its redirect URLs or the options are wrong.
#[cfg(feature = "api")]
fn is_about_the_client(error_type: &str) -> bool {
    let is_part = |part: &&str| error_type.contains(*part);
    ABOUT_THE_REQUEST.contains(&error_type) || ABOUT_THE_CLIENT.iter().any(is_part)
}

#[cfg(feature = "api")]
const ABOUT_THE_REQUEST: [&str; 7] = [
    "",
    "bad_request",
    "invalid_argument",
    "invalid_request_value",
    "method_not_allowed",
    "route_not_found",
    "use_https",
];

/// Parts of `error_type`s.
#[cfg(feature = "api")]
const ABOUT_THE_CLIENT: [&str; 10] = [
    "_url",
    "redirect",
    "project",
    "secret",
    "_environment",
    "authorization_header",
    "unauthorized_credentials",
    "_endpoint",
    "session_duration",
    "pkce_required",
];

/// The `error_type`s for a session that does not allow the action.
const NOT_ALLOWED: [&str; 3] = [
    "session_authorization_error",
    "consumer_session_authorization_error",
    "organization_suspended",
];

/// The `error_type`s for a session, user, member or organization that does not exist any more, or for a JWT that the API
/// cannot verify, with any status.
const GONE: [&str; 5] = [
    "unable_to_parse_session_jwt",
    "session_not_found",
    "user_not_found",
    "member_not_found",
    "organization_not_found",
];

/// The `error_type`s for a malformed token, if the status is 400.
const UNREADABLE: [&str; 2] = ["invalid_session_token", "invalid_token"];

#[cfg(test)]
mod tests;
