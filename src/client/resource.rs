//! The requirement of a service for the access token of its callers: the audience (RFC 8707; RFC 9068, section 4), the
//! scopes and the permission.
//!
//! This module reads the content of valid tokens. It does not know headers or challenges.

use super::{ClientError, ClientErrorCode, Reason};
use crate::{
    jwt::Refusal as JwtRefusal,
    session::{AuthorizationCheck, Grants, Refusal, Subject, holds_scopes},
};

/// The requirement of a service. The rules are decided in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceRequirement {
    /// The names of the service. The token's `aud` must contain one of them, in addition to the project's id. If the
    /// list is empty, the project's id is enough.
    pub audiences: Vec<String>,
    /// The scopes that the token must have.
    pub scopes: Vec<String>,
    /// The permission that the project's policy must give to the token's scopes.
    pub permission: Option<AuthorizationCheck>,
}

impl ServiceRequirement {
    /// Checks that a token can satisfy the requirement and that a challenge can contain it.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` if an audience is empty or a scope is malformed.
    pub fn check(&self) -> Result<(), ClientError> {
        if self.audiences.iter().any(String::is_empty) {
            return Err(ClientError::invalid_argument(
                "audience must be a non-empty string or a list of non-empty strings",
            ));
        }
        if !self.scopes.iter().all(|scope| is_scope(scope)) {
            return Err(ClientError::invalid_argument(
                "required_scopes must be a list of scopes: visible ASCII characters except \" and \\ (RFC 6749, section 3.3)",
            ));
        }
        Ok(())
    }

    /// Decides the rules that do not need a policy: audience and scopes.
    ///
    /// # Errors
    /// [`ClientError`] with `jwt_invalid` and the reason `wrong_audience`, or with `missing_scopes`.
    pub(super) fn decide(&self, subject: &Subject) -> Result<(), ClientError> {
        let is_named = |name: &String| subject.audience.contains(name);
        if !self.audiences.is_empty() && !self.audiences.iter().any(is_named) {
            let refusal = Refusal::Jwt(JwtRefusal::WrongAudience);
            return Err(ClientError::refused(Reason::Token(refusal)));
        }
        require_scopes(subject, &self.scopes)
    }
}

/// Returns whether a text is a scope (RFC 6749, section 3.3).
pub(super) fn is_scope(text: &str) -> bool {
    let is_letter = |byte: u8| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~');
    !text.is_empty() && text.bytes().all(is_letter)
}

/// Decides whether the token has the required scopes, independently of policies.
///
/// # Errors
/// [`ClientError`] with `missing_scopes`, or with `jwt_invalid` if the token is a session, which has no scopes.
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
        "the token does not have every scope of required_scopes",
    ))
}
