//! The strict rules for the protected header of a JWS (RFC 7515, section 4). They are checked
//! before a key is looked up.
//!
//! `alg`, `typ`, `crit`, `cty` and `kid` may each appear at most once. References to keys (`jku`,
//! `jwk`, `x5u`, `x5c`) are never followed: keys come from the caller (RFC 8725, section 3.10).
//! jwt-compact's own `Header` is more lenient: it treats `null` as an absent member, accepts any
//! `typ` and padded thumbprints, and ignores `crit`.

use std::borrow::Cow;

use super::{JsonObject, Refusal, base64url};

/// A header whose `alg` is RS256 and that requires no unsupported feature.
#[derive(Debug)]
pub(super) struct ProtectedHeader {
    /// The `kid` of the key that signed the token. It may be absent if the set has one key.
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
        // The payload must be claims, not a nested token (RFC 7519, section 5.2).
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

/// Refuses malformed references, although references are not followed (RFC 7515, sections 4.1.2 to
/// 4.1.8): other parsers would refuse such a header too.
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

    /// RFC 8725, section 3.1: the verifier chooses the algorithm, not the token.
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

    /// RFC 8725, section 3.11: explicit typing prevents confusion with other kinds of JWS.
    #[test]
    fn refuses_another_type_and_an_absent_type() {
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

    /// RFC 7515, section 4.1.11: an extension that is not understood must be rejected.
    #[test]
    fn refuses_any_critical_extension() {
        for crit in [r#"["exp"]"#, "[]", "null"] {
            let header = format!(r#"{{"alg":"RS256","typ":"JWT","crit":{crit}}}"#);
            assert_eq!(refusal(&header), Some(Refusal::CriticalHeader), "{crit}");
        }
    }

    #[test]
    fn refuses_nested_tokens_and_malformed_references() {
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
    fn refuses_duplicate_members_and_a_kid_that_is_not_a_string() {
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
