//! What the API's answer about a session means: the verdict, and new cookies or none.
//!
//! The API is trusted about the session, and its answer means no more than it says: if it refuses this client
//! or is down, that says nothing about the user.

use super::{
    ApiBody, Cookie, CookieRules, Decided, Purpose, Reason, RequiredClaim, Trouble, Verdict, Via,
    holds_claims, is_plausible_session_token, outcome_of,
};
use crate::{
    jwt::UnixSeconds,
    session::{Product, handed_over, unix_seconds_of},
};

/// A session as a method began it: its tokens, as far as they are known, and when it ends, in the API's form.
#[derive(Clone, Copy)]
pub struct BegunSession<'a> {
    /// The JWT; empty if there is none.
    pub session_jwt: &'a str,
    /// The session token; empty if there is none.
    pub session_token: &'a str,
    /// The end of the session; empty if it is not known.
    pub expires_at: &'a str,
}

/// How a request's session is refreshed.
#[derive(Debug, Clone, Copy)]
pub struct Refresh<'a> {
    /// Whose session it is.
    pub product: Product,
    /// What the new JWT must say.
    pub required_claims: &'a [RequiredClaim],
    /// How cookies are set; none are if the request's credentials came in a header.
    pub cookies: Option<&'a CookieRules>,
}

impl Refresh<'_> {
    /// The verdict on a user whose session the API authenticated with this body. The cookies are set
    /// whether or not the new JWT has the required claims.
    #[must_use]
    pub fn answered(&self, body: &str, now: UnixSeconds) -> Decided {
        self.read(body, now).unwrap_or_else(|| {
            let unusable = Trouble::Unanswered(Reason::ApiUnavailable);
            Decided::bare(outcome_of(Purpose::Session, unusable).denial.into())
        })
    }

    fn read(&self, body: &str, now: UnixSeconds) -> Option<Decided> {
        let answer = ApiBody::read(body)?;
        let name = match self.product {
            Product::Consumer => "session",
            Product::B2b => "member_session",
        };
        let session = answer.member(name)?;
        let expires_at = answer.object(name)?.text("expires_at");
        let session_jwt = answer.text("session_jwt")?;
        let claims = handed_over(&session_jwt, self.product).ok()?;
        let set = self.cookies.map(|rules| {
            let begun = BegunSession {
                session_jwt: &session_jwt,
                session_token: &answer.text("session_token").unwrap_or_default(),
                expires_at: &expires_at.unwrap_or_default(),
            };
            log_in_cookies(rules, &begun, now)
        });
        let (set_cookies, unset) = set.unwrap_or_default();
        let verdict = if holds_claims(&claims, self.required_claims) {
            Verdict::Authenticated {
                via: Via::Remote,
                session: session.get().to_owned(),
                session_jwt,
                claims,
            }
        } else {
            Verdict::Forbidden(Reason::ClaimMismatch)
        };
        Some(Decided {
            verdict,
            set_cookies,
            unset,
        })
    }

    /// The verdict on a user whose session the API did not authenticate.
    #[must_use]
    pub fn refused(&self, trouble: Trouble<'_>) -> Decided {
        let verdict = Verdict::from(outcome_of(Purpose::Session, trouble).denial);
        let is_over = verdict == Verdict::Unauthenticated(Reason::SessionNotFound);
        let mut decided = Decided::bare(verdict);
        if let Some(rules) = self.cookies.filter(|_| is_over) {
            decided.set_cookies = log_out_cookies(rules);
        }
        decided
    }
}

/// The lines that set both cookies, as far as both tokens are known; and which one could
/// not be set. That one is cleared: the old cookie may be of another session.
#[must_use]
pub fn log_in_cookies(
    rules: &CookieRules,
    session: &BegunSession<'_>,
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

/// Shows no token.
impl std::fmt::Debug for BegunSession<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("BegunSession(…)")
    }
}
