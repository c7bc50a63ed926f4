//! What a service asks of the access token that somebody calls it with: that it is
//! meant for this service (RFC 8707; RFC 9068, section 4), and what it allows.
//!
//! Judges what a good token says. Headers, and the words of a refusal in them, are the
//! shell's business.

use super::{ClientError, ClientErrorCode, Reason};
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
    /// Refuses what no token could satisfy or what could not be said in a challenge.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`.
    pub fn check(&self) -> Result<(), ClientError> {
        if self.audiences.iter().any(String::is_empty) {
            return Err(ClientError::invalid_argument(
                "audience must be a string, or a list of strings, that are not empty",
            ));
        }
        if !self.scopes.iter().all(|scope| is_scope(scope)) {
            return Err(ClientError::invalid_argument(
                "required_scopes must be a list of scopes (RFC 6749, section 3.3)",
            ));
        }
        Ok(())
    }

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

/// A scope as RFC 6749, section 3.3, has it.
fn is_scope(text: &str) -> bool {
    let is_letter = |byte: u8| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~');
    !text.is_empty() && text.bytes().all(is_letter)
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
