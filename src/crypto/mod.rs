//! Verifies RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2). It cannot sign.
//!
//! This module knows bytes and numbers, not tokens. All of its data is public, so it does not need
//! constant time. It returns a boolean, because the reason why a signature is wrong would only help
//! an attacker.
//!
//! The arithmetic is in a separate crate, `arithmetic/`, which is compiled for speed.

mod rsa;

pub use rsa::{KeyRejected, RsaPublicKey};
