//! Turns the API's response to `sessions.authenticate` into a verdict and cookies.
//!
//! The API is trusted about sessions. If it refuses this client or is unavailable, that says nothing about the user.

use super::{
    ApiBody, Cookie, CookieRules, Purpose, Reason, RequestFailure, RequiredClaim, Verdict,
    VerdictWithCookies, Via, holds_claims, is_plausible_session_token, outcome_of,
};
use crate::{
    jwt::UnixSeconds,
    session::{Product, payload_from_api, unix_seconds_of},
};

/// A new or refreshed session: its tokens and its end.
#[derive(Clone, Copy)]
pub struct NewSession<'a> {
    /// The JWT; empty if there is none.
    pub session_jwt: &'a str,
    /// The session token; empty if there is none.
    pub session_token: &'a str,
    /// The end of the session as an RFC 3339 timestamp; empty if it is not known.
    pub expires_at: &'a str,
}

/// The rules for the verdict on a session that the API authenticates.
#[derive(Debug, Clone, Copy)]
pub struct Refresh<'a> {
    /// The product of the session.
    pub product: Product,
    /// [`Purpose::Session`] or [`Purpose::SessionInOrganization`].
    pub purpose: Purpose,
    /// The claims that the new JWT must have.
    pub required_claims: &'a [RequiredClaim],
    /// The rules for cookies. If the credentials are from a header, it is `None`, and cookies are not set.
    pub cookies: Option<&'a CookieRules>,
    /// The cookies that are cleared if the session does not exist: those of the credential that was sent.
    pub cleared: Cleared,
    /// The id of the session of the verified JWT that was sent. The response must be about this session.
    pub session_id: Option<&'a str>,
}

/// The cookies that are cleared if a session does not exist. Credentials of other sessions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleared {
    /// The cookie of the JWT. The next request uses the session token, which may be of another session.
    SessionJwt,
    /// Both cookies: the request has no other credentials.
    Both,
    /// If the cookies have a domain, those without a domain: the browser sent several cookies of one name, and the next
    /// request uses another one. Otherwise none, because it is not known which of them would be cleared.
    OfHost,
}

impl Refresh<'_> {
    /// Returns the verdict for a success response with this body.
    ///
    /// The cookies are set even if the new JWT lacks a required claim. If the body is unusable, the verdict is
    /// `unavailable`.
    #[must_use]
    pub fn answered(&self, body: &str, now: UnixSeconds) -> VerdictWithCookies {
        self.read(body, now).unwrap_or_else(|| {
            let unusable = RequestFailure::NoResponse(Reason::ApiUnavailable);
            VerdictWithCookies::bare(outcome_of(self.purpose, unusable).denial.into())
        })
    }

    fn read(&self, body: &str, now: UnixSeconds) -> Option<VerdictWithCookies> {
        let answer = ApiBody::read(body)?;
        let name = match self.product {
            Product::Consumer => "session",
            Product::B2b => "member_session",
        };
        let session = answer.member(name)?;
        let expires_at = answer.object(name)?.text("expires_at");
        let session_jwt = answer.text("session_jwt")?;
        let claims = payload_from_api(&session_jwt, self.product).ok()?;
        if self.session_id.is_some() && session_id_in(&claims).as_deref() != self.session_id {
            return None;
        }
        let set = self.cookies.map(|rules| {
            let begun = NewSession {
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
                session: session.get().into(),
                session_jwt: session_jwt.into(),
                claims: claims.into(),
            }
        } else {
            Verdict::Forbidden(Reason::ClaimMismatch)
        };
        Some(VerdictWithCookies {
            set_cookies,
            unset,
            ..VerdictWithCookies::bare(verdict)
        })
    }

    /// Returns the verdict for a request without a usable result. If the session does not exist, its cookies are
    /// cleared.
    #[must_use]
    pub fn refused(&self, request_failure: RequestFailure<'_>) -> VerdictWithCookies {
        let verdict = Verdict::from(outcome_of(self.purpose, request_failure).denial);
        let is_over = verdict == Verdict::Unauthenticated(Reason::SessionNotFound);
        if is_over {
            return self.not_found();
        }
        VerdictWithCookies::bare(verdict)
    }

    /// Returns the verdict for a session that does not exist.
    #[must_use]
    pub fn not_found(&self) -> VerdictWithCookies {
        let verdict = Verdict::Unauthenticated(Reason::SessionNotFound);
        let mut decided = VerdictWithCookies::bare(verdict);
        if let Some(rules) = self.cookies {
            decided.set_cookies = self.cleared.lines(rules);
        }
        decided
    }
}

impl Cleared {
    fn lines(self, rules: &CookieRules) -> Vec<String> {
        let of_host = || {
            let cookies = [Cookie::SessionJwt, Cookie::SessionToken];
            cookies
                .into_iter()
                .filter_map(|cookie| rules.clear_of_host(cookie))
        };
        match self {
            Self::SessionJwt => rules.clear(Cookie::SessionJwt),
            Self::OfHost => of_host().collect(),
            Self::Both => log_out_cookies(rules),
        }
    }
}

/// Returns the id of the session in the payload of a session JWT.
#[must_use]
pub fn session_id_in(claims: &str) -> Option<String> {
    ApiBody::read(claims)?.object(SESSION_CLAIM)?.text("id")
}

/// The claim of a session, of both products.
const SESSION_CLAIM: &str = "https://stytch.com/session";

/// Returns the `Set-Cookie` values for the known tokens of a session, and the cookie that could not be set.
///
/// A cookie that could not be set is cleared, because the old cookie may belong to another session. If the cookies have a
/// domain, those of the same name without a domain are cleared.
#[must_use]
pub fn log_in_cookies(
    rules: &CookieRules,
    session: &NewSession<'_>,
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
        match line.filter(|_| is_sent_back) {
            // The cookie without a domain is cleared first. Cookie jars of RFC 6265 do not tell the two apart if the domain
            // is the host, so that the last line decides.
            Some(line) => lines.extend(rules.clear_of_host(cookie).into_iter().chain([line])),
            None => {
                unset = Some(cookie);
                lines.extend(rules.clear(cookie));
            }
        }
    }
    (lines, unset)
}

/// Returns the `Set-Cookie` values that clear both cookies.
#[must_use]
pub fn log_out_cookies(rules: &CookieRules) -> Vec<String> {
    let cookies = [Cookie::SessionJwt, Cookie::SessionToken];
    cookies
        .into_iter()
        .flat_map(|cookie| rules.clear(cookie))
        .collect()
}

/// Omits the tokens.
impl std::fmt::Debug for NewSession<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewSession(…)")
    }
}
