//! Tokens of Connected Apps, checked here or by the API, for both products.

use serde_json::{Map, Value};

use super::{
    Error, Result, UnixSeconds,
    checks::Strictness,
    core::Core,
    json::{FromJson, ToJson},
    sessions::demand,
};
use crate::{
    b2b,
    client::{ClientError, ClientErrorCode, Demand, Denial, Purpose, Trouble, outcome_of},
    consumer,
    generated::endpoints::rows,
    session::TokenKind,
};

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
    fn strictness(&self) -> Strictness {
        Strictness {
            clock_tolerance_seconds: self.clock_tolerance_seconds,
            max_token_age_seconds: None,
            current_date: self.current_date,
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
        let demand = demand(options.authorization_check.as_ref());
        let strictness = options.strictness();
        self.core
            .check(TokenKind::ConnectedApp, token_jwt, strictness, &demand)
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
        introspect(self.core, request, &demand(authorization_check)).await
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
        let demand = demand(options.authorization_check.as_ref());
        let strictness = options.strictness();
        self.core
            .check(TokenKind::ConnectedApp, token_jwt, strictness, &demand)
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
        introspect(self.core, request, &demand(authorization_check)).await
    }
}

async fn introspect<T: FromJson>(core: &Core, request: &dyn ToJson, demand: &Demand) -> Result<T> {
    let mut fields = match request.to_json() {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    // Left out when empty, as a secret is that an app does not have.
    for name in ["client_secret", "token_type_hint"] {
        if fields.get(name).is_some_and(|value| value == "") {
            fields.remove(name);
        }
    }
    fields.insert("project_id".to_owned(), core.project_id().into());
    let answer: Map<String, Value> = core
        .call(rows::IDP_INTROSPECT, Some(&fields), None)
        .await
        .map_err(as_verdict)?;
    core.introspected(&Value::Object(answer).to_string(), demand)
        .await
}

/// An introspection that is refused says that the token is not active, unless the refusal is about this client, or an
/// outage.
fn as_verdict(error: Error) -> Error {
    match &error {
        Error::Api(refusal) if denies_the_token(refusal.status_code) => {
            let message = format!("the API does not vouch for the token: {refusal}");
            Error::Client(ClientError::new(
                ClientErrorCode::TokenInvalid,
                None,
                message,
            ))
        }
        _ => error,
    }
}

fn denies_the_token(status: u16) -> bool {
    let outcome = outcome_of(Purpose::Introspection, Trouble::Status(status, ""));
    matches!(outcome.denial, Denial::Unauthenticated(_))
}
