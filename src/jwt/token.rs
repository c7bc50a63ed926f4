//! A compact JWS on its way from a stranger's string to a verified payload
//! (RFC 7515, section 7.1).
//!
//! Knows the serialization, not the claims: those are read from a
//! [`VerifiedPayload`], which only a verifying key can make. jwt-compact's own
//! reading is not in the package, where it is 8 KB and a second parse of the header;
//! the tests hold ours against it.

use alloc::{string::String, vec::Vec};
use core::fmt;

use jwt_compact::Algorithm;

use super::{
    JsonObject, Refusal, base64url, header::ProtectedHeader, rs256::Rs256, rs256::Rs256Signature,
};
use crate::crypto::RsaPublicKey;

/// A longer token is refused unread. The API's own stay below 8 KiB: 4 KB of
/// custom claims at most, and a session with its factors.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token whose header is acceptable and whose signature nobody has judged.
pub struct UntrustedToken<'a> {
    header: ProtectedHeader,
    /// What the signature covers: everything before the last dot.
    signed: &'a str,
    payload: Vec<u8>,
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
            return Err(Refusal::TooLong);
        }
        let (header, rest) = token.split_once('.').ok_or(Refusal::Malformed)?;
        let (payload, signature) = rest.split_once('.').ok_or(Refusal::Malformed)?;
        if signature.as_bytes().contains(&b'.') {
            return Err(Refusal::Malformed);
        }
        let signed = token.get(..header.len() + 1 + payload.len());
        let signed = signed.ok_or(Refusal::Malformed)?;
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
        let payload = decode(payload)?;
        let signature = Rs256Signature::from(decode(signature)?);
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
    /// [`Refusal::BadSignature`] if it is not the key's.
    pub fn verify(self, key: &RsaPublicKey) -> Result<VerifiedPayload, Refusal> {
        if !Rs256.verify_signature(&self.signature, key, self.signed.as_bytes()) {
            return Err(Refusal::BadSignature);
        }
        Ok(VerifiedPayload(self.payload))
    }
}

/// The payload of a token whose signature is right: still JSON text, and still
/// without a verdict on what it claims.
pub struct VerifiedPayload(Vec<u8>);

/// The payload, as JSON text, of a token that needs no judge: a key has verified it
/// before, or whoever issued it handed it over. `None` if it is no compact JWS.
#[must_use]
pub fn payload_of_known(token: &str) -> Option<String> {
    let (_, rest) = token.split_once('.')?;
    let (payload, _) = rest.split_once('.')?;
    String::from_utf8(base64url::decode(payload)?).ok()
}

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
    /// [`Refusal::InvalidJson`] if it is not a JSON object.
    pub fn claims(&self) -> Result<JsonObject<'_>, Refusal> {
        JsonObject::parse(&self.0)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    base64url::decode(part).ok_or(Refusal::InvalidBase64url)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use base64ct::{Base64UrlUnpadded, Encoding};
    use jwt_compact::AlgorithmSignature;
    use serde_json::Value;

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

    /// A reader that sees another header than this one would be a way in.
    #[test]
    fn reads_every_token_that_it_takes_as_jwt_compact_does() {
        let members = [
            r#""alg":"RS256""#,
            r#""\u0061lg":"RS256""#,
            r#""alg":"none""#,
            r#""typ":"jwt""#,
            r#""typ":"at+jwt""#,
            r#""kid":"k""#,
            r#""kid":"\u006b\ud83d\ude00\n""#,
            r#""kid":7"#,
            r#""cty":"json""#,
            r#""cty":"cbor""#,
            r#""jku":"https://attacker.example/""#,
            r#""x5u":7"#,
            r#""x5t":"lDpwLQbzRZmu4fjajvn3KWAx1pk""#,
            r#""x5t":"lDpwLQbzRZmu4fjajvn3KWAx1p""#,
            r#""x5t#S256":"AAAA""#,
            r#""x":[{"alg":"none"}]"#,
        ];
        let payload = r#"{"sub":"\u0075","exp":1700000200,"x":[1]}"#;
        let mut taken = 0;
        for chosen in 0..1_u32 << members.len() {
            if chosen.count_ones() > 5 {
                continue;
            }
            let header = members.iter().enumerate();
            let header = header.filter(|(place, _)| chosen >> place & 1 == 1);
            let header: Vec<&str> = header.map(|(_, member)| *member).collect();
            let header = format!("{{{}}}", header.join(","));
            let token = format!("{}.{}.AAECAw", encoded(&header), encoded(payload));
            let Ok(ours) = UntrustedToken::parse(&token) else {
                continue;
            };
            let judge = jwt_compact::UntrustedToken::new(&token).expect(&header);
            assert_eq!(judge.algorithm(), Rs256.name(), "{header}");
            assert_eq!(ours.kid(), judge.header().key_id.as_deref(), "{header}");
            assert_eq!(ours.signature.as_bytes(), judge.signature_bytes());
            let claims = judge.deserialize_claims_unchecked::<BTreeMap<String, Value>>();
            let claims = claims.unwrap();
            let payload = VerifiedPayload(ours.payload);
            let payload = payload.claims().unwrap();
            let subject = payload.string("sub", Refusal::InvalidClaim).unwrap();
            assert_eq!(subject.as_deref(), claims.custom["sub"].as_str());
            let expires_at = payload.number("exp", Refusal::InvalidExp).unwrap();
            let judged = claims.expiration.unwrap().timestamp();
            assert_eq!(expires_at, Some(judged as f64));
            taken += 1;
        }
        assert!(taken > 20, "{taken}");
    }
}
