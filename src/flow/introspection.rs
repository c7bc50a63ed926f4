//! Asks the API about the token of a Connected App (RFC 7662).

use super::{Core, Error, LoadFailure};
use crate::{
    client::{
        Accepted, ApiBody, ClientError, ClientErrorCode, Demand, Denial, Purpose, Reason,
        introspected, introspection_request,
    },
    jwt::Refusal::{DuplicateMember, InvalidJson},
    session::Refusal,
};

impl Core {
    /// Asks the API whether a token is active, and what its bearer may do. `fields` are those of the form, but
    /// for `project_id`.
    ///
    /// # Errors
    /// `token_invalid` if the API says that the token is not active, and errors as [`check`](Self::check)'s.
    pub async fn introspect(
        &self,
        fields: Vec<(String, String)>,
        demand: &Demand,
    ) -> Result<Accepted, LoadFailure> {
        let request = introspection_request(&self.config, fields)?;
        let body = self.exchange(request, self.config.timeout_ms).await;
        let usable = body.and_then(|body| match ApiBody::read(&body.text) {
            Some(_) => Ok(body),
            None => Err(body.is_not("introspection")),
        });
        let body = usable.map_err(|error| LoadFailure {
            purpose: Some(Purpose::Introspection),
            error,
        })?;
        let issuer = &self.config.issuer;
        let came = self.platform.now();
        let read =
            |scopes: &mut _, asking| introspected(scopes, issuer, &body.text, demand, asking);
        self.settle(came, &read).await.map_err(|failure| {
            match failure.error.client().and_then(|error| error.reason) {
                // What cannot be read says nothing about the token.
                Some(Reason::Token(Refusal::Jwt(DuplicateMember | InvalidJson))) => LoadFailure {
                    purpose: Some(Purpose::Introspection),
                    error: body.is_not("introspection"),
                },
                _ => failure,
            }
        })
    }

    /// As [`introspect`](Self::introspect), with a refusal that is about the token as `token_invalid`.
    ///
    /// # Errors
    /// As [`introspect`](Self::introspect)'s.
    pub async fn introspect_token(
        &self,
        fields: Vec<(String, String)>,
        demand: &Demand,
    ) -> Result<Accepted, Error> {
        let failure = match self.introspect(fields, demand).await {
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
