//! What the API's word on a session means: the verdict, and new cookies or none.
//!
//! The API is trusted about the session, and its answer is not taken for more than it
//! is: a refusal of this client, or an outage, says nothing of the visitor.

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec, vec::Vec};

use super::{
    Authenticated, Cookie, CookieRules, Purpose, Reason, Trouble, Verdict, Via, Visit, Visited,
    holds_claims, is_plausible_session_token, outcome_of,
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
    let verdict = Verdict::from(outcome_of(Purpose::Session, trouble).denial);
    let is_over = verdict == Verdict::Unauthenticated(Reason::SessionNotFound);
    let mut visited = Visited::bare(verdict);
    if is_over && has_cookies {
        visited.set_cookies = log_out_cookies(visit.cookies);
    }
    visited
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
