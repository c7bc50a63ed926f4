//! Rules about the header (RFC 7515, section 4; RFC 8725, section 3).

use super::*;

fn header(more: &str) -> String {
    format!(r#"{{"typ":"JWT"{more}}}"#)
}

/// RFC 8725, section 3.1: the verifier names the algorithms that it supports, and no
/// other is used.
#[test]
fn takes_rs256_and_no_other_algorithm() {
    assert!(under(&header(r#","alg":"RS256""#)).is_ok());
    assert!(
        under(&header(r#","alg":"\u0052S256""#)).is_ok(),
        "it is the same text"
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
        assert_eq!(under(&header), Err("wrong_algorithm"), "{alg}");
    }
    for alg in ["", r#","alg":null"#, r#","alg":["RS256"]"#, r#","alg":256"#] {
        assert_eq!(under(&header(alg)), Err("wrong_algorithm"), "{alg}");
    }
}

/// RFC 7518, section 3.6: a token with the algorithm "none" is no signed one, whatever
/// its last part is.
#[test]
fn refuses_an_unsecured_token() {
    let header = encoded(header(r#","alg":"none""#));
    let unsigned = format!("{header}.{}.", encoded(good_payload()));
    assert_eq!(judged(&unsigned), Err("wrong_algorithm"));
    assert_eq!(judged(&format!("{unsigned}AAAA")), Err("wrong_algorithm"));
}

/// RFC 7519, section 5.1, and RFC 8725, section 3.11: `typ` is "JWT", in any case
/// (RFC 7515, section 4.1.9, makes it a media type).
#[test]
fn takes_typ_jwt_in_any_case_and_no_other() {
    for typ in ["JWT", "jwt", "Jwt", "jWT"] {
        let header = format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#);
        assert!(under(&header).is_ok(), "{typ}");
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
        assert_eq!(under(&header), Err("wrong_type"), "{typ}");
    }
}

/// RFC 7515, section 4.1.11: extensions that are not understood make it invalid, an
/// empty list is none, and this verifier understands no extension.
#[test]
fn refuses_every_critical_extension() {
    for crit in [
        r#"["b64"],"b64":true"#,
        r#"["exp"],"exp":1"#,
        r#"["alg"]"#,
        "[]",
        "null",
        "false",
    ] {
        let header = header(&format!(r#","alg":"RS256","crit":{crit}"#));
        assert_eq!(under(&header), Err("critical_header"), "{crit}");
    }
}

/// RFC 7515, section 4.1.4: `kid` "MUST be a case-sensitive string".
#[test]
fn takes_a_kid_that_is_a_string_and_compares_its_case() {
    assert!(under(&header(r#","alg":"RS256","kid":"k""#)).is_ok());
    assert!(under(&header(r#","alg":"RS256","kid":"\u006b""#)).is_ok());
    for kid in ["7", "null", "true", r#"["k"]"#, "{}", r#""\ud800""#] {
        let header = header(&format!(r#","alg":"RS256","kid":{kid}"#));
        assert_eq!(under(&header), Err("invalid_kid"), "{kid}");
    }
    for kid in ["K", "", "k ", "k\\u0000", "kk", "*"] {
        let header = header(&format!(r#","alg":"RS256","kid":"{kid}""#));
        assert_eq!(under(&header), Err("unknown_key"), "{kid}");
    }
}

/// RFC 8725, section 3.10: keys that a token brings or points at are a stranger's.
#[test]
fn uses_no_key_that_the_token_brings() {
    let strangers = jwk(&STRANGERS, "k", "");
    for more in [
        format!(r#","jwk":{strangers}"#),
        r#","jku":"https://attacker.example/keys""#.to_owned(),
        r#","x5u":"https://attacker.example/chain""#.to_owned(),
        r#","x5c":["AAAA"]"#.to_owned(),
    ] {
        let header = header(&format!(r#","alg":"RS256"{more}"#));
        let forged = signed_by(&STRANGERS, &header, good_payload());
        assert_eq!(judged(&forged), Err("bad_signature"), "{more}");
        assert!(under(&header).is_ok(), "{more}");
    }
}

/// RFC 7515, section 4: "Header Parameter names [...] MUST be unique", and section 10.12
/// has readers reject the rest, also where a name is written with escapes.
#[test]
fn refuses_a_header_that_says_twice_what_decides() {
    let good = r#""alg":"RS256","typ":"JWT","kid":"k""#;
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
        for header in [format!("{{{good},{twice}}}"), format!("{{{twice},{good}}}")] {
            assert_eq!(under(&header), Err("duplicate_member"), "{header}");
        }
    }
    let crit = r#"{"alg":"RS256","typ":"JWT","crit":["a"],"crit":["b"]}"#;
    assert_eq!(under(crit), Err("duplicate_member"));
}

/// RFC 7519, section 5.2: `cty` "JWT" says that a token is inside of this one.
#[test]
fn refuses_a_token_inside_of_a_token() {
    for cty in ["JWT", "jwt", "application/jwt", "JWE"] {
        let header = header(&format!(r#","alg":"RS256","cty":"{cty}""#));
        assert_eq!(under(&header), Err("invalid_header"), "{cty}");
    }
}

/// RFC 7515, sections 4.1.2 to 4.1.8: what points at keys is a URL as a string, or a
/// thumbprint of its length.
#[test]
fn refuses_what_points_at_keys_in_no_form_of_its_own() {
    for more in [
        r#""jku":7"#,
        r#""x5u":["https://example.com/"]"#,
        r#""x5t":"AAAA""#,
        r#""x5t#S256":null"#,
    ] {
        let header = header(&format!(r#","alg":"RS256",{more}"#));
        assert_eq!(under(&header), Err("invalid_header"), "{more}");
    }
}
