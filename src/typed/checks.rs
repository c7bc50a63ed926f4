//! Token checks with typed results.

use super::{Error, Result, core::Core, json::FromJson, product::Product};
use crate::{
    client::{ClientError, ClientErrorCode, Reason, Requirement},
    flow::{Times, TokenCheck},
    jwt,
    session::{Refusal, TokenKind},
};

impl Core {
    /// Checks a token. Fetches the keys and policies that the check needs and that are not loaded.
    pub(super) async fn check<T: FromJson>(
        &self,
        kind: TokenKind,
        token: &str,
        times: Times,
        requirement: &Requirement,
    ) -> Result<T> {
        let question = TokenCheck {
            token,
            kind,
            requirement,
            times,
        };
        let accepted = self.flow.check(&question).await;
        parsed(
            accepted
                .map_err(|failure| Error::from(failure.error))?
                .json(),
        )
    }
}

/// The requirement of a permission check. [`Requirement::Nothing`] without a check.
pub(super) fn permission<P: Product>(check: Option<&P::Check>) -> Requirement {
    check.map_or(Requirement::Nothing, |check| {
        Requirement::Permission(P::permission(check))
    })
}

/// Converts an age in seconds.
#[allow(clippy::cast_precision_loss, reason = "an age in seconds")]
pub(super) fn seconds(age: Option<i64>) -> Option<f64> {
    age.map(|age| age as f64)
}

/// Parses a result of this crate. A claim in it may have another type than the API documents.
pub(super) fn parsed<T: FromJson>(json: &str) -> Result<T> {
    let value = serde_json::from_str(json).map_err(|_| unexpected_claims("they are not JSON"))?;
    T::from_json(value).map_err(|unexpected| unexpected_claims(&unexpected.to_string()))
}

fn unexpected_claims(what: &str) -> Error {
    let reason = Reason::Token(Refusal::Jwt(jwt::Refusal::InvalidClaim));
    let message = format!("the token's claims do not match their documented types: {what}");
    Error::Client(ClientError::new(
        ClientErrorCode::JwtInvalid,
        Some(reason),
        message,
    ))
}
