//! The rules for registered claims (RFC 7519, section 4.1; RFC 8725, section 3).

use super::*;

fn with(name: &str, value: &str) -> Result<(), &'static str> {
    check_payload(&payload(name, value))
}

fn with_tolerance(name: &str, value: &str, clock_tolerance: f64) -> Result<(), &'static str> {
    let token = signed(HEADER, payload(name, value));
    let options = Options {
        clock_tolerance,
        ..DEFAULT
    };
    check_with(set_of(&[jwk(&PROJECT_KEY, "k", "")]), &token, options).map(drop)
}

/// RFC 7515, section 5.2, and RFC 8725, section 3.3: the signature is verified before claims are read. An attacker with a
/// forged token cannot learn which claims are accepted.
#[test]
fn verifies_the_signature_before_claims() {
    let payloads = [
        payload("exp", "1"),
        payload("exp", ""),
        payload("nbf", "1800000001"),
        payload("aud", r#""project-test-other""#),
        payload("iss", r#""stytch.com/project-test-other""#),
        payload(SESSION, ""),
        payload("exp", r#"1,"exp":2"#),
        "[]".to_owned(),
        "not JSON".to_owned(),
    ];
    for payload in payloads {
        assert!(check_payload(&payload).is_err(), "{payload}");
        let forged = signed_by(&OTHER_KEY, HEADER, &payload);
        assert_eq!(checked(&forged), Err("bad_signature"), "{payload}");
    }
}

/// RFC 7519, section 4.1.4: `exp` is optional. It is required here, because every session has an end.
#[test]
fn requires_an_exp() {
    assert_eq!(with("exp", ""), Err("missing_claim"));
}

/// RFC 7519, section 4.1.4: "Its value MUST be a number".
#[test]
fn requires_an_exp_that_is_a_number() {
    for exp in ["null", r#""1800000300""#, "[1800000300]", "true", "{}"] {
        assert_eq!(with("exp", exp), Err("invalid_exp"), "{exp}");
    }
}

/// RFC 7519, section 4.1.4: "on or after which the JWT MUST NOT be accepted", with "some
/// small leeway".
#[test]
fn rejects_a_token_at_its_exp_and_later() {
    assert!(with("exp", "1800000001").is_ok());
    assert_eq!(with("exp", "1800000000"), Err("expired"));
    assert_eq!(with("exp", "1799999999"), Err("expired"));
    assert!(with_tolerance("exp", "1799999991", 10.0).is_ok());
    assert_eq!(with_tolerance("exp", "1799999990", 10.0), Err("expired"));
}

/// RFC 7519, section 4.1.5: "the time before which the JWT MUST NOT be accepted for processing".
#[test]
fn rejects_a_token_before_its_nbf() {
    assert!(with("nbf", "1800000000").is_ok());
    assert_eq!(with("nbf", "1800000001"), Err("not_yet_valid"));
    assert!(with_tolerance("nbf", "1800000010", 10.0).is_ok());
    assert_eq!(
        with_tolerance("nbf", "1800000011", 10.0),
        Err("not_yet_valid")
    );
}

/// RFC 7519, section 4.1.3, and RFC 8725, section 3.9: `aud` is a string or an array of strings, and contains the project
/// id.
#[test]
fn accepts_an_aud_that_is_or_contains_the_project_id() {
    for aud in [
        r#""project-test-strict""#,
        r#"["project-test-strict"]"#,
        r#"["x","project-test-strict"]"#,
    ] {
        assert!(with("aud", aud).is_ok(), "{aud}");
    }
    for aud in [
        "",
        "null",
        "[]",
        r#""project-test-other""#,
        r#""PROJECT-TEST-STRICT""#,
        r#""project-test-strict ""#,
        r#""project-test-stric""#,
        r#"["project-test-other"]"#,
        r#"[["project-test-strict"]]"#,
        r#"["project-test-strict",7]"#,
        r#"{"project-test-strict":1}"#,
    ] {
        assert_eq!(with("aud", aud), Err("wrong_audience"), "{aud}");
    }
}

/// RFC 7519, section 4.1.1, and RFC 8725, section 3.8: `iss` is one of the two issuers of the project.
#[test]
fn accepts_only_the_issuers_of_the_project() {
    for iss in [
        r#""stytch.com/project-test-strict""#,
        r#""https://login.example.com""#,
    ] {
        assert!(with("iss", iss).is_ok(), "{iss}");
    }
    for iss in [
        "",
        "null",
        "7",
        r#""stytch.com/project-test-other""#,
        r#""stytch.com/project-test-strict/""#,
        r#""https://stytch.com/project-test-strict""#,
        r#""https://login.example.com/""#,
        r#""http://login.example.com""#,
        r#"["stytch.com/project-test-strict"]"#,
    ] {
        assert_eq!(with("iss", iss), Err("wrong_issuer"), "{iss}");
    }
}

/// RFC 7519, section 2: a NumericDate may have a fraction.
#[test]
fn compares_the_fraction_of_a_date() {
    assert!(with("exp", "1800000000.001").is_ok());
    assert_eq!(with("exp", "1799999999.999"), Err("expired"));
    assert!(with("nbf", "1799999999.999").is_ok());
    assert_eq!(with("nbf", "1800000000.001"), Err("not_yet_valid"));
    assert!(with("exp", "18000000005e-1").is_ok());
    assert!(with("iat", "1799999999.5").is_ok());
}

/// RFC 7519, section 2, does not limit a NumericDate, so dates outside of the range of clocks are compared as well.
#[test]
fn compares_dates_outside_of_the_range_of_clocks() {
    let ends = r#"{"id":"session-test-1","expires_at":"2027-01-15T09:00:00Z"}"#;
    let with = |name: &str, value: &str| {
        let payload = payload(name, value);
        check_payload(&payload.replace(r#"{"id":"session-test-1"}"#, ends))
    };
    for exp in [
        "1e308",
        "1.7976931348623157e308",
        "253402300800",
        "9007199254740993",
    ] {
        assert!(with("exp", exp).is_ok(), "{exp}");
    }
    for exp in ["0", "-0", "-1", "-1e308", "1e-400", "-1800000300"] {
        assert_eq!(with("exp", exp), Err("expired"), "{exp}");
    }
    for beyond in ["1e309", "-1e309", "1e99999999999999999999"] {
        for (name, expected) in [
            ("exp", "invalid_exp"),
            ("nbf", "invalid_nbf"),
            ("iat", "invalid_iat"),
        ] {
            assert_eq!(with(name, beyond), Err(expected), "{name} {beyond}");
        }
    }
    assert_eq!(with("nbf", "1e308"), Err("not_yet_valid"));
    for past in ["-1e308", "-1", "0"] {
        assert!(
            with("nbf", past).is_ok() && with("iat", past).is_ok(),
            "{past}"
        );
    }
    // Without `expires_at` the session ends at `exp`, which is too large for the format of `expires_at`.
    assert_eq!(check_payload(&payload("exp", "1e308")), Err("invalid_exp"));
}

/// RFC 7519, section 4.1: these claims are optional.
#[test]
fn accepts_a_token_without_iat_nbf_or_sub() {
    for name in ["iat", "nbf", "sub"] {
        assert!(with(name, "").is_ok(), "{name}");
    }
}

/// RFC 7519, sections 4.1.2, 4.1.5 and 4.1.6: `sub` is a string, `nbf` and `iat` are numbers.
#[test]
fn rejects_an_iat_nbf_or_sub_of_another_type() {
    for (name, expected) in [("iat", "invalid_iat"), ("nbf", "invalid_nbf")] {
        for value in ["null", r#""1799999900""#, "[]", "true", "{}"] {
            assert_eq!(with(name, value), Err(expected), "{name} {value}");
        }
    }
    for value in ["null", "7", "[]", r#"["user-test-1"]"#] {
        assert_eq!(with("sub", value), Err("invalid_claim"), "{value}");
    }
}

/// RFC 7519, section 4: "Claim Names within a JWT Claims Set MUST be unique". Names with escapes are compared as well.
#[test]
fn rejects_duplicates_of_claims_that_are_read() {
    for (name, value) in members() {
        let (first, rest) = name.split_at(1);
        let escaped = format!("\\u{:04x}{rest}", u32::from(first.chars().next().unwrap()));
        for again in [name.as_str(), &escaped] {
            for other in [value.as_str(), "null"] {
                let mut twice = members();
                twice.push((again.to_owned(), other.to_owned()));
                assert_eq!(
                    check_payload(&object(&twice)),
                    Err("duplicate_member"),
                    "{again}"
                );
                twice.rotate_right(1);
                assert_eq!(
                    check_payload(&object(&twice)),
                    Err("duplicate_member"),
                    "{again}"
                );
            }
        }
    }
    let mut others = members();
    others.extend(["1", "2"].map(|value| ("custom".to_owned(), value.to_owned())));
    assert!(
        check_payload(&object(&others)).is_ok(),
        "duplicates of custom claims are accepted"
    );
}

/// The age of a token is counted from `iat` (RFC 7519, section 4.1.6), which is required for it. The clock tolerance does
/// not extend the maximum age.
#[test]
fn counts_the_age_from_iat() {
    let checked = |iat: &str, age| {
        let options = Options {
            clock_tolerance: 60.0,
            max_token_age: Some(age),
            ..DEFAULT
        };
        let token = signed(HEADER, payload("iat", iat));
        check_with(set_of(&[jwk(&PROJECT_KEY, "k", "")]), &token, options).map(drop)
    };
    assert!(checked("1799999900", 100.5).is_ok());
    assert_eq!(checked("1799999900", 100.0), Err("too_old"));
    assert_eq!(checked("-1e308", 100.0), Err("too_old"));
    assert_eq!(checked("", 100.0), Err("missing_claim"));
}
