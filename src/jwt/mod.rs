//! JSON Web Tokens in compact serialization, and the key sets that verify them
//! (RFC 7515, 7517, 7519; the advice of RFC 8725).
//!
//! Has never heard of Stytch: issuers, audiences and times come in as rules. The
//! way through is one-directional, and each step is a type: an [`UntrustedToken`]
//! becomes a [`VerifiedPayload`] only by a key that verifies it, and its claims
//! are read only after that.

mod token;
pub use token::{MAX_TOKEN_BYTES, UntrustedToken, VerifiedPayload, payload_of_known};

mod header;

mod rs256;

mod jwk_set;
pub use jwk_set::{JwkSet, JwkSetUnreadable};

mod claims;
pub use claims::{ClaimRules, RegisteredClaims, UnixSeconds};

mod object;
pub use object::JsonObject;

mod base64url;

mod pieces;
pub use pieces::pieces;

mod json;
pub use json::{JsonText, write_quoted};

mod refusal;
pub use refusal::Refusal;
