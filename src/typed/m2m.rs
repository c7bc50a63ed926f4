//! Access tokens of programs: getting one, and checking one.

use serde_json::{Map, Value};

use super::{Result, checks::seconds, json::ToJson};
use crate::{
    client::{ClientError, ClientErrorCode, Demand, Reason},
    flow::Times,
    generated::endpoints::rows,
    session::TokenKind,
    shared::{
        AuthenticateTokenRequest, AuthenticateTokenResponse, M2m, TokenRequest, TokenResponse,
    },
};

impl M2m<'_> {
    /// Trades a client's identifier and secret for an access token that is valid for
    /// an hour.
    ///
    /// `POST /v1/public/{project_id}/oauth2/token`
    pub async fn token(&self, request: &TokenRequest) -> Result<TokenResponse> {
        let mut fields = match request.to_json() {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.remove("scopes");
        let scopes = request.scopes.as_deref().unwrap_or_default();
        if !scopes.is_empty() {
            fields.insert("scope".to_owned(), scopes.join(" ").into());
        }
        fields.insert("grant_type".to_owned(), "client_credentials".into());
        fields.insert("project_id".to_owned(), self.core.project_id().into());
        self.core.call(rows::M2M_TOKEN, Some(&fields), None).await
    }

    /// Checks an M2M access token by its signature, claims and scopes, without asking
    /// the API.
    pub async fn authenticate_token(
        &self,
        request: &AuthenticateTokenRequest,
    ) -> Result<AuthenticateTokenResponse> {
        let required = request.required_scopes.clone().unwrap_or_default();
        let demand = if required.is_empty() {
            Demand::Nothing
        } else {
            Demand::Scopes(required)
        };
        self.check(request, &demand).await
    }

    /// Like [`authenticate_token`](Self::authenticate_token), with a comparison of the
    /// caller's own: is what a token holds enough for what is required?
    pub async fn authenticate_token_by(
        &self,
        request: &AuthenticateTokenRequest,
        is_enough: impl Fn(&[String], &[String]) -> bool,
    ) -> Result<AuthenticateTokenResponse> {
        let machine = self.check(request, &Demand::Nothing).await?;
        let required = request.required_scopes.as_deref().unwrap_or_default();
        if !required.is_empty() && !is_enough(&machine.scopes, required) {
            let message = "Missing at least one required scope";
            let reason = Some(Reason::MissingScopes);
            return Err(ClientError::new(ClientErrorCode::MissingScopes, reason, message).into());
        }
        Ok(machine)
    }

    async fn check(
        &self,
        request: &AuthenticateTokenRequest,
        demand: &Demand,
    ) -> Result<AuthenticateTokenResponse> {
        let times = Times {
            now: None,
            clock_tolerance: request.clock_tolerance_seconds.unwrap_or_default(),
            max_token_age: seconds(request.max_token_age_seconds),
        };
        let token = &request.access_token;
        self.core
            .check(TokenKind::Machine, token, times, demand)
            .await
    }
}
