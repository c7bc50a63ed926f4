//! The rules for the JOSE header (RFC 7515, section 4; RFC 8725, section 3).

use super::*;

fn header(more: &str) -> String {
    format!(r#"{{"typ":"JWT"{more}}}"#)
}

/// RFC 8725, section 3.1: the verifier has a list of supported algorithms, and does not use other algorithms.
#[test]
fn accepts_only_rs256() {
    assert!(check_header(&header(r#","alg":"RS256""#)).is_ok());
    assert!(
        check_header(&header(r#","alg":"\u0052S256""#)).is_ok(),
        "an escape does not change the text"
    );
    for alg in [
        "none",
        "None",
        "NONE",
        "",
        "rs256",
        "RS256 ",
        "RS384",
        "RS512",
        "PS256",
        "HS256",
        "ES256",
        "EdDSA",
        "RSA",
        "RS256\\u0000",
    ] {
        let header = header(&format!(r#","alg":"{alg}""#));
        assert_eq!(check_header(&header), Err("wrong_algorithm"), "{alg}");
    }
    for alg in ["", r#","alg":null"#, r#","alg":["RS256"]"#, r#","alg":256"#] {
        assert_eq!(check_header(&header(alg)), Err("wrong_algorithm"), "{alg}");
    }
}

/// RFC 7518, section 3.6: a token with the algorithm "none" is not signed.
#[test]
fn rejects_an_unsecured_token() {
    let header = encoded(header(r#","alg":"none""#));
    let unsigned = format!("{header}.{}.", encoded(valid_payload()));
    assert_eq!(checked(&unsigned), Err("wrong_algorithm"));
    assert_eq!(checked(&format!("{unsigned}AAAA")), Err("wrong_algorithm"));
}

/// RFC 7519, section 5.1, and RFC 8725, section 3.11: `typ` is "JWT". Its case is ignored, because it is a media type (RFC
/// 7515, section 4.1.9).
#[test]
fn accepts_only_typ_jwt_in_any_case() {
    for typ in ["JWT", "jwt", "Jwt", "jWT"] {
        let header = format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#);
        assert!(check_header(&header).is_ok(), "{typ}");
    }
    for typ in [
        r#","typ":"at+jwt""#,
        r#","typ":"application/jwt""#,
        r#","typ":"JWS""#,
        r#","typ":"JOSE""#,
        r#","typ":"JWT ""#,
        r#","typ":"""#,
        r#","typ":null"#,
        r#","typ":["JWT"]"#,
        "",
    ] {
        let header = format!(r#"{{"alg":"RS256"{typ}}}"#);
        assert_eq!(check_header(&header), Err("wrong_type"), "{typ}");
    }
}

/// RFC 7515, section 4.1.11: a token with unsupported critical extensions is invalid, and the list must not be empty. This
/// verifier does not support extensions.
#[test]
fn rejects_every_critical_extension() {
    for crit in [
        r#"["b64"],"b64":true"#,
        r#"["exp"],"exp":1"#,
        r#"["alg"]"#,
        "[]",
        "null",
        "false",
    ] {
        let header = header(&format!(r#","alg":"RS256","crit":{crit}"#));
        assert_eq!(check_header(&header), Err("critical_header"), "{crit}");
    }
}

/// RFC 7515, section 4.1.4: `kid` "MUST be a case-sensitive string".
#[test]
fn a_kid_is_a_string_and_its_case_is_compared() {
    assert!(check_header(&header(r#","alg":"RS256","kid":"k""#)).is_ok());
    assert!(check_header(&header(r#","alg":"RS256","kid":"\u006b""#)).is_ok());
    for kid in ["7", "null", "true", r#"["k"]"#, "{}", r#""\ud800""#] {
        let header = header(&format!(r#","alg":"RS256","kid":{kid}"#));
        assert_eq!(check_header(&header), Err("invalid_kid"), "{kid}");
    }
    for kid in ["K", "", "k ", "k\\u0000", "kk", "*"] {
        let header = header(&format!(r#","alg":"RS256","kid":"{kid}""#));
        assert_eq!(check_header(&header), Err("unknown_key"), "{kid}");
    }
}

/// RFC 8725, section 3.10: an attacker can write any key or URL of a key into the header of a token.
#[test]
fn does_not_use_keys_of_the_header() {
    let other_key = jwk(&OTHER_KEY, "k", "");
    for more in [
        format!(r#","jwk":{other_key}"#),
        r#","jku":"https://attacker.example/keys""#.to_owned(),
        r#","x5u":"https://attacker.example/chain""#.to_owned(),
        r#","x5c":["AAAA"]"#.to_owned(),
    ] {
        let header = header(&format!(r#","alg":"RS256"{more}"#));
        let forged = signed_by(&OTHER_KEY, &header, valid_payload());
        assert_eq!(checked(&forged), Err("bad_signature"), "{more}");
        assert!(check_header(&header).is_ok(), "{more}");
    }
}

/// RFC 7515, section 4: "Header Parameter names [...] MUST be unique", and section 10.12 requires strict validation. Names
/// with escapes are compared as well.
#[test]
fn rejects_duplicates_of_header_parameters_that_are_read() {
    let valid = r#""alg":"RS256","typ":"JWT","kid":"k""#;
    for twice in [
        r#""alg":"RS256""#,
        r#""alg":"none""#,
        r#""\u0061lg":"RS256""#,
        r#""kid":"k""#,
        r#""kid":"other""#,
        r#""k\u0069d":"k""#,
        r#""typ":"JWT""#,
        r#""ty\u0070":"at+jwt""#,
    ] {
        for header in [
            format!("{{{valid},{twice}}}"),
            format!("{{{twice},{valid}}}"),
        ] {
            assert_eq!(check_header(&header), Err("duplicate_member"), "{header}");
        }
    }
    let crit = r#"{"alg":"RS256","typ":"JWT","crit":["a"],"crit":["b"]}"#;
    assert_eq!(check_header(crit), Err("duplicate_member"));
}

/// RFC 7519, section 5.2: `cty` "JWT" marks a nested token.
#[test]
fn rejects_a_nested_token() {
    for cty in ["JWT", "jwt", "application/jwt", "JWE"] {
        let header = header(&format!(r#","alg":"RS256","cty":"{cty}""#));
        assert_eq!(check_header(&header), Err("invalid_header"), "{cty}");
    }
}

/// RFC 7515, sections 4.1.2 to 4.1.8: a URL of keys is a string, and a thumbprint has the length of its hash.
#[test]
fn rejects_malformed_references_to_keys() {
    for more in [
        r#""jku":7"#,
        r#""x5u":["https://example.com/"]"#,
        r#""x5t":"AAAA""#,
        r#""x5t#S256":null"#,
    ] {
        let header = header(&format!(r#","alg":"RS256",{more}"#));
        assert_eq!(check_header(&header), Err("invalid_header"), "{more}");
    }
}
