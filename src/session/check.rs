//! The session check: from a verified payload to a session, or the reason why not.

use super::{Product, Refusal, claims::SessionClaims};
use crate::jwt::{
    ClaimRules, Refusal as JwtRefusal, RegisteredClaims, UnixSeconds, VerifiedPayload,
};

/// Whose tokens are accepted: one project, as one base URL serves it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    /// Consumer or B2B.
    pub product: Product,
    /// The audience of the project's tokens.
    pub project_id: String,
    /// Where the project's API is; on a custom domain its tokens name this as
    /// their issuer, without the trailing slash. No request goes by it.
    pub base_url: String,
}

impl Issuer {
    fn names(&self) -> [String; 2] {
        [
            format!("stytch.com/{}", self.project_id),
            self.base_url.trim_end_matches('/').to_owned(),
        ]
    }
}

/// What a caller may say about one check.
#[derive(Debug, Clone, Copy)]
pub struct CheckOptions {
    /// The moment to judge for.
    pub now: UnixSeconds,
    /// How far clocks may differ, in seconds.
    pub clock_tolerance: f64,
    /// A token issued this many seconds ago, or more, is too old. No tolerance is
    /// added: 0 makes every token too old.
    pub max_token_age: Option<f64>,
}

/// Judges what a verified token claims, and gives the session as JSON text.
///
/// # Errors
/// The [`Refusal`] for the first rule that is broken.
pub fn judge(
    payload: &VerifiedPayload,
    issuer: &Issuer,
    options: &CheckOptions,
) -> Result<String, Refusal> {
    let claims = payload.claims()?;
    let rules = ClaimRules {
        issuers: &issuer.names(),
        audience: &issuer.project_id,
        now: options.now,
        clock_tolerance: options.clock_tolerance,
    };
    let registered = RegisteredClaims::judge(&claims, &rules)?;
    if let Some(max_age) = options.max_token_age {
        let issued_at = registered.issued_at.ok_or(JwtRefusal::MissingClaim)?;
        if options.now - issued_at >= max_age {
            return Err(Refusal::TooOld);
        }
    }
    SessionClaims::read(&claims, issuer.product)?.to_json(&registered, &claims)
}
