//! JSON Web Tokens in compact serialization, and the JWK sets that verify them (RFC 7515, 7517
//! and 7519; best current practices: RFC 8725).
//!
//! This module does not know Stytch: issuers, audiences and times are parameters. Each step is a
//! type. A key turns an [`UntrustedToken`] into a [`VerifiedPayload`], and claims are read from a
//! [`VerifiedPayload`] only.

mod token;
pub use token::{MAX_TOKEN_BYTES, UntrustedToken, VerifiedPayload, payload_of_known};

mod header;

mod rs256;
#[cfg(test)]
pub(crate) use rs256::signatures_verified;

mod jwk_set;
pub use jwk_set::{JwkSet, JwkSetUnreadable};

mod claims;
pub(crate) use claims::audiences;
pub use claims::{ClaimRules, ClockTolerance, RegisteredClaims, UnixSeconds};

mod object;
pub use object::JsonObject;
pub(crate) use object::{Member, Object, Text, from_json, read};

mod base64url;

mod pieces;
pub use pieces::pieces;

mod refusal;
pub use refusal::Refusal;
