//! JSON Web Tokens in compact serialization, and the key sets that verify them
//! (RFC 7515, 7517, 7519; the advice of RFC 8725).
//!
//! Knows nothing of Stytch: issuers, audiences and times are parameters. Each step is a type:
//! an [`UntrustedToken`] becomes a [`VerifiedPayload`] only by a key that verifies it, and its
//! claims are read only after that.

mod token;
pub use token::{MAX_TOKEN_BYTES, UntrustedToken, VerifiedPayload, payload_of_known};

mod header;

mod rs256;

mod jwk_set;
pub use jwk_set::{JwkSet, JwkSetUnreadable};

mod claims;
pub(crate) use claims::audiences;
pub use claims::{ClaimRules, RegisteredClaims, UnixSeconds};

mod object;
pub use object::JsonObject;
pub(crate) use object::{Member, Object, Text, from_json, read};

mod base64url;

mod pieces;
pub use pieces::pieces;

mod refusal;
pub use refusal::Refusal;
