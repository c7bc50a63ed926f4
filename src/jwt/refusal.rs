//! The reasons why a token is refused. Their words are stable API.

use std::{error::Error, fmt};

/// The first rule that a token breaks.
///
/// Write the rule to the caller's log. Do not send it to the client that sent the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The token does not consist of three non-empty parts with dots between them (RFC 7515,
    /// section 7.1).
    Malformed,
    /// The token is longer than 16 KiB.
    TooLong,
    /// A part is not strict base64url without padding (RFC 7515, section 2).
    InvalidBase64url,
    /// The header or the payload is not one JSON object (RFC 7519, section 7.2).
    InvalidJson,
    /// A member that a rule reads appears twice (RFC 7515, section 4; RFC 7519, section 4).
    DuplicateMember,
    /// `alg` is not `RS256` (RFC 8725, section 3.1).
    WrongAlgorithm,
    /// `typ` is not `JWT` (RFC 8725, section 3.11).
    WrongType,
    /// The header has a `crit` member, and this verifier supports no extensions (RFC 7515,
    /// section 4.1.11).
    CriticalHeader,
    /// Another header parameter is malformed, or `cty` announces a nested token (RFC 7515,
    /// section 4.1; RFC 7519, section 5.2).
    InvalidHeader,
    /// `kid` is not a string (RFC 7515, section 4.1.4).
    InvalidKid,
    /// `kid` is absent, and the set has several usable keys.
    MissingKid,
    /// The set has no key with the token's `kid` (RFC 7517, section 4.5).
    UnknownKey,
    /// The set has several usable keys with the token's `kid`; none of them is used.
    DuplicateKid,
    /// The key with the token's `kid` cannot verify RS256 (RFC 7517, section 4; RFC 7518,
    /// section 3.3).
    UnusableKey,
    /// The signature was not made by the key (RFC 7515, section 5.2).
    BadSignature,
    /// `iss` is not among the expected issuers (RFC 8725, section 3.8).
    WrongIssuer,
    /// `aud` does not contain the expected audience (RFC 8725, section 3.9).
    WrongAudience,
    /// `exp` has passed (RFC 7519, section 4.1.4).
    Expired,
    /// `nbf` is in the future (RFC 7519, section 4.1.5).
    NotYetValid,
    /// A required claim is absent: `exp`, or `iat` if the age of the token is limited.
    MissingClaim,
    /// `exp` is not a NumericDate, or is outside of the years 0 to 9999 of a result's timestamps
    /// (RFC 7519, section 4.1.4).
    InvalidExp,
    /// `nbf` is not a NumericDate (RFC 7519, section 4.1.5).
    InvalidNbf,
    /// `iat` is not a NumericDate (RFC 7519, section 4.1.6).
    InvalidIat,
    /// Another claim has the wrong type, or lacks a required member.
    InvalidClaim,
}

impl Refusal {
    /// Returns the word for this refusal in `reason` fields.
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

/// Writes the word of [`Refusal::reason`].
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl Error for Refusal {}
