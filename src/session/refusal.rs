//! The reasons why a token is refused: those of the `jwt` module, and those of Stytch's tokens.

use std::{error::Error, fmt};

use crate::jwt;

/// The first rule that a token breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The token breaks a rule of JWTs.
    Jwt(jwt::Refusal),
    /// The token is older than the caller's maximum age. The API may still accept its session.
    TooOld,
    /// The token is of another kind (session, M2M or Connected App), or of the other product.
    WrongTokenKind,
    /// The session claim is not an object, or one of its members is malformed.
    InvalidSession,
    /// The API reports that the token is not active.
    NotActive,
}

impl From<jwt::Refusal> for Refusal {
    fn from(refusal: jwt::Refusal) -> Self {
        Self::Jwt(refusal)
    }
}

impl Refusal {
    /// Returns the word for this refusal in `reason` fields.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Jwt(refusal) => refusal.reason(),
            Self::TooOld => "too_old",
            Self::WrongTokenKind => "wrong_token_kind",
            Self::InvalidSession => "invalid_session",
            Self::NotActive => "not_active",
        }
    }
}

/// Writes the word of [`Refusal::reason`].
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl Error for Refusal {}
