//! Why a token was refused: the jwt room's reasons, and Stytch's own.

use std::{error::Error, fmt};

use crate::jwt;

/// The first rule that a token broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The token is wrong as a JWT.
    Jwt(jwt::Refusal),
    /// It was issued too long ago for this caller, who may still ask the API.
    TooOld,
    /// It is some other kind of token: a session, for machines, for connected apps,
    /// or for the other product.
    WrongTokenKind,
    /// The session claim is no object, or a member of it has not its shape.
    InvalidSession,
    /// The API, which was asked, does not call it active.
    NotActive,
}

impl From<jwt::Refusal> for Refusal {
    fn from(refusal: jwt::Refusal) -> Self {
        Self::Jwt(refusal)
    }
}

impl Refusal {
    /// The word that stands for this refusal in `reason` fields.
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

/// The word that stands for it in `reason` fields.
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl Error for Refusal {}
