//! The verdict on a request: find its session, check the JWT, ask the API if need be, and decide about cookies.

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

/// A request, and what is asked of its user.
#[derive(Clone, Copy)]
pub struct RequestQuestion<'a> {
    /// What it carries.
    pub credentials: Credentials<&'a str>,
    /// What the user must be allowed.
    pub demand: &'a Demand,
    /// For which moment the JWT is checked, and how strictly.
    pub times: Times,
    /// What the JWT must say in addition.
    pub required_claims: &'a [RequiredClaim],
    /// When the API is asked. Default: as the configuration says, else [`RemoteFallback::Stale`].
    pub remote_fallback: Option<RemoteFallback>,
    /// How the cookies are called and set. Default: as the configuration says.
    pub cookies: Option<&'a CookieRules>,
    /// If the API is asked: how long the session shall last from now on, as JSON text.
    pub session_duration_minutes: Option<&'a RawValue>,
}

impl Core {
    /// The verdict on a request.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` for what the caller asks. Nothing that a user sends is an error.
    pub async fn authenticate_request(
        &self,
        question: &RequestQuestion<'_>,
    ) -> Result<Decided, Error> {
        let rules = question.cookies.unwrap_or(&self.config.cookies);
        let decided = self.decide(question, rules).await?;
        self.report_unset(rules, decided.unset);
        Ok(decided)
    }

    /// The `Set-Cookie` lines of a session that has just begun, by the configuration's rules or other ones.
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
        // Without the policy that decides, the API could not decide either.
        let error = match (failure.purpose, failure.error.client()) {
            (Some(Purpose::Policy), _) | (_, None) => {
                return Ok(Decided::bare(failure.denial().into()));
            }
            (_, Some(error)) => error,
        };
        match self.worth(fallback, &failure, session_jwt) {
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

/// The verdict on a user whose JWT is accepted here.
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
