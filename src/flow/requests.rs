//! The verdict on a request: finds the session in its headers, checks the JWT, has the API authenticate the session if
//! necessary, and decides which cookies to set.

use serde_json::value::RawValue;

use super::{Core, Error, Event, Times, TokenCheck, sessions::permission};
use crate::{
    client::{
        Accepted, AuthenticateSession, Cookie, CookieRules, Credentials, FallbackDecision,
        NewSession, Purpose, Reason, Refresh, RemoteFallback, RequiredClaim, Requirement,
        SessionCredentials, Verdict, VerdictWithCookies, holds_claims, log_in_cookies,
    },
    session::TokenKind,
};

/// A request, and the requirements that its user must meet.
#[derive(Clone, Copy)]
pub struct RequestCheck<'a> {
    /// The credentials in the headers of the request.
    pub credentials: Credentials<&'a str>,
    /// The permission or the scopes that the user must have.
    pub requirement: &'a Requirement,
    /// The time of the check of the JWT and its tolerances.
    pub times: Times,
    /// Claims that the JWT must contain.
    pub required_claims: &'a [RequiredClaim],
    /// When the API authenticates the session. Default: the configuration's `remote_fallback`, else
    /// [`RemoteFallback::Stale`].
    pub remote_fallback: Option<RemoteFallback>,
    /// The names and attributes of the cookies. Default: the configuration's `cookies`.
    pub cookies: Option<&'a CookieRules>,
    /// The new lifetime of the session in minutes, as JSON text, if the API authenticates the session. Default: the
    /// lifetime is not changed.
    pub session_duration_minutes: Option<&'a RawValue>,
}

impl Core {
    /// Returns the verdict on a request.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option of the caller is invalid. Input of a user never causes an
    /// error.
    pub async fn authenticate_request(
        &self,
        question: &RequestCheck<'_>,
    ) -> Result<VerdictWithCookies, Error> {
        let rules = question.cookies.unwrap_or(&self.config.cookies);
        let decided = self.decide(question, rules).await?;
        self.report_unset(rules, decided.unset);
        Ok(decided)
    }

    /// Returns the `Set-Cookie` lines of a new session. Default of `rules`: the configuration's `cookies`.
    #[must_use]
    pub fn session_cookies(
        &self,
        session: &NewSession<'_>,
        rules: Option<&CookieRules>,
    ) -> Vec<String> {
        let rules = rules.unwrap_or(&self.config.cookies);
        let (lines, unset) = log_in_cookies(rules, session, self.platform.now());
        self.report_unset(rules, unset);
        lines
    }

    fn report_unset(&self, rules: &CookieRules, unset: Option<Cookie>) {
        if let Some(cookie) = unset {
            let cookie = rules.name_of(cookie);
            self.platform.report(&Event::CookieTooLarge { cookie });
        }
    }

    async fn decide(
        &self,
        question: &RequestCheck<'_>,
        rules: &CookieRules,
    ) -> Result<VerdictWithCookies, Error> {
        let fallback = question.remote_fallback;
        let fallback = self.config.fallback(fallback, RemoteFallback::Stale);
        let (session_jwt, session_token, is_cookie) =
            match SessionCredentials::find(question.credentials, fallback) {
                SessionCredentials::Nothing(reason) => {
                    return Ok(VerdictWithCookies::bare(Verdict::Unauthenticated(reason)));
                }
                SessionCredentials::SessionToken(token) => {
                    let asked = AuthenticateSession {
                        session_token: Some(token.reveal()),
                        ..AuthenticateSession::default()
                    };
                    return self.refresh(question, asked, Some(rules)).await;
                }
                SessionCredentials::SessionJwt {
                    session_jwt,
                    session_token,
                    is_cookie,
                } => (session_jwt, session_token, is_cookie),
            };
        let local = TokenCheck {
            token: session_jwt,
            kind: TokenKind::Session,
            requirement: question.requirement,
            times: question.times,
        };
        let failure = match self.check(&local).await {
            Ok(accepted) => return Ok(accepted_here(session_jwt, &accepted, question)),
            Err(failure) if failure.error.is_invalid_argument() => return Err(failure.error),
            Err(failure) => failure,
        };
        // If the policy is unavailable, a request to the API would not help: the API needs the same policy.
        let error = match (failure.purpose, failure.error.client()) {
            (Some(Purpose::Policy), _) | (_, None) => {
                return Ok(VerdictWithCookies::bare(failure.denial().into()));
            }
            (_, Some(error)) => error,
        };
        match self.decide_fallback(fallback, &failure, session_jwt) {
            FallbackDecision::Refuse => Ok(match failure.purpose {
                Some(_) => VerdictWithCookies::bare(failure.denial().into()),
                None => {
                    VerdictWithCookies::refused(error, rules, fallback, session_token.is_some())
                }
            }),
            FallbackDecision::LimitReached => Ok(VerdictWithCookies::bare(Verdict::Unavailable(
                Reason::KeysUnavailable,
            ))),
            FallbackDecision::CallApi => {
                let asked = match &session_token {
                    Some(token) => AuthenticateSession {
                        session_token: Some(token.reveal()),
                        ..AuthenticateSession::default()
                    },
                    None => AuthenticateSession {
                        session_jwt: Some(session_jwt),
                        ..AuthenticateSession::default()
                    },
                };
                self.refresh(question, asked, Some(rules).filter(|_| is_cookie))
                    .await
            }
        }
    }

    /// Has the API authenticate the session.
    async fn refresh(
        &self,
        question: &RequestCheck<'_>,
        asked: AuthenticateSession<'_>,
        cookies: Option<&CookieRules>,
    ) -> Result<VerdictWithCookies, Error> {
        let refresh = Refresh {
            product: self.config.issuer.product,
            required_claims: question.required_claims,
            cookies,
        };
        let asked = AuthenticateSession {
            session_duration_minutes: question.session_duration_minutes,
            authorization_check: permission(question.requirement),
            ..asked
        };
        match self.authenticate_session(&asked).await {
            Ok(body) => Ok(refresh.answered(&body, self.platform.now())),
            Err(error) if error.is_invalid_argument() => Err(error),
            Err(error) => Ok(refresh.refused(error.request_failure())),
        }
    }
}

/// The verdict on a user whose JWT is valid.
fn accepted_here(
    session_jwt: &str,
    accepted: &Accepted,
    question: &RequestCheck<'_>,
) -> VerdictWithCookies {
    let claims = accepted.payload();
    VerdictWithCookies::bare(if holds_claims(claims, question.required_claims) {
        Verdict::Authenticated {
            via: accepted.via,
            session: accepted.json().to_owned(),
            session_jwt: session_jwt.to_owned(),
            claims: claims.to_owned(),
        }
    } else {
        Verdict::Forbidden(Reason::ClaimMismatch)
    })
}
