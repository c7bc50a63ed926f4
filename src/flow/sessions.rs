//! Checks a session JWT here if possible, and by the API if not.

use std::fmt;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{Core, Error, LoadFailure, Times, TokenQuestion, state::with_state};
use crate::{
    client::{Accepted, Demand, RemoteFallback, SessionQuestion, Worth, session_request},
    session::TokenKind,
};

/// A session JWT, and how it is checked.
#[derive(Clone, Copy)]
pub struct JwtQuestion<'a> {
    /// The JWT; without one, the API says what is wrong.
    pub session_jwt: Option<&'a str>,
    /// What its bearer must be allowed.
    pub demand: &'a Demand,
    /// For which moment it is checked here, and how strictly.
    pub times: Times,
    /// When the API is asked. Default: as the configuration says, else [`RemoteFallback::Always`].
    pub remote_fallback: Option<RemoteFallback>,
    /// If the API is asked: how long the session shall last from now on, as JSON text.
    pub session_duration_minutes: Option<&'a RawValue>,
    /// If the API is asked: claims to set, as JSON text.
    pub session_custom_claims: Option<&'a RawValue>,
}

/// A session that is accepted.
pub enum LocalOrRemote {
    /// By its JWT.
    Local(Accepted),
    /// By the API, with this body.
    Remote(String),
}

impl Core {
    /// Checks a session JWT here, and asks the API if that is not enough.
    ///
    /// # Errors
    /// As [`check`](Self::check)'s, or those of the request to the API.
    pub async fn authenticate_jwt(
        &self,
        question: &JwtQuestion<'_>,
    ) -> Result<LocalOrRemote, Error> {
        let local = TokenQuestion {
            token: question.session_jwt.unwrap_or_default(),
            kind: TokenKind::Session,
            demand: question.demand,
            times: question.times,
        };
        // Every token is too old then, so that neither keys nor a policy are needed.
        let fallback = question.remote_fallback;
        let fallback = self.config.fallback(fallback, RemoteFallback::Always);
        let is_always_asked =
            fallback == RemoteFallback::Always && local.times.max_token_age == Some(0.0);
        if is_always_asked {
            return self.authenticate_remotely(question).await;
        }
        let failure = match self.check(&local).await {
            Ok(accepted) => return Ok(LocalOrRemote::Local(accepted)),
            Err(failure) if failure.error.is_invalid_argument() => return Err(failure.error),
            Err(failure) => failure,
        };
        let is_asked = match fallback {
            RemoteFallback::Always => true,
            RemoteFallback::Never => false,
            RemoteFallback::Stale => {
                self.worth(RemoteFallback::Stale, &failure, local.token) == Worth::Call
            }
        };
        if !is_asked {
            return Err(failure.error);
        }
        self.authenticate_remotely(question).await
    }

    async fn authenticate_remotely(
        &self,
        question: &JwtQuestion<'_>,
    ) -> Result<LocalOrRemote, Error> {
        let body = self
            .authenticate_session(&SessionQuestion {
                session_jwt: question.session_jwt,
                session_duration_minutes: question.session_duration_minutes,
                session_custom_claims: question.session_custom_claims,
                authorization_check: permission(question.demand),
                ..SessionQuestion::default()
            })
            .await?;
        Ok(LocalOrRemote::Remote(body))
    }

    /// The failure of an answer that is not the session that was asked for.
    #[must_use]
    pub fn unexpected_session(&self, what: &str) -> Error {
        let request = session_request(&self.config, &SessionQuestion::default());
        request.map_or_else(Error::from, |request| {
            super::exchange::unusable(
                &request,
                &format!("was answered in an unexpected shape: {what}"),
            )
        })
    }

    /// Whether the API is to be asked about a JWT that is refused here.
    pub(super) fn worth(
        &self,
        fallback: RemoteFallback,
        failure: &LoadFailure,
        session_jwt: &str,
    ) -> Worth {
        let Some(error) = failure.error.client() else {
            // A policy: the API would need the same one.
            return Worth::Nothing;
        };
        let (now, issuer) = (self.platform.now(), &self.config.issuer);
        with_state(|scopes| {
            let keys = scopes.keys_from(issuer, self.config.source);
            fallback.judge(error, session_jwt, keys.remote_calls(), now)
        })
    }

    /// Has the API authenticate a session, and returns the body.
    pub(super) async fn authenticate_session(
        &self,
        question: &SessionQuestion<'_>,
    ) -> Result<String, Error> {
        let request = session_request(&self.config, question)?;
        let body = self.exchange(request, self.config.timeout_ms).await?;
        // As npm `stytch`, callers get whatever JSON it is.
        match serde_json::from_str::<IgnoredAny>(&body.text) {
            Ok(_) => Ok(body.text),
            Err(_) => Err(body.is_not("JSON")),
        }
    }
}

/// Shows no token: the API's body has the session's.
impl fmt::Debug for LocalOrRemote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Local(_) => "Local(…)",
            Self::Remote(_) => "Remote(…)",
        })
    }
}

/// The permission that is demanded, as the API is asked about it.
pub(super) fn permission(demand: &Demand) -> Option<&crate::session::AuthorizationCheck> {
    match demand {
        Demand::Permission(check) => Some(check),
        Demand::Nothing | Demand::Scopes(_) | Demand::Resource(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::ForgetToken;

    #[test]
    fn shows_no_token_in_debug_text() {
        let body = r#"{"session_token": "hush", "session_jwt": "hush"}"#;
        let remote = LocalOrRemote::Remote(body.to_owned());
        assert_eq!(format!("{remote:?}"), "Remote(…)");
        let forgotten = ForgetToken::Exactly("hush");
        assert_eq!(format!("{forgotten:?}"), "Exactly(…)");
    }
}
