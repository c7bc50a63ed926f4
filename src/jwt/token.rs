//! Turns an untrusted string, a compact JWS, into a verified payload (RFC 7515, section 7.1).
//!
//! jwt-compact parses the token, and this crate's RS256 is its `Algorithm`. The `Validator` and
//! `Claims` of jwt-compact are not used: they read claims before the signature is verified, accept
//! `exp == now`, and truncate fractions. This module knows the serialization, not the claims.
//! Claims are read from a [`VerifiedPayload`], which only [`UntrustedToken::verify`] returns.

use std::fmt;

use jwt_compact::{Algorithm, AlgorithmSignature, ParseError};

use super::{
    JsonObject, Refusal, base64url, header::ProtectedHeader, rs256::Rs256, rs256::Rs256Signature,
};
use crate::crypto::RsaPublicKey;

/// The length limit of a token in bytes; a longer token is refused unread.
///
/// The API's tokens are shorter than 8 KiB: at most 4 KB of custom claims, and a session with its
/// authentication factors.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token whose header satisfies the rules and whose signature is not verified yet.
pub struct UntrustedToken<'a> {
    parsed: jwt_compact::UntrustedToken<'a>,
    /// The text that the signature covers: everything before the last dot.
    signed: &'a str,
    /// The second part. jwt-compact has checked its encoding but does not expose the bytes.
    payload: &'a str,
}

impl<'a> UntrustedToken<'a> {
    /// Parses a compact serialization: three non-empty parts in strict base64url without padding
    /// (RFC 7515, section 2), with a header whose `alg` is RS256.
    ///
    /// # Errors
    /// The [`Refusal`] for the first broken rule. The order is: the length, the number of parts,
    /// the header, the encoding of the other parts.
    pub fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Refusal::Malformed)?;
        if payload.contains('.') {
            return Err(Refusal::Malformed);
        }
        let strict = decode(header).and_then(|text| ProtectedHeader::parse(&text));
        if [header, payload, signature]
            .iter()
            .any(|part| part.is_empty())
        {
            // An unsecured JWS (RFC 7515, appendix A.5) has an empty signature and the `alg`
            // `none`. The `alg` is the more precise reason.
            return Err(match strict {
                Err(refusal @ Refusal::WrongAlgorithm) => refusal,
                _ => Refusal::Malformed,
            });
        }
        let strict = strict?;
        let parsed = stytch_edge_parser::parse(token).map_err(|error| match error {
            ParseError::InvalidTokenStructure => Refusal::Malformed,
            ParseError::InvalidBase64Encoding => Refusal::InvalidBase64url,
            // jwt-compact also parses the values of parameters that the strict rules ignore.
            _ => Refusal::InvalidHeader,
        })?;
        // An attacker could exploit a difference between the two parsers of the header.
        if parsed.algorithm() != Rs256.name() || parsed.header().key_id != strict.kid {
            return Err(Refusal::InvalidHeader);
        }
        Ok(Self {
            parsed,
            signed,
            payload,
        })
    }

    /// Returns the `kid` of the header, if present.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.parsed.header().key_id.as_deref()
    }

    /// Verifies the signature with `key`.
    ///
    /// # Errors
    /// [`Refusal::BadSignature`] if the signature was not made by `key`.
    pub fn verify(self, key: &RsaPublicKey) -> Result<VerifiedPayload, Refusal> {
        let signature = Rs256Signature::try_from_slice(self.parsed.signature_bytes())
            .map_err(|_| Refusal::BadSignature)?;
        if !Rs256.verify_signature(&signature, key, self.signed.as_bytes()) {
            return Err(Refusal::BadSignature);
        }
        Ok(VerifiedPayload(decode(self.payload)?))
    }
}

/// The payload of a token whose signature is verified. Its claims are not validated yet.
pub struct VerifiedPayload(Vec<u8>);

/// Returns the payload, as JSON text, of a token that does not need verification: a key verified it
/// before, or the API has just sent it. Returns `None` if the token is not a compact JWS.
#[must_use]
pub fn payload_of_known(token: &str) -> Option<String> {
    let (_, rest) = token.split_once('.')?;
    let (payload, _) = rest.split_once('.')?;
    String::from_utf8(base64url::decode(payload)?).ok()
}

/// Omits the payload: a log must not contain sessions.
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
    /// Returns the payload as text.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the payload is not UTF-8 (RFC 7519, section 7.2).
    pub fn text(&self) -> Result<&str, Refusal> {
        str::from_utf8(&self.0).map_err(|_| Refusal::InvalidJson)
    }

    /// Returns the members of the payload.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the payload is not a JSON object.
    pub fn claims(&self) -> Result<JsonObject<'_>, Refusal> {
        JsonObject::parse(&self.0)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    base64url::decode(part).ok_or(Refusal::InvalidBase64url)
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    fn refusal(token: &str) -> Option<Refusal> {
        UntrustedToken::parse(token).err()
    }

    fn encoded(text: &str) -> String {
        Base64UrlUnpadded::encode_string(text.as_bytes())
    }

    #[test]
    fn refuses_a_token_that_has_not_three_non_empty_parts() {
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
    fn reports_the_algorithm_of_an_unsecured_token() {
        let header = encoded(r#"{"alg":"none","typ":"JWT"}"#);
        assert_eq!(
            refusal(&format!("{header}.e30.")),
            Some(Refusal::WrongAlgorithm)
        );
    }

    /// RFC 4648, sections 3.2, 3.3 and 3.5.
    #[test]
    fn refuses_padding_white_space_invalid_characters_and_trailing_bits() {
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
            assert_eq!(refusal(&token), Some(Refusal::InvalidBase64url), "{token}");
        }
    }

    #[test]
    fn refuses_a_token_above_sixteen_kibibytes_unread() {
        let header = encoded(r#"{"alg":"RS256","typ":"JWT"}"#);
        let payload = encoded(&"x".repeat(MAX_TOKEN_BYTES));
        assert_eq!(
            refusal(&format!("{header}.{payload}.AAAA")),
            Some(Refusal::TooLong)
        );
    }

    /// The strict rules ignore the values of other parameters, and jwt-compact parses them. A value
    /// that jwt-compact cannot parse is refused, and so is a header that the two parse differently.
    #[test]
    fn refuses_a_header_that_jwt_compact_cannot_parse() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        let deeper = "[".repeat(4_000) + &"]".repeat(4_000);
        for (value, expected) in [
            ("1", None),
            (r#"[{"alg":"none"}]"#, None),
            (r#"{"kid":"other"}"#, None),
            ("1e999", Some(Refusal::InvalidHeader)),
            (r#""\ud800""#, Some(Refusal::InvalidHeader)),
            (&deep, Some(Refusal::InvalidHeader)),
            (&deeper, Some(Refusal::InvalidHeader)),
        ] {
            let header = format!(r#"{{"alg":"RS256","typ":"JWT","x":{value}}}"#);
            let token = format!("{}.e30.AAAA", encoded(&header));
            assert_eq!(refusal(&token), expected, "{value}");
        }
    }

    /// The header is checked before the encoding of the other parts.
    #[test]
    fn reports_the_header_before_the_other_parts() {
        let header = encoded(r#"{"alg":"HS256","typ":"JWT"}"#);
        for rest in ["e30=.AAAA", "e30.AA==", "e30.A", " . "] {
            assert_eq!(
                refusal(&format!("{header}.{rest}")),
                Some(Refusal::WrongAlgorithm)
            );
        }
        assert_eq!(
            refusal("e3 0.e30.AAAA"),
            Some(Refusal::InvalidBase64url),
            "the header's own encoding"
        );
    }

    #[test]
    fn reads_the_kid_and_the_payload() {
        let header = encoded(r#"{"alg":"RS256","typ":"JWT","kid":"\u006b\ud83d\ude00"}"#);
        let payload = encoded(r#"{"sub":"u"}"#);
        let token = format!("{header}.{payload}.AAAA");
        let parsed = UntrustedToken::parse(&token).unwrap();
        assert_eq!(parsed.kid(), Some("k😀"));
        assert_eq!(parsed.signed, format!("{header}.{payload}"));
        assert_eq!(parsed.parsed.signature_bytes(), [0, 0, 0]);
        assert_eq!(payload_of_known(&token).unwrap(), r#"{"sub":"u"}"#);
        assert_eq!(payload_of_known("a.b"), None);
        assert_eq!(payload_of_known("a.e30=.c"), None);
    }
}
