//! RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2), verify-only.
//!
//! Knows bytes and numbers; has never heard of a token. Everything here handles
//! public data, so nothing needs constant time. Answers are yes or no: a reason
//! why a signature is wrong helps only whoever forged it.
//!
//! There are two ways of arithmetic, with the same answers: `simd` where the target is
//! wasm with SIMD, as in the npm package, and `montgomery` elsewhere.

mod rsa;

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod montgomery;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128")))]
mod simd;

mod limbs;

pub use rsa::{KeyRejected, RsaPublicKey};
