//! The session check, for both products.

use super::{
    Error, Result,
    checks::{SCOPES, Strictness},
    core::Core,
};
use crate::{
    b2b,
    client::{ClientErrorCode, Demand, RemoteFallback, Worth},
    consumer,
    session::{AuthorizationCheck, TokenKind},
    shared,
};

/// A user's session, as a token or the API describes it, with a token for it.
#[derive(Clone, PartialEq)]
pub struct AuthenticatedSession {
    /// The session.
    pub session: consumer::Session,
    /// The token that was checked, or a newer one where the API was asked.
    pub session_jwt: String,
}

/// A member's session, as a token or the API describes it, with a token for it.
#[derive(Clone, PartialEq)]
pub struct AuthenticatedMemberSession {
    /// The session.
    pub member_session: b2b::MemberSession,
    /// The token that was checked, or a newer one where the API was asked.
    pub session_jwt: String,
}

impl consumer::Sessions<'_> {
    /// Checks a session token by its signature and claims, without asking the API
    /// whether it was revoked. Keys, and policies where a permission is required, are
    /// fetched if need be and kept for the next check.
    pub async fn authenticate_jwt_local(
        &self,
        request: &consumer::SessionsAuthenticateJwtLocalRequest,
    ) -> Result<consumer::Session> {
        let strictness = Strictness {
            clock_tolerance_seconds: request.clock_tolerance_seconds,
            max_token_age_seconds: request.max_token_age_seconds,
            current_date: request.current_date,
        };
        let demand = demand(request.authorization_check.as_ref());
        let token = &request.session_jwt;
        self.core
            .check(TokenKind::Session, token, strictness, &demand)
            .await
    }

    /// Checks a session token by itself, and asks the API where that does not do: it
    /// has expired, or is older than allowed.
    pub async fn authenticate_jwt(
        &self,
        request: &consumer::SessionsAuthenticateJwtRequest,
    ) -> Result<AuthenticatedSession> {
        let request = request.clone();
        let fallback = request.remote_fallback.clone();
        if request.max_token_age_seconds != Some(0) || fallback.is_some() {
            let local = consumer::SessionsAuthenticateJwtLocalRequest {
                session_jwt: request.session_jwt.clone(),
                authorization_check: request.authorization_check.clone(),
                max_token_age_seconds: request.max_token_age_seconds,
                ..Default::default()
            };
            let outcome = self.authenticate_jwt_local(&local).await;
            let token = &request.session_jwt;
            if let Some(session) = unless_refused(self.core, outcome, fallback.as_ref(), token)? {
                let session_jwt = request.session_jwt;
                return Ok(AuthenticatedSession {
                    session,
                    session_jwt,
                });
            }
        }
        let remote = consumer::SessionsAuthenticateRequest {
            session_jwt: Some(request.session_jwt),
            session_duration_minutes: request.session_duration_minutes,
            session_custom_claims: request.session_custom_claims,
            authorization_check: request.authorization_check,
            ..Default::default()
        };
        let answer = self.authenticate(&remote).await?;
        Ok(AuthenticatedSession {
            session: answer.session,
            session_jwt: answer.session_jwt,
        })
    }
}

impl b2b::Sessions<'_> {
    /// Checks a session token by its signature and claims, without asking the API
    /// whether it was revoked. Keys, and policies where a permission is required, are
    /// fetched if need be and kept for the next check.
    pub async fn authenticate_jwt_local(
        &self,
        request: &b2b::SessionsAuthenticateJwtLocalRequest,
    ) -> Result<b2b::MemberSession> {
        let strictness = Strictness {
            clock_tolerance_seconds: request.clock_tolerance_seconds,
            max_token_age_seconds: request.max_token_age_seconds,
            current_date: request.current_date,
        };
        let demand = demand(request.authorization_check.as_ref());
        let token = &request.session_jwt;
        self.core
            .check(TokenKind::Session, token, strictness, &demand)
            .await
    }

    /// Checks a session token by itself, and asks the API where that does not do: it
    /// has expired, or is older than allowed.
    pub async fn authenticate_jwt(
        &self,
        request: &b2b::SessionsAuthenticateJwtRequest,
    ) -> Result<AuthenticatedMemberSession> {
        let request = request.clone();
        let fallback = request.remote_fallback.clone();
        if request.max_token_age_seconds != Some(0) || fallback.is_some() {
            let local = b2b::SessionsAuthenticateJwtLocalRequest {
                session_jwt: request.session_jwt.clone(),
                authorization_check: request.authorization_check.clone(),
                max_token_age_seconds: request.max_token_age_seconds,
                ..Default::default()
            };
            let outcome = self.authenticate_jwt_local(&local).await;
            let token = &request.session_jwt;
            if let Some(member_session) =
                unless_refused(self.core, outcome, fallback.as_ref(), token)?
            {
                let session_jwt = request.session_jwt;
                return Ok(AuthenticatedMemberSession {
                    member_session,
                    session_jwt,
                });
            }
        }
        let remote = b2b::SessionsAuthenticateRequest {
            session_jwt: Some(request.session_jwt),
            session_duration_minutes: request.session_duration_minutes,
            session_custom_claims: request.session_custom_claims,
            authorization_check: request.authorization_check,
            ..Default::default()
        };
        let answer = self.authenticate(&remote).await?;
        Ok(AuthenticatedMemberSession {
            member_session: answer.member_session,
            session_jwt: answer.session_jwt,
        })
    }
}

/// What a caller requires of a token's bearer, or nothing.
pub(super) fn demand<T>(check: Option<&T>) -> Demand
where
    for<'a> AuthorizationCheck: From<&'a T>,
{
    check.map_or(Demand::Nothing, |check| Demand::Permission(check.into()))
}

impl From<&consumer::SessionsAuthorizationCheck> for AuthorizationCheck {
    fn from(check: &consumer::SessionsAuthorizationCheck) -> Self {
        Self {
            resource_id: check.resource_id.clone(),
            action: check.action.clone(),
            organization_id: None,
        }
    }
}

impl From<&b2b::AuthorizationCheck> for AuthorizationCheck {
    fn from(check: &b2b::AuthorizationCheck) -> Self {
        Self {
            resource_id: check.resource_id.clone(),
            action: check.action.clone(),
            organization_id: Some(check.organization_id.clone()),
        }
    }
}

/// Nothing where the API is to have the last word; a call that cannot be made is
/// wrong there too. Anybody can make up tokens whose key is not to be had, so the calls
/// for these are counted as those for visits are.
fn unless_refused<T>(
    core: &Core,
    outcome: Result<T>,
    fallback: Option<&shared::RemoteFallback>,
    token: &str,
) -> Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::Client(error)) if error.code == ClientErrorCode::InvalidArgument => {
            Err(Error::Client(error))
        }
        Err(error) => match (fallback, &error) {
            (Some(shared::RemoteFallback::Never), _) => Err(error),
            (Some(shared::RemoteFallback::Stale), Error::Client(refusal)) => {
                let now = core.platform.now();
                let worth = SCOPES.with_borrow_mut(|scopes| {
                    let keys = scopes.keys_of(&core.config.issuer());
                    RemoteFallback::Stale.judge(refusal, token, keys.remote_calls(), now)
                });
                match worth {
                    Worth::Call => Ok(None),
                    Worth::Nothing | Worth::TooMany => Err(error),
                }
            }
            (Some(shared::RemoteFallback::Stale), _) => Err(error),
            _ => Ok(None),
        },
    }
}

super::shape::shows_its_name!(AuthenticatedSession);
super::shape::shows_its_name!(AuthenticatedMemberSession);
