//! RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2), verify-only.
//!
//! Knows bytes and numbers; has never heard of a token. Everything here handles
//! public data, so nothing needs constant time. Answers are yes or no: a reason
//! why a signature is wrong helps only whoever forged it.
//!
//! The arithmetic is a crate of its own, `arithmetic/`, to be compiled for speed.

mod rsa;

pub use rsa::{KeyRejected, RsaPublicKey};
