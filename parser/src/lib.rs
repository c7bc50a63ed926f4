//! jwt-compact's parser, compiled for speed.
//!
//! jwt-compact's parser is generic, so it is compiled with the options of the crate that calls
//! it. The wasm of stytch-edge is compiled for size, in which base64ct takes 16 us for a session
//! JWT; compiled for speed, 2 us. A profile has options for crates only, so this is one.
#![forbid(unsafe_code)]

pub use jwt_compact::{ParseError, UntrustedToken};

/// Parses a token in compact serialization. Its signature is not verified.
///
/// # Errors
/// jwt-compact's [`ParseError`].
pub fn parse(token: &str) -> Result<UntrustedToken<'_>, ParseError> {
    UntrustedToken::new(token)
}
