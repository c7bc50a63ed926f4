//! Why a token was refused, in words that are stable API.

/// The first rule that a token broke.
///
/// Which rule it was is worth telling the caller's log; the visitor who sent the
/// token should hear no more than "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Not a compact JWS with a JSON header and a JSON payload.
    Malformed,
    /// `alg` is not `RS256` (RFC 8725, section 3.1).
    WrongAlgorithm,
    /// `typ` is not `JWT` (RFC 8725, section 3.11).
    WrongType,
    /// There is a `crit` member, and this verifier understands no extension
    /// (RFC 7515, section 4.1.11).
    CriticalHeader,
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
    /// A claim that is needed is absent, twice there, or of the wrong type.
    MissingClaim,
}

impl Refusal {
    /// The word that stands for this refusal in `reason` fields.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::WrongType => "wrong_type",
            Self::CriticalHeader => "critical_header",
            Self::BadSignature => "bad_signature",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::MissingClaim => "missing_claim",
        }
    }
}
