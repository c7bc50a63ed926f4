//! Access tokens of Connected Apps, checked locally or introspected by the API, for both products.

use serde_json::{Map, Value};

use super::{
    Result, UnixSeconds,
    checks::{parsed, permission},
    core::Core,
    json::ToJson,
    product::{B2b, Consumer, Product},
};
use crate::{b2b, consumer, flow::Times, jwt::ClockTolerance, session::TokenKind};

/// The options of the local check of a Connected App's access token. `Check` is the permission check of the product.
#[derive(Clone)]
pub struct IntrospectTokenOptions<Check> {
    /// The allowed difference between clocks, in seconds. Default: 0.
    pub clock_tolerance_seconds: Option<f64>,
    /// The time of the check, for tests. Default: the current time.
    pub current_date: Option<UnixSeconds>,
    /// A permission that the scopes of the token must grant. Default: none.
    pub authorization_check: Option<Check>,
}

impl<Check> Default for IntrospectTokenOptions<Check> {
    fn default() -> Self {
        Self {
            clock_tolerance_seconds: None,
            current_date: None,
            authorization_check: None,
        }
    }
}

impl<Check> IntrospectTokenOptions<Check> {
    fn times(&self) -> Times {
        Times {
            now: self.current_date,
            tolerance: ClockTolerance::of(self.clock_tolerance_seconds.unwrap_or_default()),
            max_token_age: None,
        }
    }
}

impl consumer::Idp<'_> {
    /// Checks the signature and the claims of a Connected App's access token locally. Does not detect that a token was
    /// revoked.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with the code and the reason of the refusal, with `jwks_unavailable` if
    /// the keys or the policy cannot be fetched, or with `invalid_argument`; [`Error::Api`](crate::Error::Api) or
    /// [`Error::Request`](crate::Error::Request) if the request for a policy fails.
    pub async fn introspect_token_local(
        &self,
        token_jwt: &str,
        options: &IntrospectTokenOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<consumer::IntrospectTokenClaims> {
        let requirement = permission::<Consumer>(options.authorization_check.as_ref());
        let times = options.times();
        self.core
            .check(TokenKind::ConnectedApp, token_jwt, times, &requirement)
            .await
    }

    /// Has the API introspect a Connected App's access token (RFC 7662), and returns the claims of an active token.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `token_invalid` if the token is not active;
    /// [`Error::Api`](crate::Error::Api) or [`Error::Request`](crate::Error::Request) if a request fails.
    ///
    /// `POST /v1/public/{project_id}/oauth2/introspect`
    pub async fn introspect_token_network(
        &self,
        request: &consumer::IntrospectTokenRequest,
        authorization_check: Option<&consumer::SessionsAuthorizationCheck>,
    ) -> Result<consumer::IntrospectTokenClaims> {
        introspect::<Consumer>(self.core, request, authorization_check).await
    }
}

impl b2b::Idp<'_> {
    /// Checks the signature and the claims of a Connected App's access token locally. Does not detect that a token was
    /// revoked.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with the code and the reason of the refusal, with `jwks_unavailable` if
    /// the keys or the policy cannot be fetched, or with `invalid_argument`; [`Error::Api`](crate::Error::Api) or
    /// [`Error::Request`](crate::Error::Request) if the request for a policy fails.
    pub async fn introspect_token_local(
        &self,
        token_jwt: &str,
        options: &IntrospectTokenOptions<b2b::AuthorizationCheck>,
    ) -> Result<b2b::IntrospectTokenClaims> {
        let requirement = permission::<B2b>(options.authorization_check.as_ref());
        let times = options.times();
        self.core
            .check(TokenKind::ConnectedApp, token_jwt, times, &requirement)
            .await
    }

    /// Has the API introspect a Connected App's access token (RFC 7662), and returns the claims of an active token.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `token_invalid` if the token is not active;
    /// [`Error::Api`](crate::Error::Api) or [`Error::Request`](crate::Error::Request) if a request fails.
    ///
    /// `POST /v1/public/{project_id}/oauth2/introspect`
    pub async fn introspect_token_network(
        &self,
        request: &b2b::IntrospectTokenRequest,
        authorization_check: Option<&b2b::AuthorizationCheck>,
    ) -> Result<b2b::IntrospectTokenClaims> {
        introspect::<B2b>(self.core, request, authorization_check).await
    }
}

async fn introspect<P: Product>(
    core: &Core,
    request: &dyn ToJson,
    check: Option<&P::Check>,
) -> Result<P::AppClaims> {
    let fields = match request.to_json() {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let text = |name: &str| Some((name.to_owned(), fields.get(name)?.as_str()?.to_owned()));
    let fields = FIELDS.into_iter().filter_map(text);
    // A public app does not have a secret, so an empty secret is not sent.
    let fields = fields.filter(|(name, value)| {
        !(value.is_empty() && matches!(name.as_str(), "client_secret" | "token_type_hint"))
    });
    let fields = fields.collect();
    let accepted = core
        .flow
        .introspect_token(fields, &permission::<P>(check))
        .await?;
    parsed(accepted.json())
}

/// The fields of the form (RFC 7662, section 2.1).
const FIELDS: [&str; 4] = ["token", "client_id", "client_secret", "token_type_hint"];
