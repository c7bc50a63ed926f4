//! Why a token was refused, in words that are stable API.

use std::{error::Error, fmt};

/// The first rule that a token broke.
///
/// Which rule it was is worth telling the caller's log; the visitor who sent the
/// token should hear no more than "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Not three non-empty parts with dots between them (RFC 7515, section 7.1).
    Malformed,
    /// More than 16 KiB.
    TooLong,
    /// A part is not base64url as it has to be written (RFC 7515, section 2).
    InvalidBase64url,
    /// The header or the payload is not one JSON object (RFC 7519, section 7.2).
    InvalidJson,
    /// A member that decides stands there twice (RFC 7515, section 4; RFC 7519,
    /// section 4).
    DuplicateMember,
    /// `alg` is not `RS256` (RFC 8725, section 3.1).
    WrongAlgorithm,
    /// `typ` is not `JWT` (RFC 8725, section 3.11).
    WrongType,
    /// There is a `crit` member, and this verifier understands no extension
    /// (RFC 7515, section 4.1.11).
    CriticalHeader,
    /// Another parameter of the header has not its form, or `cty` says that a token is
    /// inside of this one (RFC 7515, section 4.1; RFC 7519, section 5.2).
    InvalidHeader,
    /// `kid` is no string (RFC 7515, section 4.1.4).
    InvalidKid,
    /// There is no `kid`, and several keys that might be meant.
    MissingKid,
    /// No key of the set has the token's `kid` (RFC 7517, section 4.5).
    UnknownKey,
    /// Several keys of the set have it, and none of them counts.
    DuplicateKid,
    /// The key of that name is none that RS256 may be verified with (RFC 7517,
    /// section 4; RFC 7518, section 3.3).
    UnusableKey,
    /// The signature is not that of the key (RFC 7515, section 5.2).
    BadSignature,
    /// `iss` is not among the expected issuers (RFC 8725, section 3.8).
    WrongIssuer,
    /// `aud` does not name the expected audience (RFC 8725, section 3.9).
    WrongAudience,
    /// `exp` has passed (RFC 7519, section 4.1.4).
    Expired,
    /// `nbf` has not come yet (RFC 7519, section 4.1.5).
    NotYetValid,
    /// A claim that is needed is absent: `exp`, or `iat` where the token's age counts.
    MissingClaim,
    /// `exp` is no NumericDate, or none that can be told (RFC 7519, section 4.1.4).
    InvalidExp,
    /// `nbf` is no NumericDate (RFC 7519, section 4.1.5).
    InvalidNbf,
    /// `iat` is no NumericDate (RFC 7519, section 4.1.6).
    InvalidIat,
    /// Another claim has not the type or the members that it must have.
    InvalidClaim,
}

impl Refusal {
    /// The word that stands for this refusal in `reason` fields.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLong => "too_long",
            Self::InvalidBase64url => "invalid_base64url",
            Self::InvalidJson => "invalid_json",
            Self::DuplicateMember => "duplicate_member",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::WrongType => "wrong_type",
            Self::CriticalHeader => "critical_header",
            Self::InvalidHeader => "invalid_header",
            Self::InvalidKid => "invalid_kid",
            Self::MissingKid => "missing_kid",
            Self::UnknownKey => "unknown_key",
            Self::DuplicateKid => "duplicate_kid",
            Self::UnusableKey => "unusable_key",
            Self::BadSignature => "bad_signature",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::MissingClaim => "missing_claim",
            Self::InvalidExp => "invalid_exp",
            Self::InvalidNbf => "invalid_nbf",
            Self::InvalidIat => "invalid_iat",
            Self::InvalidClaim => "invalid_claim",
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
