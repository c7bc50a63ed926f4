//! jwt-compact's parser, compiled for speed.
//!
//! jwt-compact's parser is generic, so it is compiled with the options of the crate that calls
//! it. The wasm of stytch-edge is compiled for size. With that option base64ct needs 16 us to
//! decode a session JWT; compiled for speed, it needs 2 us. Cargo's profiles set options per
//! crate, so the parser has its own crate.
#![forbid(unsafe_code)]

pub use jwt_compact::{ParseError, UntrustedToken};

/// Parses a token in compact serialization. Does not verify its signature.
///
/// # Errors
/// Returns jwt-compact's [`ParseError`] if the token is malformed.
pub fn parse(token: &str) -> Result<UntrustedToken<'_>, ParseError> {
    UntrustedToken::new(token)
}
