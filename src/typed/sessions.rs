//! Checks of session JWTs, for both products.

use serde_json::{Map, Value, value::RawValue};

use super::{
    Error, Result,
    checks::{parsed, permission, seconds},
    core::Core,
    json::FromJson,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::RemoteFallback,
    consumer,
    flow::{AuthenticatedJwt, JwtCheck, Times},
    jwt::ClockTolerance,
    session::TokenKind,
    shared,
};

/// A user's session, and a session JWT for it.
#[derive(Clone, PartialEq)]
pub struct AuthenticatedSession {
    /// The session.
    pub session: consumer::Session,
    /// The session JWT of the request, or a new session JWT if the API authenticated the session.
    pub session_jwt: String,
}

/// A member's session, and a session JWT for it.
#[derive(Clone, PartialEq)]
pub struct AuthenticatedMemberSession {
    /// The session.
    pub member_session: b2b::MemberSession,
    /// The session JWT of the request, or a new session JWT if the API authenticated the session.
    pub session_jwt: String,
}

impl consumer::Sessions<'_> {
    /// Checks the signature and the claims of a session JWT locally. Does not detect that a session was revoked. Fetches
    /// the key set if it is not loaded, and the policies if a permission is required, and caches them in the isolate.
    ///
    /// # Errors
    /// [`Error::Client`] with the code and the reason of the refusal, with `jwks_unavailable` if the keys or a policy
    /// cannot be fetched, or with `invalid_argument`; [`Error::Api`] or [`Error::Request`] if the request for a policy
    /// fails.
    pub async fn authenticate_jwt_local(
        &self,
        request: &consumer::SessionsAuthenticateJwtLocalRequest,
    ) -> Result<consumer::Session> {
        let times = Times {
            now: request.current_date,
            tolerance: ClockTolerance::of(request.clock_tolerance_seconds.unwrap_or_default()),
            max_token_age: seconds(request.max_token_age_seconds),
        };
        let requirement = permission::<Consumer>(request.authorization_check.as_ref());
        self.core
            .check(
                TokenKind::Session,
                &request.session_jwt,
                times,
                &requirement,
            )
            .await
    }

    /// Checks a session JWT locally. If the check fails, has the API authenticate the session as `remote_fallback`
    /// permits, for example if the JWT has expired or is older than allowed.
    ///
    /// # Errors
    /// The errors of [`authenticate_jwt_local`](Self::authenticate_jwt_local), and the errors of the request to the API.
    pub async fn authenticate_jwt(
        &self,
        request: &consumer::SessionsAuthenticateJwtRequest,
    ) -> Result<AuthenticatedSession> {
        let (session, session_jwt) = authenticate_jwt::<Consumer>(
            self.core,
            &Arguments {
                session_jwt: &request.session_jwt,
                authorization_check: request.authorization_check.as_ref(),
                max_token_age_seconds: request.max_token_age_seconds,
                remote_fallback: request.remote_fallback.as_ref(),
                session_duration_minutes: request.session_duration_minutes,
                session_custom_claims: request.session_custom_claims.as_ref(),
            },
        )
        .await?;
        Ok(AuthenticatedSession {
            session,
            session_jwt,
        })
    }
}

impl b2b::Sessions<'_> {
    /// Checks the signature and the claims of a session JWT locally. Does not detect that a session was revoked. Fetches
    /// the key set if it is not loaded, and the policies if a permission is required, and caches them in the isolate.
    ///
    /// # Errors
    /// [`Error::Client`] with the code and the reason of the refusal, with `jwks_unavailable` if the keys or a policy
    /// cannot be fetched, or with `invalid_argument`; [`Error::Api`] or [`Error::Request`] if the request for a policy
    /// fails.
    pub async fn authenticate_jwt_local(
        &self,
        request: &b2b::SessionsAuthenticateJwtLocalRequest,
    ) -> Result<b2b::MemberSession> {
        let times = Times {
            now: request.current_date,
            tolerance: ClockTolerance::of(request.clock_tolerance_seconds.unwrap_or_default()),
            max_token_age: seconds(request.max_token_age_seconds),
        };
        let requirement = permission::<B2b>(request.authorization_check.as_ref());
        self.core
            .check(
                TokenKind::Session,
                &request.session_jwt,
                times,
                &requirement,
            )
            .await
    }

    /// Checks a session JWT locally. If the check fails, has the API authenticate the session as `remote_fallback`
    /// permits, for example if the JWT has expired or is older than allowed.
    ///
    /// # Errors
    /// The errors of [`authenticate_jwt_local`](Self::authenticate_jwt_local), and the errors of the request to the API.
    pub async fn authenticate_jwt(
        &self,
        request: &b2b::SessionsAuthenticateJwtRequest,
    ) -> Result<AuthenticatedMemberSession> {
        let (member_session, session_jwt) = authenticate_jwt::<B2b>(
            self.core,
            &Arguments {
                session_jwt: &request.session_jwt,
                authorization_check: request.authorization_check.as_ref(),
                max_token_age_seconds: request.max_token_age_seconds,
                remote_fallback: request.remote_fallback.as_ref(),
                session_duration_minutes: request.session_duration_minutes,
                session_custom_claims: request.session_custom_claims.as_ref(),
            },
        )
        .await?;
        Ok(AuthenticatedMemberSession {
            member_session,
            session_jwt,
        })
    }
}

/// The fields of a request of both products.
struct Arguments<'a, P: Product> {
    session_jwt: &'a str,
    authorization_check: Option<&'a P::Check>,
    max_token_age_seconds: Option<i64>,
    remote_fallback: Option<&'a shared::RemoteFallback>,
    session_duration_minutes: Option<i64>,
    session_custom_claims: Option<&'a Map<String, Value>>,
}

async fn authenticate_jwt<P: Product>(
    core: &Core,
    arguments: &Arguments<'_, P>,
) -> Result<(P::Session, String)> {
    let fallback = arguments.remote_fallback.and_then(fallback_of);
    let duration = arguments.session_duration_minutes.and_then(raw);
    let claims = arguments.session_custom_claims.and_then(raw);
    let question = JwtCheck {
        session_jwt: Some(arguments.session_jwt),
        requirement: &permission::<P>(arguments.authorization_check),
        times: Times {
            max_token_age: seconds(arguments.max_token_age_seconds),
            ..Times::default()
        },
        remote_fallback: fallback,
        session_duration_minutes: duration.as_deref(),
        session_custom_claims: claims.as_deref(),
    };
    match core.flow.authenticate_jwt(&question).await? {
        AuthenticatedJwt::Local(accepted) => {
            Ok((parsed(accepted.json())?, arguments.session_jwt.to_owned()))
        }
        AuthenticatedJwt::Remote(body) => {
            let mut fields: Map<String, Value> = parsed(&body)?;
            let mut take = |name: &str| fields.remove(name).unwrap_or_default();
            let session = P::Session::from_json(take(P::SESSION));
            let session_jwt = String::from_json(take("session_jwt"));
            match (session, session_jwt) {
                (Ok(session), Ok(session_jwt)) => Ok((session, session_jwt)),
                (Err(unexpected), _) | (_, Err(unexpected)) => Err(Error::from(
                    core.flow.unexpected_session(&unexpected.to_string()),
                )),
            }
        }
    }
}

fn raw(value: impl serde::Serialize) -> Option<Box<RawValue>> {
    serde_json::value::to_raw_value(&value).ok()
}

/// Converts the word of the API. An unknown word counts as `None`.
pub(super) fn fallback_of(word: &shared::RemoteFallback) -> Option<RemoteFallback> {
    match word {
        shared::RemoteFallback::Always => Some(RemoteFallback::Always),
        shared::RemoteFallback::Stale => Some(RemoteFallback::Stale),
        shared::RemoteFallback::Never => Some(RemoteFallback::Never),
        _ => None,
    }
}

super::shape::shows_its_name!(AuthenticatedSession);
super::shape::shows_its_name!(AuthenticatedMemberSession);
