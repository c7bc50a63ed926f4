//! The rules for key sets, and for the selection of the key that verifies a token (RFC 7517; RFC 7518, section 6.3).

use super::*;

const NAMELESS: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

fn with(keys: &[String], header: &str) -> Result<(), &'static str> {
    let token = signed(header, valid_payload());
    check_with(set_of(keys), &token, DEFAULT).map(drop)
}

fn project_jwk() -> String {
    jwk(&PROJECT_KEY, "k", "")
}

fn other_key(kid: &str) -> String {
    jwk(&OTHER_KEY, kid, "")
}

/// The key of the project with another `kty` and with additional members.
fn otherwise(kty: &str, more: &str) -> String {
    project_jwk()
        .replace(r#""kty":"RSA""#, kty)
        .replace(r#""kid":"k""#, &format!(r#""kid":"k"{more}"#))
}

/// Asserts that a key with a valid `kid` is unusable, and that it does not affect the other keys of its set.
fn is_no_key(jwk: &str) {
    counts_for_nothing(jwk, "unusable_key");
}

/// Asserts that a key without a valid `kid` is unusable, and that it does not affect the other keys of its set.
fn is_no_named_key(jwk: &str) {
    counts_for_nothing(jwk, "unknown_key");
}

fn counts_for_nothing(jwk: &str, reason: &'static str) {
    let jwk = jwk.to_owned();
    let alone = std::slice::from_ref(&jwk);
    assert_eq!(with(alone, HEADER), Err(reason), "{jwk}");
    assert_eq!(with(alone, NAMELESS), Err(reason), "{jwk}");
    for keys in [[jwk.clone(), project_jwk()], [project_jwk(), jwk.clone()]] {
        assert!(with(&keys, HEADER).is_ok(), "it affects other keys: {jwk}");
        assert!(
            with(&keys, NAMELESS).is_ok(),
            "it affects other keys: {jwk}"
        );
    }
}

/// RFC 7517, section 4.5: `kid` is used to match a key.
#[test]
fn verifies_with_the_key_of_the_kid_only() {
    assert!(with(&[project_jwk(), other_key("other")], HEADER).is_ok());
    assert_eq!(
        with(&[other_key("k"), jwk(&PROJECT_KEY, "other", "")], HEADER),
        Err("bad_signature")
    );
    assert_eq!(
        with(&[jwk(&PROJECT_KEY, "other", "")], HEADER),
        Err("unknown_key")
    );
    let nameless = project_jwk().replace(r#""kid":"k","#, "");
    assert_eq!(with(&[nameless], HEADER), Err("unknown_key"));
}

/// RFC 7515, section 4.1.4: `kid` is optional. A token without `kid` is accepted only if the set has exactly one usable key.
#[test]
fn verifies_a_token_without_kid_with_the_only_usable_key() {
    assert!(with(&[project_jwk()], NAMELESS).is_ok());
    assert!(with(&[project_jwk().replace(r#""kid":"k","#, "")], NAMELESS).is_ok());
    assert_eq!(
        with(&[project_jwk(), other_key("other")], NAMELESS),
        Err("missing_kid")
    );
    assert_eq!(
        with(&[other_key("other"), project_jwk()], NAMELESS),
        Err("missing_kid")
    );
    assert_eq!(with(&[], NAMELESS), Err("unknown_key"));
}

/// RFC 7517, section 4.5: keys of a set "SHOULD use distinct "kid" values". An attacker who can add a key to the set must
/// not replace an existing key.
#[test]
fn uses_neither_of_two_keys_with_the_same_kid() {
    for second in [project_jwk(), other_key("k")] {
        for keys in [[project_jwk(), second.clone()], [second, project_jwk()]] {
            assert_eq!(with(&keys, HEADER), Err("duplicate_kid"));
        }
    }
    let others = [other_key("twin"), other_key("twin"), project_jwk()];
    assert!(
        with(&others, HEADER).is_ok(),
        "the third key is not affected"
    );
}

/// RFC 7517, section 4.1.
#[test]
fn validates_kty() {
    for kty in [
        r#""kty":"EC""#,
        r#""kty":"oct""#,
        r#""kty":"rsa""#,
        r#""kty":null"#,
        r#""x":1"#,
    ] {
        is_no_key(&otherwise(kty, ""));
    }
}

/// RFC 7517, section 4.2.
#[test]
fn validates_use() {
    assert!(with(&[jwk(&PROJECT_KEY, "k", r#","use":"sig""#)], HEADER).is_ok());
    for purpose in [r#""enc""#, r#""SIG""#, r#""""#, "null", r#"["sig"]"#] {
        is_no_key(&jwk(&PROJECT_KEY, "k", &format!(r#","use":{purpose}"#)));
    }
}

/// RFC 7517, section 4.3.
#[test]
fn validates_key_ops() {
    assert!(
        with(
            &[jwk(&PROJECT_KEY, "k", r#","key_ops":["sign","verify"]"#)],
            HEADER
        )
        .is_ok()
    );
    for operations in [
        "[]",
        r#"["sign"]"#,
        r#"["encrypt","wrapKey"]"#,
        r#""verify""#,
        "null",
        r#"["verify",7]"#,
    ] {
        is_no_key(&jwk(
            &PROJECT_KEY,
            "k",
            &format!(r#","key_ops":{operations}"#),
        ));
    }
}

/// RFC 7517, section 4.4.
#[test]
fn validates_alg() {
    assert!(with(&[jwk(&PROJECT_KEY, "k", r#","alg":"RS256""#)], HEADER).is_ok());
    for alg in [
        r#""PS256""#,
        r#""RS512""#,
        r#""RSA-OAEP""#,
        r#""rs256""#,
        "null",
        "256",
    ] {
        is_no_key(&jwk(&PROJECT_KEY, "k", &format!(r#","alg":{alg}"#)));
    }
}

/// RFC 7518, section 3.3: "A key of size 2048 bits or larger MUST be used". The signatures of the weak keys are valid.
#[test]
fn weak_keys_are_unusable_and_do_not_affect_other_keys() {
    for (seed, bits) in [(3, 1024), (4, 2040), (5, 512)] {
        let weak = private_key(seed, bits);
        assert_eq!(weak.n().bits(), bits);
        let token = signed_by(&weak, HEADER, valid_payload());
        let set = || set_of(&[jwk(&weak, "k", ""), other_key("other")]);
        assert_eq!(
            check_with(set(), &token, DEFAULT),
            Err("unusable_key"),
            "{bits}"
        );
        let others = signed_by(
            &OTHER_KEY,
            &HEADER.replace(r#""k""#, r#""other""#),
            valid_payload(),
        );
        assert!(check_with(set(), &others, DEFAULT).is_ok(), "{bits}");
        is_no_key(&jwk(&weak, "k", ""));
    }
    let numbers = |n: &[u8], e: &[u8]| {
        format!(
            r#"{{"kty":"RSA","kid":"k","n":"{}","e":"{}"}}"#,
            encoded(n),
            encoded(e)
        )
    };
    let n = PROJECT_KEY.n().to_bytes_be();
    // With the exponent 1 the signature equals the signed block.
    for e in [&[1][..], &[0], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[]] {
        is_no_key(&numbers(&n, e));
    }
    let mut even = n.clone();
    even[255] &= 0xfe;
    is_no_key(&numbers(&even, &[1, 0, 1]));
    is_no_key(&numbers(&[0xff; 513], &[1, 0, 1]));
    is_no_key(&numbers(&[], &[1, 0, 1]));
}

/// RFC 7517, section 5: keys that are not understood, or that lack a required member, are ignored.
#[test]
fn malformed_keys_are_unusable_and_do_not_affect_other_keys() {
    for malformed in ["null", "7", "[]", "\"k\"", "{}", r#"{"kty":"RSA"}"#] {
        is_no_named_key(malformed);
    }
    is_no_key(r#"{"kty":"RSA","kid":"k"}"#);
    let n = encoded(PROJECT_KEY.n().to_bytes_be());
    let with_n = |text: &str| project_jwk().replace(&format!(r#""{n}""#), text);
    assert!(with(&[with_n(&format!(r#""{n}""#))], HEADER).is_ok());
    for text in [
        format!(r#""{n}==""#),
        format!(r#"" {n}""#),
        format!(r#""{}+""#, &n[1..]),
        "7".to_owned(),
        "null".to_owned(),
    ] {
        is_no_key(&with_n(&text));
    }
    is_no_key(&project_jwk().replace("\"AQAB\"", "\"AQAB==\""));
    is_no_key(&project_jwk().replace("\"AQAB\"", "65537"));
    is_no_named_key(&project_jwk().replace(r#""kid":"k""#, r#""kid":7"#));
}

/// RFC 7517, section 4: "The member names within a JWK MUST be unique".
#[test]
fn keys_with_duplicate_members_are_unusable() {
    for twice in [r#","kid":"k""#, r#","\u006bid":"other""#] {
        is_no_named_key(&jwk(&PROJECT_KEY, "k", twice));
    }
    for twice in [r#","kty":"RSA""#, r#","n":"AQAB""#, r#","e":"Aw""#] {
        is_no_key(&jwk(&PROJECT_KEY, "k", twice));
    }
    for [once, again] in [["use", "sig"], ["alg", "RS256"]] {
        let member = format!(r#","{once}":"{again}""#);
        is_no_key(&jwk(&PROJECT_KEY, "k", &member.repeat(2)));
    }
    is_no_key(&jwk(
        &PROJECT_KEY,
        "k",
        &r#","key_ops":["verify"]"#.repeat(2),
    ));
    let sets = format!(
        r#"{{"keys":[{}],"keys":[{}]}}"#,
        other_key("k"),
        project_jwk()
    );
    assert!(JwkSet::parse(&sets).is_err(), "a set with two members keys");
}
