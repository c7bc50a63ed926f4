//! A compact JWS on its way from a stranger's string to a verified payload
//! (RFC 7515, section 7.1).
//!
//! Knows the serialization, not the claims: those are read from a
//! [`VerifiedPayload`], which only a verifying key can make.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use jwt_compact::{Algorithm, AlgorithmSignature, UntrustedToken as CompactToken};

use super::{JsonObject, Refusal, header::ProtectedHeader, rs256::Rs256, rs256::Rs256Signature};
use crate::crypto::RsaPublicKey;

/// A longer token is refused unread. The API's own stay below 8 KiB: 4 KB of
/// custom claims at most, and a session with its factors.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token whose header is acceptable and whose signature nobody has judged.
pub struct UntrustedToken<'a> {
    header: ProtectedHeader,
    /// What the signature covers: everything before the last dot.
    signed: &'a str,
    payload: &'a str,
    signature: Rs256Signature,
}

impl<'a> UntrustedToken<'a> {
    /// Takes a compact serialization apart: three non-empty parts, each strict
    /// base64url without padding (RFC 7515, section 2), and a header that asks
    /// for RS256.
    ///
    /// # Errors
    /// The [`Refusal`] for the first thing that is wrong.
    pub fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::Malformed);
        }
        let parts: Vec<&str> = token.splitn(4, '.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            return Err(Refusal::Malformed);
        };
        if [header, payload, signature]
            .iter()
            .any(|part| part.is_empty())
        {
            // An unsecured JWS (RFC 7515, appendix A.5) has an empty signature
            // and says so in `alg`, which is the better answer where it is there.
            return Err(
                match decode(header).and_then(|text| ProtectedHeader::parse(&text)) {
                    Err(refusal @ Refusal::WrongAlgorithm) => refusal,
                    _ => Refusal::Malformed,
                },
            );
        }
        let header = ProtectedHeader::parse(&decode(header)?)?;
        // From here on jwt-compact's reading must agree with ours.
        let compact = CompactToken::new(token).map_err(|_| Refusal::Malformed)?;
        if compact.algorithm() != Rs256.name() {
            return Err(Refusal::WrongAlgorithm);
        }
        let signature = Rs256Signature::try_from_slice(compact.signature_bytes())
            .map_err(|_| Refusal::Malformed)?;
        let (signed, _) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        Ok(Self {
            header,
            signed,
            payload,
            signature,
        })
    }

    /// The `kid` of the header, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// Lets `key` judge the signature.
    ///
    /// # Errors
    /// [`Refusal::BadSignature`] if it is not the key's, [`Refusal::Malformed`] if
    /// the payload is no base64url.
    pub fn verify(self, key: &RsaPublicKey) -> Result<VerifiedPayload, Refusal> {
        if !Rs256.verify_signature(&self.signature, key, self.signed.as_bytes()) {
            return Err(Refusal::BadSignature);
        }
        decode(self.payload).map(VerifiedPayload)
    }
}

/// The payload of a token whose signature is right: still JSON text, and still
/// without a verdict on what it claims.
pub struct VerifiedPayload(Vec<u8>);

/// Whose session it is, or what it may do, is no matter for a log.
impl fmt::Debug for VerifiedPayload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VerifiedPayload(…)")
    }
}

impl fmt::Debug for UntrustedToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UntrustedToken(…)")
    }
}

impl VerifiedPayload {
    /// The members of the payload.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if it is not a JSON object.
    pub fn claims(&self) -> Result<JsonObject<'_>, Refusal> {
        JsonObject::parse(&self.0)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    Base64UrlUnpadded::decode_vec(part).map_err(|_| Refusal::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(token: &str) -> Option<Refusal> {
        UntrustedToken::parse(token).err()
    }

    fn encoded(text: &str) -> String {
        Base64UrlUnpadded::encode_string(text.as_bytes())
    }

    #[test]
    fn refuses_anything_but_three_non_empty_parts() {
        let header = encoded(r#"{"alg":"RS256","typ":"JWT"}"#);
        let whole = format!("{header}.e30.AAAA");
        assert_eq!(refusal(&whole), None);
        for token in [
            "",
            ".",
            "..",
            "a",
            "a.b",
            &format!("{whole}."),
            &format!("{whole}.AAAA"),
        ] {
            assert_eq!(refusal(token), Some(Refusal::Malformed), "{token}");
        }
        for token in [
            format!("{header}..AAAA"),
            format!("{header}.e30."),
            ".e30.AAAA".to_owned(),
        ] {
            assert_eq!(refusal(&token), Some(Refusal::Malformed), "{token}");
        }
    }

    #[test]
    fn tells_an_unsecured_token_by_its_algorithm() {
        let header = encoded(r#"{"alg":"none","typ":"JWT"}"#);
        assert_eq!(
            refusal(&format!("{header}.e30.")),
            Some(Refusal::WrongAlgorithm)
        );
    }

    /// RFC 4648, sections 3.2, 3.3 and 3.5.
    #[test]
    fn refuses_padding_white_space_foreign_letters_and_trailing_bits() {
        let header = encoded(r#"{"alg":"RS256","typ":"JWT"}"#);
        for (payload, signature) in [
            ("e30=", "AAAA"),
            ("e30", "AA=="),
            ("e3 0", "AAAA"),
            ("e30\n", "AAAA"),
            ("e+/0", "AAAA"),
            ("e31", "AAAA"),
            ("e30", "AB"),
            ("e30", "A"),
            ("é30", "AAAA"),
        ] {
            let token = format!("{header}.{payload}.{signature}");
            assert_eq!(refusal(&token), Some(Refusal::Malformed), "{token}");
        }
    }

    #[test]
    fn refuses_a_token_above_sixteen_kibibytes_unread() {
        let header = encoded(r#"{"alg":"RS256","typ":"JWT"}"#);
        let payload = encoded(&"x".repeat(MAX_TOKEN_BYTES));
        assert_eq!(
            refusal(&format!("{header}.{payload}.AAAA")),
            Some(Refusal::Malformed)
        );
    }
}
