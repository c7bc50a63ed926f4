//! M2M access tokens: issuance and local checks.

use serde_json::{Map, Value};

use super::{Result, checks::seconds, json::ToJson};
use crate::{
    client::{ClientError, ClientErrorCode, Reason, Requirement, endpoint::Endpoint},
    flow::Times,
    generated::endpoints::rows,
    jwt::ClockTolerance,
    session::TokenKind,
    shared::{
        AuthenticateTokenRequest, AuthenticateTokenResponse, M2m, TokenRequest, TokenResponse,
    },
};

impl M2m<'_> {
    /// Exchanges the id and the secret of an M2M client for an access token, which is valid for one hour.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses the credentials or a scope,
    /// [`Error::Request`](crate::Error::Request) if the response is missing or unusable.
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
        let endpoint = Endpoint::read(rows::M2M_TOKEN);
        self.core.send(endpoint, Some(&fields), None).await
    }

    /// Checks the signature, the claims and the scopes of an M2M access token locally.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with the code and the reason of the refusal, `missing_scopes` if a required
    /// scope is missing, or `jwks_unavailable` if the keys cannot be fetched.
    pub async fn authenticate_token(
        &self,
        request: &AuthenticateTokenRequest,
    ) -> Result<AuthenticateTokenResponse> {
        let required = request.required_scopes.clone().unwrap_or_default();
        let requirement = if required.is_empty() {
            Requirement::Nothing
        } else {
            Requirement::Scopes(required)
        };
        self.check(request, &requirement).await
    }

    /// Checks a token as [`authenticate_token`](Self::authenticate_token) does, and compares scopes with `is_enough`: its
    /// parameters are the scopes of the token and the required scopes, and it returns whether the former suffice. It is
    /// not called if `required_scopes` is empty.
    ///
    /// # Errors
    /// The errors of [`authenticate_token`](Self::authenticate_token).
    pub async fn authenticate_token_by(
        &self,
        request: &AuthenticateTokenRequest,
        is_enough: impl Fn(&[String], &[String]) -> bool,
    ) -> Result<AuthenticateTokenResponse> {
        let machine = self.check(request, &Requirement::Nothing).await?;
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
        requirement: &Requirement,
    ) -> Result<AuthenticateTokenResponse> {
        let times = Times {
            now: None,
            tolerance: ClockTolerance::of(request.clock_tolerance_seconds.unwrap_or_default()),
            max_token_age: seconds(request.max_token_age_seconds),
        };
        let token = &request.access_token;
        self.core
            .check(TokenKind::Machine, token, times, requirement)
            .await
    }
}
