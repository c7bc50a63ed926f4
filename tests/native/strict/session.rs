//! The rules for the claims of a session JWT (RFC 8725, section 3.12: a token of another kind is rejected).

use super::*;

fn with(session: &str) -> Result<(), &'static str> {
    check_payload(&payload(SESSION, session))
}

/// RFC 8725, section 3.12: a token without the session claim is of another kind.
#[test]
fn requires_the_session_claim() {
    assert_eq!(with(""), Err("wrong_token_kind"));
}

/// RFC 7519, section 7.2, step 10, applied to Stytch's session claim: it is an object.
#[test]
fn requires_a_session_claim_that_is_an_object() {
    assert!(with(r#"{"id":"session-test-1","more":[1]}"#).is_ok());
    for session in ["null", "[]", "\"session-test-1\"", "7", "true"] {
        assert_eq!(with(session), Err("invalid_session"), "{session}");
    }
}

/// RFC 7519, section 7.2, step 10, applied to Stytch's session claim: its `id` is a non-empty string.
#[test]
fn requires_a_session_id_that_is_a_string() {
    for session in [
        "{}",
        r#"{"id":null}"#,
        r#"{"id":7}"#,
        r#"{"id":""}"#,
        r#"{"id":["session-test-1"]}"#,
        r#"{"ID":"session-test-1"}"#,
    ] {
        assert_eq!(with(session), Err("invalid_session"), "{session}");
    }
}

/// RFC 8259, section 4: the meaning of duplicate names is not defined.
#[test]
fn rejects_a_session_with_duplicate_members() {
    for again in [r#""id":"session-test-1""#, r#""i\u0064":"other""#] {
        let session = format!(r#"{{"id":"session-test-1",{again}}}"#);
        assert_eq!(with(&session), Err("duplicate_member"), "{session}");
    }
    let roles = r#"{"id":"session-test-1","roles":["a"],"roles":["admin"]}"#;
    assert_eq!(with(roles), Err("duplicate_member"));
}

/// RFC 8725, section 3.12: a token of a user is not accepted as a token of a member, and vice versa.
#[test]
fn the_organization_claim_distinguishes_members_from_users() {
    let organization = r#"{"organization_id":"organization-test-1","slug":"acme"}"#;
    let check = |product, organization: &str| {
        let token = signed(HEADER, payload(ORGANIZATION, organization));
        let options = Options { product, ..DEFAULT };
        check_with(set_of(&[jwk(&PROJECT_KEY, "k", "")]), &token, options).map(drop)
    };
    assert!(check(Product::B2b, organization).is_ok());
    assert!(check(Product::Consumer, "").is_ok());
    assert_eq!(check(Product::B2b, ""), Err("wrong_token_kind"));
    assert_eq!(
        check(Product::Consumer, organization),
        Err("wrong_token_kind")
    );
    for malformed in [
        "null",
        "{}",
        r#"{"organization_id":7}"#,
        r#"{"organization_id":""}"#,
    ] {
        assert_eq!(
            check(Product::B2b, malformed),
            Err("invalid_claim"),
            "{malformed}"
        );
    }
    let twice = format!(r#"{organization},"{ORGANIZATION}":{organization}"#);
    assert_eq!(check(Product::B2b, &twice), Err("duplicate_member"));
}
