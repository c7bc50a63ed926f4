//! Rules about key sets (RFC 7517; RFC 7518, section 6.3): which key may judge.

use super::*;

const NAMELESS: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

fn with(keys: &[String], header: &str) -> Result<(), &'static str> {
    let token = signed(header, good_payload());
    judged_by(set_of(keys), &token, USUAL).map(drop)
}

fn good() -> String {
    jwk(&OURS, "k", "")
}

fn strangers(kid: &str) -> String {
    jwk(&STRANGERS, kid, "")
}

/// A key with our numbers, other members, and the name `k`.
fn otherwise(kty: &str, more: &str) -> String {
    good()
        .replace(r#""kty":"RSA""#, kty)
        .replace(r#""kid":"k""#, &format!(r#""kid":"k"{more}"#))
}

/// An unusable key counts for nothing, neither for its own name nor against the others.
fn is_no_key(jwk: &str) {
    counts_for_nothing(jwk, "unusable_key");
}

/// The same for one whose name cannot be told either.
fn is_no_named_key(jwk: &str) {
    counts_for_nothing(jwk, "unknown_key");
}

fn counts_for_nothing(jwk: &str, reason: &'static str) {
    let jwk = jwk.to_owned();
    let alone = std::slice::from_ref(&jwk);
    assert_eq!(with(alone, HEADER), Err(reason), "{jwk}");
    assert_eq!(with(alone, NAMELESS), Err(reason), "{jwk}");
    for keys in [[jwk.clone(), good()], [good(), jwk.clone()]] {
        assert!(with(&keys, HEADER).is_ok(), "it harms the others: {jwk}");
        assert!(with(&keys, NAMELESS).is_ok(), "it harms the others: {jwk}");
    }
}

/// RFC 7517, section 4.5: `kid` is used to match a key.
#[test]
fn lets_only_the_key_of_that_name_judge() {
    assert!(with(&[good(), strangers("other")], HEADER).is_ok());
    assert_eq!(
        with(&[strangers("k"), jwk(&OURS, "other", "")], HEADER),
        Err("bad_signature")
    );
    assert_eq!(with(&[jwk(&OURS, "other", "")], HEADER), Err("unknown_key"));
    let nameless = good().replace(r#""kid":"k","#, "");
    assert_eq!(with(&[nameless], HEADER), Err("unknown_key"));
}

/// RFC 7515, section 4.1.4, lets `kid` be absent: then there is one key or no answer.
#[test]
fn takes_the_one_usable_key_for_a_token_without_kid() {
    assert!(with(&[good()], NAMELESS).is_ok());
    assert!(with(&[good().replace(r#""kid":"k","#, "")], NAMELESS).is_ok());
    assert_eq!(
        with(&[good(), strangers("other")], NAMELESS),
        Err("missing_kid")
    );
    assert_eq!(
        with(&[strangers("other"), good()], NAMELESS),
        Err("missing_kid")
    );
    assert_eq!(with(&[], NAMELESS), Err("unknown_key"));
}

/// RFC 7517, section 4.5: keys of one set "SHOULD use distinct" names: whoever can add a
/// second one must not take over the first.
#[test]
fn trusts_neither_of_two_keys_under_one_name() {
    for second in [good(), strangers("k")] {
        for keys in [[good(), second.clone()], [second, good()]] {
            assert_eq!(with(&keys, HEADER), Err("duplicate_kid"));
        }
    }
    let others = [strangers("twin"), strangers("twin"), good()];
    assert!(with(&others, HEADER).is_ok(), "the third is not harmed");
}

/// RFC 7517, section 4.1.
#[test]
fn respects_kty() {
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
fn respects_use() {
    assert!(with(&[jwk(&OURS, "k", r#","use":"sig""#)], HEADER).is_ok());
    for purpose in [r#""enc""#, r#""SIG""#, r#""""#, "null", r#"["sig"]"#] {
        is_no_key(&jwk(&OURS, "k", &format!(r#","use":{purpose}"#)));
    }
}

/// RFC 7517, section 4.3.
#[test]
fn respects_key_ops() {
    assert!(
        with(
            &[jwk(&OURS, "k", r#","key_ops":["sign","verify"]"#)],
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
        is_no_key(&jwk(&OURS, "k", &format!(r#","key_ops":{operations}"#)));
    }
}

/// RFC 7517, section 4.4.
#[test]
fn respects_alg() {
    assert!(with(&[jwk(&OURS, "k", r#","alg":"RS256""#)], HEADER).is_ok());
    for alg in [
        r#""PS256""#,
        r#""RS512""#,
        r#""RSA-OAEP""#,
        r#""rs256""#,
        "null",
        "256",
    ] {
        is_no_key(&jwk(&OURS, "k", &format!(r#","alg":{alg}"#)));
    }
}

/// RFC 7518, section 3.3: "A key of size 2048 bits or larger MUST be used". Signatures of
/// the weak keys are good.
#[test]
fn refuses_weak_keys_without_harming_the_others() {
    for (seed, bits) in [(3, 1024), (4, 2040), (5, 512)] {
        let weak = private_key(seed, bits);
        assert_eq!(weak.n().bits(), bits);
        let token = signed_by(&weak, HEADER, good_payload());
        let set = || set_of(&[jwk(&weak, "k", ""), strangers("other")]);
        assert_eq!(
            judged_by(set(), &token, USUAL),
            Err("unusable_key"),
            "{bits}"
        );
        let others = signed_by(
            &STRANGERS,
            &HEADER.replace(r#""k""#, r#""other""#),
            good_payload(),
        );
        assert!(judged_by(set(), &others, USUAL).is_ok(), "{bits}");
        is_no_key(&jwk(&weak, "k", ""));
    }
    let numbers = |n: &[u8], e: &[u8]| {
        format!(
            r#"{{"kty":"RSA","kid":"k","n":"{}","e":"{}"}}"#,
            encoded(n),
            encoded(e)
        )
    };
    let n = OURS.n().to_bytes_be();
    // With the exponent 1 every signature is what it signs.
    for e in [&[1][..], &[0], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[]] {
        is_no_key(&numbers(&n, e));
    }
    let mut even = n.clone();
    even[255] &= 0xfe;
    is_no_key(&numbers(&even, &[1, 0, 1]));
    is_no_key(&numbers(&[0xff; 513], &[1, 0, 1]));
    is_no_key(&numbers(&[], &[1, 0, 1]));
}

/// RFC 7517, section 5: a member of the set that is not understood, or misses what its
/// kind requires, is ignored.
#[test]
fn passes_over_malformed_keys_without_harming_the_others() {
    for malformed in ["null", "7", "[]", "\"k\"", "{}", r#"{"kty":"RSA"}"#] {
        is_no_named_key(malformed);
    }
    is_no_key(r#"{"kty":"RSA","kid":"k"}"#);
    let n = encoded(OURS.n().to_bytes_be());
    let with_n = |text: &str| good().replace(&format!(r#""{n}""#), text);
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
    is_no_key(&good().replace("\"AQAB\"", "\"AQAB==\""));
    is_no_key(&good().replace("\"AQAB\"", "65537"));
    is_no_named_key(&good().replace(r#""kid":"k""#, r#""kid":7"#));
}

/// RFC 7517, section 4: "The member names within a JWK MUST be unique".
#[test]
fn refuses_a_key_that_says_twice_what_decides() {
    for twice in [r#","kid":"k""#, r#","\u006bid":"other""#] {
        is_no_named_key(&jwk(&OURS, "k", twice));
    }
    for twice in [r#","kty":"RSA""#, r#","n":"AQAB""#, r#","e":"Aw""#] {
        is_no_key(&jwk(&OURS, "k", twice));
    }
    for [once, again] in [["use", "sig"], ["alg", "RS256"]] {
        let member = format!(r#","{once}":"{again}""#);
        is_no_key(&jwk(&OURS, "k", &member.repeat(2)));
    }
    is_no_key(&jwk(&OURS, "k", &r#","key_ops":["verify"]"#.repeat(2)));
    let sets = format!(r#"{{"keys":[{}],"keys":[{}]}}"#, strangers("k"), good());
    assert!(JwkSet::parse(&sets).is_err(), "nor a set");
}
