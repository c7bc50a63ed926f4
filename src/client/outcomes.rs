//! What came of a request that was not answered as hoped: one table for every purpose.
//!
//! Knows statuses and `error_type`s, and nothing of how requests are sent. An outage is not a statement
//! about a token or a user: 408, 425, 429 and everything from 500 on, no response and an unusable response
//! are `unavailable` for every purpose, and may be tried again.

use super::Reason;
use crate::session;

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To authenticate a user's session by its session token or JWT.
    Session,
    /// To read a project's policy, or an organization's.
    Policy,
    /// To read a project's key set, without credentials.
    KeySet,
    /// To ask whether the token of a Connected App is active.
    Introspection,
    /// To exchange the credentials of an M2M client for a token.
    Token,
}

/// Why a request has no usable result.
#[derive(Debug, Clone, Copy)]
pub enum Trouble<'a> {
    /// The API refused, with this status and this `error_type`.
    Status(u16, &'a str),
    /// There was no usable response.
    Unanswered(Reason),
}

/// What that says about a token or a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The credentials are not valid (401).
    Unauthenticated(Reason),
    /// The user is known, and may not do this (403).
    Forbidden(Reason),
    /// Nothing: it cannot be decided now (503).
    Unavailable(Reason),
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestOutcome {
    /// What it says about a token or a user.
    pub denial: Denial,
    /// Whether the same request could succeed later.
    pub is_retryable: bool,
}

/// What came of a request for `purpose`.
#[must_use]
pub fn outcome_of(purpose: Purpose, trouble: Trouble<'_>) -> RequestOutcome {
    RequestOutcome {
        denial: denial_of(purpose, trouble),
        is_retryable: match trouble {
            Trouble::Status(status, _) => is_outage(status),
            Trouble::Unanswered(_) => true,
        },
    }
}

fn denial_of(purpose: Purpose, trouble: Trouble<'_>) -> Denial {
    use Denial::Unavailable;
    let (status, error_type) = match (purpose, trouble) {
        (Purpose::KeySet, Trouble::Unanswered(Reason::Timeout)) => {
            return Unavailable(Reason::Timeout);
        }
        // Keys are public: what their endpoint says is not about this client.
        (Purpose::KeySet, _) => return Unavailable(Reason::KeysUnavailable),
        (Purpose::Policy, Trouble::Unanswered(_)) => {
            return Unavailable(Reason::PolicyUnavailable);
        }
        (_, Trouble::Unanswered(reason)) => return Unavailable(reason),
        (_, Trouble::Status(status, error_type)) => (status, error_type),
    };
    match (purpose, status) {
        (_, 429) => Unavailable(Reason::RateLimited),
        (Purpose::Policy, _) if is_outage(status) => Unavailable(Reason::PolicyUnavailable),
        (_, _) if is_outage(status) => Unavailable(Reason::ApiUnavailable),
        (Purpose::Session, _) => session_denial(status, error_type),
        // The API refuses this client, which says nothing about the token.
        (Purpose::Introspection, 401 | 403 | 404) => Unavailable(Reason::Misconfigured),
        (Purpose::Introspection, 400..=499) => Denial::Unauthenticated(NOT_ACTIVE),
        (_, 400..=499) => Unavailable(Reason::Misconfigured),
        _ => Unavailable(Reason::ApiUnavailable),
    }
}

/// Whether a response with this status says that something is unavailable now, rather than
/// that the request was wrong.
#[must_use]
pub fn is_outage(status: u16) -> bool {
    status >= 500 || matches!(status, 408 | 425 | 429)
}

/// What a refusal of `sessions.authenticate` says, and about whom.
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

/// The API's `error_type`s for a session that does not allow what is asked.
const NOT_ALLOWED: [&str; 3] = [
    "session_authorization_error",
    "consumer_session_authorization_error",
    "organization_suspended",
];

/// Those for a session, a user or an organization that does not exist any more, with whichever status.
const GONE: [&str; 4] = [
    "session_not_found",
    "user_not_found",
    "member_not_found",
    "organization_not_found",
];

/// Those for a token that is malformed, with status 400.
const UNREADABLE: [&str; 3] = [
    "invalid_session_token",
    "unable_to_parse_session_jwt",
    "invalid_token",
];

#[cfg(test)]
mod tests;
