//! The checks of tokens, with typed results.

use super::{Error, Result, core::Core, json::FromJson, product::Product};
use crate::{
    client::{ClientError, ClientErrorCode, Demand, Reason},
    flow::{Times, TokenQuestion},
    jwt,
    session::{Refusal, TokenKind},
};

impl Core {
    /// Checks a token, and fetches what turns out to be needed for that.
    pub(super) async fn check<T: FromJson>(
        &self,
        kind: TokenKind,
        token: &str,
        times: Times,
        demand: &Demand,
    ) -> Result<T> {
        let question = TokenQuestion {
            token,
            kind,
            demand,
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

/// What a caller requires of a token's bearer, or nothing.
pub(super) fn permission<P: Product>(check: Option<&P::Check>) -> Demand {
    check.map_or(Demand::Nothing, |check| {
        Demand::Permission(P::permission(check))
    })
}

/// An age in seconds.
#[allow(clippy::cast_precision_loss, reason = "an age in seconds")]
pub(super) fn seconds(age: Option<i64>) -> Option<f64> {
    age.map(|age| age as f64)
}

/// A result that this crate wrote itself; a claim in it may still have another shape
/// than the API gives it.
pub(super) fn parsed<T: FromJson>(json: &str) -> Result<T> {
    let value = serde_json::from_str(json).map_err(|_| misshapen("they are not JSON"))?;
    T::from_json(value).map_err(|unexpected| misshapen(&unexpected.to_string()))
}

fn misshapen(what: &str) -> Error {
    let reason = Reason::Token(Refusal::Jwt(jwt::Refusal::InvalidClaim));
    let message = format!("the token's claims have an unexpected shape: {what}");
    Error::Client(ClientError::new(
        ClientErrorCode::JwtInvalid,
        Some(reason),
        message,
    ))
}
