//! The verdict on a request: finds the session in its headers, checks the JWT, has the API authenticate the session if
//! necessary, and decides which cookies to set.

use serde_json::value::RawValue;

use super::{Core, Error, Event, Times, TokenQuestion, sessions::permission};
use crate::{
    client::{
        Accepted, BegunSession, Cookie, CookieRules, Credentials, Decided, Demand, Presented,
        Purpose, Reason, Refresh, RemoteFallback, RequiredClaim, SessionQuestion, Verdict, Worth,
        holds_claims, log_in_cookies,
    },
    session::TokenKind,
};

/// A request, and the requirements that its user must meet.
#[derive(Clone, Copy)]
pub struct RequestQuestion<'a> {
    /// The credentials in the headers of the request.
    pub credentials: Credentials<&'a str>,
    /// The permission or the scopes that the user must have.
    pub demand: &'a Demand,
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
        question: &RequestQuestion<'_>,
    ) -> Result<Decided, Error> {
        let rules = question.cookies.unwrap_or(&self.config.cookies);
        let decided = self.decide(question, rules).await?;
        self.report_unset(rules, decided.unset);
        Ok(decided)
    }

    /// Returns the `Set-Cookie` lines of a new session. Default of `rules`: the configuration's `cookies`.
    #[must_use]
    pub fn session_cookies(
        &self,
        session: &BegunSession<'_>,
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
        question: &RequestQuestion<'_>,
        rules: &CookieRules,
    ) -> Result<Decided, Error> {
        let fallback = question.remote_fallback;
        let fallback = self.config.fallback(fallback, RemoteFallback::Stale);
        let (session_jwt, session_token, is_cookie) =
            match Presented::find(question.credentials, fallback) {
                Presented::Nothing(reason) => {
                    return Ok(Decided::bare(Verdict::Unauthenticated(reason)));
                }
                Presented::SessionToken(token) => {
                    let asked = SessionQuestion {
                        session_token: Some(token.reveal()),
                        ..SessionQuestion::default()
                    };
                    return self.refresh(question, asked, Some(rules)).await;
                }
                Presented::SessionJwt {
                    session_jwt,
                    session_token,
                    is_cookie,
                } => (session_jwt, session_token, is_cookie),
            };
        let local = TokenQuestion {
            token: session_jwt,
            kind: TokenKind::Session,
            demand: question.demand,
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
                return Ok(Decided::bare(failure.denial().into()));
            }
            (_, Some(error)) => error,
        };
        match self.decide_fallback(fallback, &failure, session_jwt) {
            Worth::Nothing => Ok(match failure.purpose {
                Some(_) => Decided::bare(failure.denial().into()),
                None => Decided::refused(error, rules, fallback, session_token.is_some()),
            }),
            Worth::TooMany => Ok(Decided::bare(Verdict::Unavailable(Reason::KeysUnavailable))),
            Worth::Call => {
                let asked = match &session_token {
                    Some(token) => SessionQuestion {
                        session_token: Some(token.reveal()),
                        ..SessionQuestion::default()
                    },
                    None => SessionQuestion {
                        session_jwt: Some(session_jwt),
                        ..SessionQuestion::default()
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
        question: &RequestQuestion<'_>,
        asked: SessionQuestion<'_>,
        cookies: Option<&CookieRules>,
    ) -> Result<Decided, Error> {
        let refresh = Refresh {
            product: self.config.issuer.product,
            required_claims: question.required_claims,
            cookies,
        };
        let asked = SessionQuestion {
            session_duration_minutes: question.session_duration_minutes,
            authorization_check: permission(question.demand),
            ..asked
        };
        match self.authenticate_session(&asked).await {
            Ok(body) => Ok(refresh.answered(&body, self.platform.now())),
            Err(error) if error.is_invalid_argument() => Err(error),
            Err(error) => Ok(refresh.refused(error.trouble())),
        }
    }
}

/// The verdict on a user whose JWT is valid.
fn accepted_here(
    session_jwt: &str,
    accepted: &Accepted,
    question: &RequestQuestion<'_>,
) -> Decided {
    let claims = accepted.payload();
    Decided::bare(if holds_claims(claims, question.required_claims) {
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
