//! The PKCE verifier of a flow and its challenge (RFC 7636, sections 4.1 and 4.2).

use std::fmt;

use sha2::{Digest, Sha256};

use super::super::escape;

/// A verifier: 43 characters of base64url, which encode 32 random bytes. A secret of the browser that started the flow.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(String);

impl Verifier {
    /// Makes a verifier of 32 bytes from a secure source of randomness.
    #[must_use]
    pub fn of(bytes: [u8; 32]) -> Self {
        Self(escape::base64url(&bytes))
    }

    /// Reads a verifier from a cookie.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_verifier = text.len() == 43 && text.bytes().all(is_letter);
        is_verifier.then(|| Self(text.to_owned()))
    }

    /// Returns the verifier, for the cookie and for the request that authenticates the token.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the challenge by the method S256: the base64url of the verifier's SHA-256 hash.
    #[must_use]
    pub fn challenge(&self) -> String {
        escape::base64url(&Sha256::digest(self.0.as_bytes()))
    }
}

/// Omits the verifier.
impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Verifier(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn agrees_with_the_example_of_the_rfc() {
        let bytes = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = Verifier::of(bytes);
        let text = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(verifier.reveal(), text);
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(verifier.challenge(), challenge);
        assert_eq!(Verifier::read(text), Some(verifier));
    }

    #[test]
    fn reads_only_43_letters_of_base64url() {
        assert_eq!(Verifier::read(&"a".repeat(42)), None);
        assert_eq!(Verifier::read(&"a".repeat(44)), None);
        assert_eq!(Verifier::read(&"+".repeat(43)), None);
        let verifier = Verifier::of([7; 32]);
        assert_eq!(format!("{verifier:?}"), "Verifier(…)");
    }
}
