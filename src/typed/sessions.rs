//! The session check, for both products.

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
    flow::{JwtQuestion, LocalOrRemote, Times},
    session::TokenKind,
    shared,
};

/// A user's session, as a token or the API describes it, with a token for it.
#[derive(Clone, PartialEq)]
pub struct AuthenticatedSession {
    /// The session.
    pub session: consumer::Session,
    /// The token that was checked, or a newer one if the API was asked.
    pub session_jwt: String,
}

/// A member's session, as a token or the API describes it, with a token for it.
#[derive(Clone, PartialEq)]
pub struct AuthenticatedMemberSession {
    /// The session.
    pub member_session: b2b::MemberSession,
    /// The token that was checked, or a newer one if the API was asked.
    pub session_jwt: String,
}

impl consumer::Sessions<'_> {
    /// Checks a session token by its signature and claims, without asking the API
    /// whether it was revoked. Keys, and policies if a permission is required, are
    /// fetched if need be and kept for the next check.
    pub async fn authenticate_jwt_local(
        &self,
        request: &consumer::SessionsAuthenticateJwtLocalRequest,
    ) -> Result<consumer::Session> {
        let times = Times {
            now: request.current_date,
            clock_tolerance: request.clock_tolerance_seconds.unwrap_or_default(),
            max_token_age: seconds(request.max_token_age_seconds),
        };
        let demand = permission::<Consumer>(request.authorization_check.as_ref());
        self.core
            .check(TokenKind::Session, &request.session_jwt, times, &demand)
            .await
    }

    /// Checks a session token here, and asks the API if that is not enough: the token
    /// has expired, or is older than allowed.
    pub async fn authenticate_jwt(
        &self,
        request: &consumer::SessionsAuthenticateJwtRequest,
    ) -> Result<AuthenticatedSession> {
        let (session, session_jwt) = authenticate_jwt::<Consumer>(
            self.core,
            &Asked {
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
    /// Checks a session token by its signature and claims, without asking the API
    /// whether it was revoked. Keys, and policies if a permission is required, are
    /// fetched if need be and kept for the next check.
    pub async fn authenticate_jwt_local(
        &self,
        request: &b2b::SessionsAuthenticateJwtLocalRequest,
    ) -> Result<b2b::MemberSession> {
        let times = Times {
            now: request.current_date,
            clock_tolerance: request.clock_tolerance_seconds.unwrap_or_default(),
            max_token_age: seconds(request.max_token_age_seconds),
        };
        let demand = permission::<B2b>(request.authorization_check.as_ref());
        self.core
            .check(TokenKind::Session, &request.session_jwt, times, &demand)
            .await
    }

    /// Checks a session token here, and asks the API if that is not enough: the token
    /// has expired, or is older than allowed.
    pub async fn authenticate_jwt(
        &self,
        request: &b2b::SessionsAuthenticateJwtRequest,
    ) -> Result<AuthenticatedMemberSession> {
        let (member_session, session_jwt) = authenticate_jwt::<B2b>(
            self.core,
            &Asked {
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

/// A request of either product.
struct Asked<'a, P: Product> {
    session_jwt: &'a str,
    authorization_check: Option<&'a P::Check>,
    max_token_age_seconds: Option<i64>,
    remote_fallback: Option<&'a shared::RemoteFallback>,
    session_duration_minutes: Option<i64>,
    session_custom_claims: Option<&'a Map<String, Value>>,
}

async fn authenticate_jwt<P: Product>(
    core: &Core,
    asked: &Asked<'_, P>,
) -> Result<(P::Session, String)> {
    let fallback = asked.remote_fallback.and_then(fallback_of);
    let duration = asked.session_duration_minutes.and_then(raw);
    let claims = asked.session_custom_claims.and_then(raw);
    let question = JwtQuestion {
        session_jwt: Some(asked.session_jwt),
        demand: &permission::<P>(asked.authorization_check),
        times: Times {
            max_token_age: seconds(asked.max_token_age_seconds),
            ..Times::default()
        },
        remote_fallback: fallback,
        session_duration_minutes: duration.as_deref(),
        session_custom_claims: claims.as_deref(),
    };
    match core.flow.authenticate_jwt(&question).await? {
        LocalOrRemote::Local(accepted) => {
            Ok((parsed(accepted.json())?, asked.session_jwt.to_owned()))
        }
        LocalOrRemote::Remote(body) => {
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

/// The API's word for it; one that this version does not know counts as none.
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
