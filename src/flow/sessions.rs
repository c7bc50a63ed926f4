//! Checks a session JWT locally, and has the API authenticate the session if the local check is not sufficient.

use std::fmt;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{Core, Error, LoadFailure, Times, TokenCheck, attempts::CallLimits, state::with_state};
use crate::{
    client::{
        Accepted, AuthenticateSession, FallbackDecision, RemoteFallback, Requirement,
        session_request,
    },
    session::TokenKind,
};

/// A session JWT, and the requirements that it must meet.
#[derive(Clone, Copy)]
pub struct JwtCheck<'a> {
    /// The session JWT. If it is `None`, a request to the API returns the API's error about the missing token.
    pub session_jwt: Option<&'a str>,
    /// The permission or the scopes that the user must have.
    pub requirement: &'a Requirement,
    /// The time of the local check and its tolerances.
    pub times: Times,
    /// When the API authenticates the session. Default: the configuration's `remote_fallback`, else
    /// [`RemoteFallback::Always`].
    pub remote_fallback: Option<RemoteFallback>,
    /// The new lifetime of the session in minutes, as JSON text, if the API authenticates the session. Default: the
    /// lifetime is not changed.
    pub session_duration_minutes: Option<&'a RawValue>,
    /// Custom claims to set, as JSON text, if the API authenticates the session.
    pub session_custom_claims: Option<&'a RawValue>,
}

/// A valid session.
pub enum AuthenticatedJwt {
    /// The JWT passed the local check.
    Local(Accepted),
    /// The API authenticated the session. The text is the body of its response.
    Remote(String),
}

impl Core {
    /// Checks a session JWT locally. If the check fails, has the API authenticate the session as `remote_fallback`
    /// permits.
    ///
    /// # Errors
    /// The errors of [`check`](Self::check) and of the request to the API.
    pub async fn authenticate_jwt(
        &self,
        question: &JwtCheck<'_>,
    ) -> Result<AuthenticatedJwt, Error> {
        let local = TokenCheck {
            token: question.session_jwt.unwrap_or_default(),
            kind: TokenKind::Session,
            requirement: question.requirement,
            times: question.times,
        };
        // With a maximum age of 0 every token is too old, so the keys and the policy do not have to be loaded.
        let fallback = question.remote_fallback;
        let fallback = self.config.fallback(fallback, RemoteFallback::Always);
        let skips_local_check =
            fallback == RemoteFallback::Always && local.times.max_token_age == Some(0.0);
        if skips_local_check {
            return self.authenticate_remotely(question).await;
        }
        let failure = match self.check(&local).await {
            Ok(accepted) => return Ok(AuthenticatedJwt::Local(accepted)),
            Err(failure) if failure.error.is_invalid_argument() => return Err(failure.error),
            Err(failure) => failure,
        };
        let is_remote = match fallback {
            RemoteFallback::Always => true,
            RemoteFallback::Never => false,
            RemoteFallback::Stale => {
                self.decide_fallback(RemoteFallback::Stale, &failure, local.token)
                    == FallbackDecision::CallApi
            }
        };
        if !is_remote {
            return Err(failure.error);
        }
        self.authenticate_remotely(question).await
    }

    async fn authenticate_remotely(
        &self,
        question: &JwtCheck<'_>,
    ) -> Result<AuthenticatedJwt, Error> {
        let asked = AuthenticateSession {
            session_jwt: question.session_jwt,
            session_duration_minutes: question.session_duration_minutes,
            session_custom_claims: question.session_custom_claims,
            authorization_check: permission(question.requirement),
            ..AuthenticateSession::default()
        };
        let limits = CallLimits::of_unverified(self.config.time_limit_ms());
        let body = self.authenticate_session(&asked, &limits).await?;
        Ok(AuthenticatedJwt::Remote(body))
    }

    /// The error for a response of the API whose session does not match its documented type. `what` names the field and
    /// the expected type.
    #[must_use]
    pub fn unexpected_session(&self, what: &str) -> Error {
        let request = session_request(&self.config, &AuthenticateSession::default());
        request.map_or_else(Error::from, |request| {
            super::exchange::unusable(
                &request,
                &format!(
                    "was answered with a body that does not match its documented type: {what}"
                ),
            )
        })
    }

    /// Decides whether the API authenticates the session of a JWT that failed the local check.
    pub(super) fn decide_fallback(
        &self,
        fallback: RemoteFallback,
        failure: &LoadFailure,
        session_jwt: &str,
    ) -> FallbackDecision {
        let Some(error) = failure.error.client() else {
            // The request for a policy failed. The API would need the same policy.
            return FallbackDecision::Refuse;
        };
        let (now, issuer) = (self.platform.now(), &self.config.issuer);
        with_state(|state| {
            let keys = state.keys_from(issuer, self.config.source);
            fallback.decide(error, session_jwt, keys.remote_calls(), now)
        })
    }

    /// Has the API authenticate a session, and returns the body of the response.
    pub(super) async fn authenticate_session(
        &self,
        question: &AuthenticateSession<'_>,
        limits: &CallLimits<'_>,
    ) -> Result<String, Error> {
        let request = session_request(&self.config, question)?;
        let body = self.exchange(request, limits).await?;
        // As in npm `stytch`, the caller receives any JSON value unchanged.
        match serde_json::from_str::<IgnoredAny>(&body.text) {
            Ok(_) => Ok(body.text),
            Err(_) => Err(body.unusable("a body that is not JSON")),
        }
    }
}

/// Does not show the body: it contains the session token and the session JWT.
impl fmt::Debug for AuthenticatedJwt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Local(_) => "Local(…)",
            Self::Remote(_) => "Remote(…)",
        })
    }
}

/// The permission of a requirement, for the field `authorization_check` of a request to the API.
pub(super) fn permission(requirement: &Requirement) -> Option<&crate::session::AuthorizationCheck> {
    match requirement {
        Requirement::Permission(check) => Some(check),
        Requirement::Nothing | Requirement::Scopes(_) | Requirement::Resource(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::ForgetToken;

    #[test]
    fn debug_output_does_not_contain_tokens() {
        let body = r#"{"session_token": "hush", "session_jwt": "hush"}"#;
        let remote = AuthenticatedJwt::Remote(body.to_owned());
        assert_eq!(format!("{remote:?}"), "Remote(…)");
        let forgotten = ForgetToken::Exactly("hush");
        assert_eq!(format!("{forgotten:?}"), "Exactly(…)");
    }
}
