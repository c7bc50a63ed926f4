//! What a service asks of the access token that somebody calls it with: that it is
//! meant for this service (RFC 8707; RFC 9068, section 4), and what it allows.
//!
//! Judges what a good token says. Headers, and the words of a refusal in them, are the
//! shell's business.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{ClientError, ClientErrorCode, Demand, Reason};
use crate::{
    jwt::Refusal as JwtRefusal,
    session::{AuthorizationCheck, Grants, Refusal, Subject, holds_scopes},
};

/// What a service asks of whoever calls it, in the order in which it is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceDemand {
    /// The names of the service: the token's `aud` must hold one of them beside the
    /// project's. Where there is none, the project's is enough.
    pub audiences: Vec<String>,
    /// Scopes that the token must all have.
    pub scopes: Vec<String>,
    /// What the token's scopes must allow by the project's policy.
    pub permission: Option<AuthorizationCheck>,
}

impl ResourceDemand {
    /// Judges all of it that needs no policy.
    ///
    /// # Errors
    /// [`ClientError`] `jwt_invalid` with `wrong_audience`, or `missing_scopes`.
    pub(super) fn judge(&self, subject: &Subject) -> Result<(), ClientError> {
        let is_named = |name: &String| subject.audience.contains(name);
        if !self.audiences.is_empty() && !self.audiences.iter().any(is_named) {
            let refusal = Refusal::Jwt(JwtRefusal::WrongAudience);
            return Err(ClientError::refused(Reason::Token(refusal)));
        }
        require_scopes(subject, &self.scopes)
    }
}

impl Demand {
    /// What callers get of a good token. A service is also told how it was found good.
    pub(super) fn told(&self, json: &str, via: &str) -> String {
        match self {
            Self::Resource(_) => ["{\"via\":\"", via, "\",\"token\":", json, "}"].concat(),
            _ => json.to_owned(),
        }
    }
}

/// Asks for scopes themselves, whatever a policy makes of them.
///
/// # Errors
/// [`ClientError`] `missing_scopes`, or `jwt_invalid` where there cannot be any.
pub(super) fn require_scopes(subject: &Subject, required: &[String]) -> Result<(), ClientError> {
    let Grants::Scopes(held) = &subject.grants else {
        return Err(ClientError::refused(Reason::Token(Refusal::WrongTokenKind)));
    };
    if holds_scopes(held, required) {
        return Ok(());
    }
    Err(ClientError::forbidden(
        ClientErrorCode::MissingScopes,
        Reason::MissingScopes,
        "Missing at least one required scope",
    ))
}
