//! Token introspection of Connected Apps by the API (RFC 7662).

use super::{Core, Error, LoadFailure, attempts::CallLimits};
use crate::{
    client::{
        Accepted, ApiBody, ClientError, ClientErrorCode, Denial, Purpose, Reason, Requirement,
        introspected, introspection_request,
    },
    jwt::Refusal::{DuplicateMember, InvalidJson},
    session::Refusal,
};

impl Core {
    /// Introspects a token: the API reports whether the token is active, and its claims. Then checks `requirement` against
    /// the claims. `fields` are the fields of the form without `project_id`.
    ///
    /// # Errors
    /// `token_invalid` if the API reports that the token is not active, and the errors of [`check`](Self::check).
    pub async fn introspect(
        &self,
        fields: Vec<(String, String)>,
        requirement: &Requirement,
    ) -> Result<Accepted, LoadFailure> {
        let request = introspection_request(&self.config, fields)?;
        let limits = CallLimits::of_unverified(self.config.time_limit_ms());
        let body = self.exchange(request, &limits).await;
        let usable = body.and_then(|body| match ApiBody::read(&body.text) {
            Some(_) => Ok(body),
            None => Err(body.unusable(NOT_INTROSPECTION)),
        });
        let body = usable.map_err(|error| LoadFailure {
            purpose: Some(Purpose::Introspection),
            error,
        })?;
        let issuer = &self.config.issuer;
        let check_began = self.platform.now();
        let read =
            |scopes: &mut _, lookup| introspected(scopes, issuer, &body.text, requirement, lookup);
        self.settle(check_began, &read).await.map_err(|failure| {
            match failure.error.client().and_then(|error| error.reason) {
                // A malformed response does not refute the token.
                Some(Reason::Token(Refusal::Jwt(DuplicateMember | InvalidJson))) => LoadFailure {
                    purpose: Some(Purpose::Introspection),
                    error: body.unusable(NOT_INTROSPECTION),
                },
                _ => failure,
            }
        })
    }

    /// Introspects a token as [`introspect`](Self::introspect) does, and reports every refusal of the token as
    /// `token_invalid`.
    ///
    /// # Errors
    /// The errors of [`introspect`](Self::introspect).
    pub async fn introspect_token(
        &self,
        fields: Vec<(String, String)>,
        requirement: &Requirement,
    ) -> Result<Accepted, Error> {
        let failure = match self.introspect(fields, requirement).await {
            Ok(accepted) => return Ok(accepted),
            Err(failure) => failure,
        };
        let denies_the_token = failure.purpose == Some(Purpose::Introspection)
            && matches!(failure.denial(), Denial::Unauthenticated(_));
        if !denies_the_token {
            return Err(failure.error);
        }
        let code = ClientErrorCode::TokenInvalid;
        let error = ClientError::new(code, None, "Could not introspect token");
        Err(Error::Caused(error, Box::new(failure.error)))
    }
}

const NOT_INTROSPECTION: &str = "a body that is not an introspection response";
