//! The strict rules for the protected header of a JWS (RFC 7515, section 4), checked before a
//! key is looked for.
//!
//! Reads `alg`, `typ`, `crit`, `cty` and `kid`, each at most once. Members that point at keys
//! (`jku`, `jwk`, `x5u`, `x5c`) are never followed: keys come from the caller (RFC 8725,
//! section 3.10). jwt-compact's own `Header` is more lenient: it takes `null` for an absent
//! member, any `typ`, padded thumbprints, and ignores `crit`.

use std::borrow::Cow;

use super::{JsonObject, Refusal, base64url};

/// A header that asks for RS256 and for nothing that this verifier cannot do.
#[derive(Debug)]
pub(super) struct ProtectedHeader {
    /// Which key of a set signed the token; may be absent if the set has only one.
    pub(super) kid: Option<String>,
}

impl ProtectedHeader {
    pub(super) fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let object = JsonObject::parse(text)?;
        let alg = object.string("alg", Refusal::WrongAlgorithm)?;
        if alg.as_deref() != Some("RS256") {
            return Err(Refusal::WrongAlgorithm);
        }
        let typ = object.string("typ", Refusal::WrongType)?;
        if !typ.is_some_and(|typ| typ.eq_ignore_ascii_case("JWT")) {
            return Err(Refusal::WrongType);
        }
        if object.raw("crit")?.is_some() {
            return Err(Refusal::CriticalHeader);
        }
        // The payload is claims, not another token (RFC 7519, section 5.2).
        let cty = object.string("cty", Refusal::InvalidHeader)?;
        if cty.is_some_and(|cty| !cty.eq_ignore_ascii_case("json")) {
            return Err(Refusal::InvalidHeader);
        }
        refuse_malformed_references(&object)?;
        let kid = object.string("kid", Refusal::InvalidKid)?;
        let kid = kid.map(Cow::into_owned);
        Ok(Self { kid })
    }
}

/// References that are not followed must be well-formed anyway (RFC 7515, sections 4.1.2 to
/// 4.1.8): a header that only some readers accept is refused.
fn refuse_malformed_references(header: &JsonObject<'_>) -> Result<(), Refusal> {
    for name in ["jku", "x5u"] {
        header.string(name, Refusal::InvalidHeader)?;
    }
    for (name, length) in [("x5t", 20), ("x5t#S256", 32)] {
        if let Some(thumbprint) = header.string(name, Refusal::InvalidHeader)? {
            let bytes = base64url::decode(&thumbprint);
            if bytes.is_none_or(|bytes| bytes.len() != length) {
                return Err(Refusal::InvalidHeader);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(header: &str) -> Option<Refusal> {
        ProtectedHeader::parse(header.as_bytes()).err()
    }

    #[test]
    fn accepts_rs256_with_typ_in_any_case() {
        for typ in ["JWT", "jwt", "Jwt"] {
            let header = format!(r#"{{"alg":"RS256","typ":"{typ}","kid":"k","x":1}}"#);
            let header = ProtectedHeader::parse(header.as_bytes()).unwrap();
            assert_eq!(header.kid.as_deref(), Some("k"));
        }
    }

    /// RFC 8725, section 3.1: the verifier names its algorithms, not the token.
    #[test]
    fn refuses_every_other_algorithm() {
        for alg in [
            r#""none""#,
            r#""None""#,
            r#""rs256""#,
            r#""HS256""#,
            r#""PS256""#,
            r#""RS384""#,
            "null",
            "1",
        ] {
            let header = format!(r#"{{"alg":{alg},"typ":"JWT"}}"#);
            assert_eq!(refusal(&header), Some(Refusal::WrongAlgorithm), "{alg}");
        }
        assert_eq!(refusal(r#"{"typ":"JWT"}"#), Some(Refusal::WrongAlgorithm));
    }

    /// RFC 8725, section 3.11: explicit typing keeps other kinds of JWS out.
    #[test]
    fn refuses_another_type_and_none() {
        for typ in [
            r#","typ":"at+jwt""#,
            r#","typ":"application/jwt""#,
            r#","typ":null"#,
            "",
        ] {
            assert_eq!(
                refusal(&format!(r#"{{"alg":"RS256"{typ}}}"#)),
                Some(Refusal::WrongType),
                "{typ}"
            );
        }
    }

    /// RFC 7515, section 4.1.11: what is not understood must be rejected.
    #[test]
    fn refuses_any_critical_extension() {
        for crit in [r#"["exp"]"#, "[]", "null"] {
            let header = format!(r#"{{"alg":"RS256","typ":"JWT","crit":{crit}}}"#);
            assert_eq!(refusal(&header), Some(Refusal::CriticalHeader), "{crit}");
        }
    }

    #[test]
    fn refuses_a_token_inside_a_token_and_malformed_references() {
        for (member, expected) in [
            (r#""cty":"JSON""#, None),
            (r#""cty":"JWT""#, Some(Refusal::InvalidHeader)),
            (r#""cty":null"#, Some(Refusal::InvalidHeader)),
            (r#""x5u":"https://example.com/""#, None),
            (r#""x5u":7"#, Some(Refusal::InvalidHeader)),
            (r#""x5t":"lDpwLQbzRZmu4fjajvn3KWAx1pk""#, None),
            (
                r#""x5t":"lDpwLQbzRZmu4fjajvn3KWAx1pk=""#,
                Some(Refusal::InvalidHeader),
            ),
            (
                r#""x5t#S256":"lDpwLQbzRZmu4fjajvn3KWAx1pk""#,
                Some(Refusal::InvalidHeader),
            ),
        ] {
            let header = format!(r#"{{"alg":"RS256","typ":"JWT",{member}}}"#);
            assert_eq!(refusal(&header), expected, "{member}");
        }
    }

    #[test]
    fn refuses_duplicates_of_what_decides_and_a_kid_that_is_no_string() {
        for (header, expected) in [
            (
                r#"{"alg":"none","alg":"RS256","typ":"JWT"}"#,
                Refusal::DuplicateMember,
            ),
            (
                r#"{"alg":"RS256","typ":"JWT","kid":"a","kid":"b"}"#,
                Refusal::DuplicateMember,
            ),
            (
                r#"{"alg":"RS256","typ":"JWT","kid":7}"#,
                Refusal::InvalidKid,
            ),
            (
                r#"{"alg":"RS256","typ":"JWT","kid":null}"#,
                Refusal::InvalidKid,
            ),
        ] {
            assert_eq!(refusal(header), Some(expected), "{header}");
        }
    }
}
