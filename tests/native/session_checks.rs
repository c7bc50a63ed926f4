//! The check of session JWTs that the emulator signs: valid tokens, and one case for each reason of a refusal.

use serde_json::{Value, json};
use stytch_edge::{client::ClientErrorCode, session::Product};

use crate::shell::{NOW, Shell};

/// A valid session JWT with these changes.
pub fn token(shell: &mut Shell, change: Value) -> String {
    let product = match shell.config.issuer.product {
        Product::Consumer => "consumer",
        Product::B2b => "b2b",
    };
    let mut request = json!({"product": product, "key": "current"});
    request
        .as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    shell.control("/_emulator/tokens", &request)["token"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The code and the reason of the refusal of a token with these changes.
fn refusal(product: Product, change: Value) -> (&'static str, &'static str) {
    let mut shell = Shell::new(product);
    let token = token(&mut shell, change);
    reason(&mut shell, &token)
}

fn reason(shell: &mut Shell, token: &str) -> (&'static str, &'static str) {
    let error = shell.check(token, None).unwrap_err();
    (error.code.word(), error.reason.unwrap().word())
}

#[test]
fn returns_a_consumer_session_from_the_claims() {
    let mut shell = Shell::new(Product::Consumer);
    let claims = json!({
        "sub": "user-test-1",
        "https://stytch.com/session": {
            "id": "session-test-1", "started_at": "2027-01-15T07:00:00Z", "last_accessed_at": "2027-01-15T07:30:00Z",
            "expires_at": "2027-01-15T09:00:00.123456Z", "attributes": {"ip_address": "10.0.0.1", "user_agent": "ü"},
            "authentication_factors": [{"type": "magic_link"}], "roles": ["stytch_user", "editor"],
        },
        "tenant": {"id": 7, "tags": ["a", "ß"]}, "__proto__": 1, "jti": "x",
    });
    let token = token(&mut shell, json!({ "claims": claims }));
    let session = shell.check(&token, None).unwrap();
    let expected = json!({
        "session_id": "session-test-1",
        "attributes": {"ip_address": "10.0.0.1", "user_agent": "ü"},
        "authentication_factors": [{"type": "magic_link"}],
        "user_id": "user-test-1",
        "started_at": "2027-01-15T07:00:00Z",
        "last_accessed_at": "2027-01-15T07:30:00Z",
        "expires_at": "2027-01-15T09:00:00.123Z",
        "custom_claims": {"tenant": {"id": 7, "tags": ["a", "ß"]}, "__proto__": 1},
        "roles": ["stytch_user", "editor"],
    });
    assert_eq!(session, expected);
}

#[test]
fn returns_a_member_session_with_its_organization() {
    let mut shell = Shell::new(Product::B2b);
    let claims = json!({
        "sub": "member-test-1",
        "https://stytch.com/organization": {"organization_id": "organization-test-1", "slug": "acme"},
        "https://stytch.com/session": {"id": "session-test-1", "roles": null, "expires_at": null},
    });
    let token = token(&mut shell, json!({ "claims": claims }));
    let session = shell.check(&token, None).unwrap();
    assert_eq!(session["member_session_id"], "session-test-1");
    assert_eq!(session["member_id"], "member-test-1");
    assert_eq!(session["organization_id"], "organization-test-1");
    assert_eq!(session["organization_slug"], "acme");
    assert_eq!(session["roles"], json!([]));
    assert_eq!(
        session["expires_at"], "2027-01-15T08:05:00.000Z",
        "from exp, because expires_at of the session is null"
    );
    assert_eq!(session["custom_claims"], json!({}));
    assert!(session.get("attributes").is_none());
}

#[test]
fn fetches_the_key_set_once_for_many_tokens() {
    let mut shell = Shell::new(Product::Consumer);
    for _ in 0..5 {
        let token = token(&mut shell, json!({}));
        shell.check(&token, None).unwrap();
    }
    assert_eq!(shell.sent, 1);
}

#[test]
fn fetches_the_key_set_again_for_the_key_of_a_rotated_set() {
    let mut shell = Shell::new(Product::Consumer);
    let old = token(&mut shell, json!({}));
    shell.check(&old, None).unwrap();
    shell.control("/_emulator/keys/rotate", &json!({"product": "consumer"}));
    let new = token(&mut shell, json!({"claims": {"exp": NOW + 1000}}));
    assert_eq!(
        reason(&mut shell, &new),
        ("jwt_invalid", "unknown_key"),
        "the last fetch was less than 30 seconds ago"
    );
    shell.now += 30;
    shell.check(&new, None).unwrap();
    shell.check(&old, None).unwrap();
    assert_eq!(shell.sent, 2);
}

#[test]
fn malformed_tokens_trigger_no_request() {
    let mut shell = Shell::new(Product::Consumer);
    assert_eq!(reason(&mut shell, ""), ("jwt_invalid", "no_credentials"));
    for malformed in ["x", "a.b.c", "...", "eyJhbGciOiJub25lIn0.e30.", "🎉.🎉.🎉"] {
        assert_eq!(
            shell.check(malformed, None).unwrap_err().code,
            ClientErrorCode::JwtInvalid,
            "{malformed}"
        );
    }
    assert_eq!(shell.sent, 0);
}

#[test]
fn refuses_invalid_tokens_with_the_reason() {
    let session = "https://stytch.com/session";
    for (change, expected) in [
        (json!({"key": "none"}), "wrong_algorithm"),
        (json!({"key": "stranger"}), "bad_signature"),
        (json!({"header": {"alg": "HS256"}}), "wrong_algorithm"),
        (json!({"header": {"typ": "at+jwt"}}), "wrong_type"),
        (json!({"header": {"typ": null}}), "wrong_type"),
        (
            json!({"header": {"crit": ["exp"], "exp": 1}}),
            "critical_header",
        ),
        (json!({"header": {"kid": "jwk-test-other"}}), "unknown_key"),
        (json!({"claims": {"exp": NOW}}), "expired"),
        (json!({"claims": {"exp": null}}), "missing_claim"),
        (json!({"claims": {"nbf": NOW + 1}}), "not_yet_valid"),
        (
            json!({"claims": {"aud": ["project-test-other"]}}),
            "wrong_audience",
        ),
        (
            json!({"claims": {"iss": "stytch.com/project-test-other"}}),
            "wrong_issuer",
        ),
        (json!({"claims": {session: null}}), "wrong_token_kind"),
        (json!({"claims": {session: "x"}}), "invalid_session"),
        (
            json!({"claims": {session: {"id": null}}}),
            "invalid_session",
        ),
        (json!({"claims": {session: {"id": 7}}}), "invalid_session"),
        (
            json!({"claims": {session: {"roles": "admin"}}}),
            "invalid_session",
        ),
        (
            json!({"claims": {session: {"roles": [1]}}}),
            "invalid_session",
        ),
        (
            json!({"claims": {session: {"authentication_factors": {}}}}),
            "invalid_session",
        ),
        (
            json!({"claims": {session: {"expires_at": "soon"}}}),
            "invalid_session",
        ),
        (
            json!({"claims": {"https://stytch.com/organization": {"organization_id": "o"}}}),
            "wrong_token_kind",
        ),
    ] {
        assert_eq!(
            refusal(Product::Consumer, change.clone()),
            ("jwt_invalid", expected),
            "{change}"
        );
    }
    let organization = "https://stytch.com/organization";
    for (change, expected) in [
        (json!({"claims": {organization: null}}), "wrong_token_kind"),
        (
            json!({"claims": {organization: {"organization_id": null}}}),
            "invalid_claim",
        ),
        (
            json!({"claims": {session: null, "scope": "read:all"}}),
            "wrong_token_kind",
        ),
    ] {
        assert_eq!(
            refusal(Product::B2b, change.clone()),
            ("jwt_invalid", expected),
            "{change}"
        );
    }
}

/// RFC 7515, section 5.2: the signature covers the header and the payload.
#[test]
fn rejects_the_payload_of_another_token() {
    let mut shell = Shell::new(Product::Consumer);
    let one = token(&mut shell, json!({}));
    let two = token(
        &mut shell,
        json!({"claims": {"sub": "user-test-someone-else"}}),
    );
    let [one, two]: [Vec<&str>; 2] = [one.split('.').collect(), two.split('.').collect()];
    let mixed = format!("{}.{}.{}", one[0], two[1], one[2]);
    assert_eq!(reason(&mut shell, &mixed), ("jwt_invalid", "bad_signature"));
}

#[test]
fn validates_the_age_only_if_a_maximum_is_set() {
    let mut shell = Shell::new(Product::Consumer);
    let token = token(&mut shell, json!({}));
    shell.now += 100;
    assert!(shell.check(&token, Some(100.5)).is_ok());
    for age in [100.0, 1.0, 0.0] {
        let error = shell.check(&token, Some(age)).unwrap_err();
        assert_eq!(
            (error.code.word(), error.reason.unwrap().word()),
            ("jwt_too_old", "too_old")
        );
    }
    let undated = self::token(&mut shell, json!({"claims": {"iat": null}}));
    assert!(shell.check(&undated, None).is_ok());
    assert_eq!(
        shell.check(&undated, Some(100.0)).unwrap_err().code,
        ClientErrorCode::JwtInvalid
    );
}
