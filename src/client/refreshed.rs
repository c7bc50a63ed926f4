//! What the API's word on a session means: the verdict, and new cookies or none.
//!
//! The API is trusted about the session, and its answer is not taken for more than it
//! is: a refusal of this client, or an outage, says nothing of the visitor.

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec, vec::Vec};

use super::{
    Authenticated, Cookie, CookieRules, Reason, Trouble, Verdict, Via, Visit, Visited,
    holds_claims, is_plausible_session_token,
};
use crate::{
    jwt::UnixSeconds,
    session::{handed_over, unix_seconds_of},
};

/// The verdict on a visitor whose session the API authenticated. The new JWT is good
/// whatever it says of required claims, so its cookie is set in any case.
pub(super) fn answered(
    visit: &Visit<'_>,
    has_cookies: bool,
    answer: &Authenticated<'_>,
) -> Box<Visited> {
    let check = &visit.check;
    let Ok(claims) = handed_over(answer.session_jwt, check.issuer.product) else {
        return Visited::bare(Verdict::Unavailable(Reason::ApiUnavailable));
    };
    let verdict = if holds_claims(&claims, visit.required_claims) {
        Verdict::Authenticated {
            via: Via::Remote,
            session: None,
            session_jwt: answer.session_jwt.to_owned(),
            claims,
        }
    } else {
        Verdict::Forbidden(Reason::ClaimMismatch)
    };
    let mut visited = Visited::bare(verdict);
    if has_cookies {
        (visited.set_cookies, visited.unset) =
            log_in_cookies(visit.cookies, answer, check.asking.now);
    }
    visited
}

/// The verdict on a visitor whose session the API did not authenticate.
pub(super) fn refused(visit: &Visit<'_>, has_cookies: bool, trouble: Trouble<'_>) -> Box<Visited> {
    let verdict = verdict_of(trouble);
    let is_over = verdict == Verdict::Unauthenticated(Reason::SessionNotFound);
    let mut visited = Visited::bare(verdict);
    if is_over && has_cookies {
        visited.set_cookies = log_out_cookies(visit.cookies);
    }
    visited
}

/// What a refusal of `sessions.authenticate` says, and of whom.
fn verdict_of(trouble: Trouble<'_>) -> Verdict {
    use Verdict::{Forbidden, Unauthenticated, Unavailable};
    let (status, error_type) = match trouble {
        Trouble::Status(status, error_type) => (status, error_type),
        Trouble::Unanswered(reason) => return Unavailable(reason),
    };
    let is_one_of = |types: &[&str]| types.contains(&error_type);
    match status {
        _ if is_one_of(&["session_authorization_tenancy_error"]) => {
            Forbidden(Reason::TenancyMismatch)
        }
        _ if is_one_of(&NOT_ALLOWED) => Forbidden(Reason::InvalidPermissions),
        _ if is_one_of(&GONE) => Unauthenticated(Reason::SessionNotFound),
        400 if is_one_of(&UNREADABLE) => Unauthenticated(Reason::SessionNotFound),
        429 => Unavailable(Reason::RateLimited),
        400..=499 => Unavailable(Reason::Misconfigured),
        _ => Unavailable(Reason::ApiUnavailable),
    }
}

/// The lines that set both cookies, as far as both tokens are known; and which could
/// not be set. That one is cleared: what stands there may be of another session.
#[must_use]
pub fn log_in_cookies(
    rules: &CookieRules,
    session: &Authenticated<'_>,
    now: UnixSeconds,
) -> (Vec<String>, Option<Cookie>) {
    let expires_at = unix_seconds_of(session.expires_at);
    let (mut lines, mut unset) = (Vec::new(), None);
    for (cookie, value) in [
        (Cookie::SessionJwt, session.session_jwt),
        (Cookie::SessionToken, session.session_token),
    ] {
        if value.is_empty() {
            continue;
        }
        let is_sent_back = cookie == Cookie::SessionJwt || is_plausible_session_token(value);
        let line = rules.set(cookie, value, expires_at, now);
        lines.push(line.filter(|_| is_sent_back).unwrap_or_else(|| {
            unset = Some(cookie);
            rules.clear(cookie)
        }));
    }
    (lines, unset)
}

/// The lines that clear both cookies.
#[must_use]
pub fn log_out_cookies(rules: &CookieRules) -> Vec<String> {
    vec![
        rules.clear(Cookie::SessionJwt),
        rules.clear(Cookie::SessionToken),
    ]
}

/// What the API calls a session whose bearer may not do what is asked.
const NOT_ALLOWED: [&str; 3] = [
    "session_authorization_error",
    "consumer_session_authorization_error",
    "organization_suspended",
];

/// What it calls one that is there no more, with whichever status.
const GONE: [&str; 4] = [
    "session_not_found",
    "user_not_found",
    "member_not_found",
    "organization_not_found",
];

/// What it calls a token that is none, with status 400.
const UNREADABLE: [&str; 3] = [
    "invalid_session_token",
    "unable_to_parse_session_jwt",
    "invalid_token",
];
