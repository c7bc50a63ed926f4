//! Tokens of Connected Apps, checked here or by the API, for both products.

use serde_json::{Map, Value};

use super::{
    Result, UnixSeconds,
    checks::{parsed, permission},
    core::Core,
    json::ToJson,
    product::{B2b, Consumer, Product},
};
use crate::{b2b, consumer, flow::Times, session::TokenKind};

/// How a Connected App's token is judged. `Check` is the product's permission check.
#[derive(Clone)]
pub struct IntrospectTokenOptions<Check> {
    /// How far the clocks may differ when times are compared; none by default.
    pub clock_tolerance_seconds: Option<f64>,
    /// The time to check against, for tests; the present where left out.
    pub current_date: Option<UnixSeconds>,
    /// A permission that the token's scopes must grant.
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
            clock_tolerance: self.clock_tolerance_seconds.unwrap_or_default(),
            max_token_age: None,
        }
    }
}

impl consumer::Idp<'_> {
    /// Checks a Connected App's token by its signature and claims, without asking the
    /// API whether it was revoked.
    pub async fn introspect_token_local(
        &self,
        token_jwt: &str,
        options: &IntrospectTokenOptions<consumer::SessionsAuthorizationCheck>,
    ) -> Result<consumer::IntrospectTokenClaims> {
        let demand = permission::<Consumer>(options.authorization_check.as_ref());
        let times = options.times();
        self.core
            .check(TokenKind::ConnectedApp, token_jwt, times, &demand)
            .await
    }

    /// Asks the API whether a Connected App's token is still good, and gives its
    /// claims.
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
    /// Checks a Connected App's token by its signature and claims, without asking the
    /// API whether it was revoked.
    pub async fn introspect_token_local(
        &self,
        token_jwt: &str,
        options: &IntrospectTokenOptions<b2b::AuthorizationCheck>,
    ) -> Result<b2b::IntrospectTokenClaims> {
        let demand = permission::<B2b>(options.authorization_check.as_ref());
        let times = options.times();
        self.core
            .check(TokenKind::ConnectedApp, token_jwt, times, &demand)
            .await
    }

    /// Asks the API whether a Connected App's token is still good, and gives its
    /// claims.
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
    // The secret of a public app is empty.
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

/// The fields of a request.
const FIELDS: [&str; 4] = ["token", "client_id", "client_secret", "token_type_hint"];
