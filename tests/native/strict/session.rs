//! Rules about the claims that make a token a session (RFC 8725, section 3.12: no kind
//! of token stands in for another).

use super::*;

fn with(session: &str) -> Result<(), &'static str> {
    claiming(&payload(SESSION, session))
}

/// RFC 8725, section 3.12: a token without it is of another kind.
#[test]
fn requires_the_session_claim() {
    assert_eq!(with(""), Err("wrong_token_kind"));
}

/// RFC 7519, section 7.2, step 10, for a claim of our own: it is an object.
#[test]
fn requires_a_session_claim_that_is_an_object() {
    assert!(with(r#"{"id":"session-test-1","more":[1]}"#).is_ok());
    for session in ["null", "[]", "\"session-test-1\"", "7", "true"] {
        assert_eq!(with(session), Err("invalid_session"), "{session}");
    }
}

/// RFC 7519, section 7.2, step 10, for a claim of our own: its `id` is a string.
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

/// RFC 8259, section 4, leaves open what a name that stands twice means.
#[test]
fn refuses_a_session_that_says_twice_what_decides() {
    for again in [r#""id":"session-test-1""#, r#""i\u0064":"other""#] {
        let session = format!(r#"{{"id":"session-test-1",{again}}}"#);
        assert_eq!(with(&session), Err("duplicate_member"), "{session}");
    }
    let roles = r#"{"id":"session-test-1","roles":["a"],"roles":["admin"]}"#;
    assert_eq!(with(roles), Err("duplicate_member"));
}

/// RFC 8725, section 3.12: users' tokens are not members', nor the other way about.
#[test]
fn tells_members_from_users_by_the_organization_claim() {
    let organization = r#"{"organization_id":"organization-test-1","slug":"acme"}"#;
    let judge = |product, organization: &str| {
        let token = signed(HEADER, payload(ORGANIZATION, organization));
        let way = Way { product, ..USUAL };
        judged_by(set_of(&[jwk(&OURS, "k", "")]), &token, way).map(drop)
    };
    assert!(judge(Product::B2b, organization).is_ok());
    assert!(judge(Product::Consumer, "").is_ok());
    assert_eq!(judge(Product::B2b, ""), Err("wrong_token_kind"));
    assert_eq!(
        judge(Product::Consumer, organization),
        Err("wrong_token_kind")
    );
    for malformed in [
        "null",
        "{}",
        r#"{"organization_id":7}"#,
        r#"{"organization_id":""}"#,
    ] {
        assert_eq!(
            judge(Product::B2b, malformed),
            Err("invalid_claim"),
            "{malformed}"
        );
    }
    let twice = format!(r#"{organization},"{ORGANIZATION}":{organization}"#);
    assert_eq!(judge(Product::B2b, &twice), Err("duplicate_member"));
}
