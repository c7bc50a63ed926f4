//! Checks of session JWTs, and the requests that they send.

use serde_json::{Value, json};
use stytch_edge::{
    Client, Error, b2b,
    client::{ClientErrorCode, Reason},
    consumer::{
        Session, SessionsAuthenticateJwtLocalRequest, SessionsAuthenticateJwtRequest,
        SessionsAuthorizationCheck,
    },
};

use crate::test_platform::{NOW, TestPlatform, run};

/// A valid session JWT with these claims in addition.
pub fn token(platform: &TestPlatform, product: &str, claims: Value) -> String {
    let request = json!({"product": product, "key": "current", "claims": claims});
    let signed = platform.control("POST", "/_emulator/tokens", &request);
    signed["token"].as_str().unwrap().to_owned()
}

fn local(session_jwt: &str) -> SessionsAuthenticateJwtLocalRequest {
    SessionsAuthenticateJwtLocalRequest {
        session_jwt: session_jwt.to_owned(),
        ..Default::default()
    }
}

/// Checks a user's session JWT locally.
pub fn check(client: &Client, session_jwt: &str) -> stytch_edge::Result<Session> {
    run(client
        .sessions()
        .authenticate_jwt_local(&local(session_jwt)))
}

pub fn reason(error: Error) -> (&'static str, &'static str) {
    match error {
        Error::Client(error) => (error.code.word(), error.reason.unwrap().word()),
        other => panic!("{other}"),
    }
}

#[test]
fn fetches_the_key_set_once_for_several_checks() {
    let platform = TestPlatform::new();
    let claims = json!({"sub": "user-test-1", "tenant": {"id": 7}});
    let jwt = token(&platform, "consumer", claims);
    for _ in 0..3 {
        let session = run(platform
            .client()
            .sessions()
            .authenticate_jwt_local(&local(&jwt)))
        .unwrap();
        assert_eq!(session.user_id, "user-test-1");
        assert_eq!(session.custom_claims.unwrap()["tenant"]["id"], 7);
    }
    assert_eq!(platform.sent.lock().unwrap().len(), 1);
    assert!(
        platform
            .last_sent()
            .1
            .contains("/v1/sessions/jwks/project-test-")
    );
    let headers = platform.headers.lock().unwrap();
    assert!(!headers.iter().any(|(name, _)| *name == "Authorization"));
}

#[test]
fn checks_a_member_session() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "b2b", json!({"sub": "member-test-1"}));
    let request = b2b::SessionsAuthenticateJwtLocalRequest {
        session_jwt: jwt.clone(),
        ..Default::default()
    };
    let client = platform.b2b_client();
    let session = run(client.sessions().authenticate_jwt_local(&request)).unwrap();
    assert_eq!(session.member_id, "member-test-1");
    let error = run(platform
        .client()
        .sessions()
        .authenticate_jwt_local(&local(&jwt)))
    .unwrap_err();
    assert_eq!(reason(error).0, "jwt_invalid");
}

#[test]
fn refuses_invalid_tokens_with_the_reason() {
    let platform = TestPlatform::new();
    let client = platform.client();
    for (jwt, expected) in [
        ("", "no_credentials"),
        ("x", "malformed"),
        ("a.b.c", "invalid_base64url"),
    ] {
        let error = run(client.sessions().authenticate_jwt_local(&local(jwt))).unwrap_err();
        assert_eq!(reason(error), ("jwt_invalid", expected));
    }
    assert!(platform.sent.lock().unwrap().is_empty());
    let expired = token(
        &platform,
        "consumer",
        json!({"exp": NOW, "nbf": NOW - 9, "iat": NOW - 9}),
    );
    let error = run(client.sessions().authenticate_jwt_local(&local(&expired))).unwrap_err();
    assert_eq!(reason(error), ("jwt_invalid", "expired"));
    let request = SessionsAuthenticateJwtLocalRequest {
        clock_tolerance_seconds: Some(1.0),
        ..local(&expired)
    };
    assert!(run(client.sessions().authenticate_jwt_local(&request)).is_ok());
    let request = SessionsAuthenticateJwtLocalRequest {
        current_date: Some(NOW as f64 - 1.0),
        ..local(&expired)
    };
    assert!(run(client.sessions().authenticate_jwt_local(&request)).is_ok());
    let request = SessionsAuthenticateJwtLocalRequest {
        max_token_age_seconds: Some(-1),
        ..local(&expired)
    };
    let error = run(client.sessions().authenticate_jwt_local(&request)).unwrap_err();
    assert!(
        matches!(error, Error::Client(error) if error.code == ClientErrorCode::InvalidArgument)
    );
}

#[test]
fn an_unavailable_key_set_is_not_a_refusal_of_the_token() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    let check = || {
        run(platform
            .client()
            .sessions()
            .authenticate_jwt_local(&local(&jwt)))
    };
    platform.fail(Reason::Timeout);
    assert_eq!(
        reason(check().unwrap_err()),
        ("jwks_unavailable", "timeout")
    );
    platform.answer(500, "{}");
    assert_eq!(
        reason(check().unwrap_err()),
        ("jwks_unavailable", "keys_unavailable")
    );
    platform.answer(200, "{}");
    assert_eq!(
        reason(check().unwrap_err()),
        ("jwks_unavailable", "keys_unavailable")
    );
    *platform.instead.lock().unwrap() = None;
    // After the third failure the key set is not fetched for 2 seconds.
    assert_eq!(reason(check().unwrap_err()).0, "jwks_unavailable");
    *platform.now.lock().unwrap() += 2;
    assert!(check().is_ok());
}

#[test]
fn names_a_claim_of_another_type() {
    let platform = TestPlatform::new();
    let session = json!({"started_at": 7});
    let jwt = token(
        &platform,
        "consumer",
        json!({"https://stytch.com/session": session}),
    );
    let error = run(platform
        .client()
        .sessions()
        .authenticate_jwt_local(&local(&jwt)))
    .unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("started_at must be a string"), "{shown}");
    assert_eq!(reason(error), ("jwt_invalid", "invalid_claim"));
}

#[test]
fn the_api_authenticates_a_session_whose_jwt_is_too_old() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let jwt = token(&platform, "consumer", json!({}));
    let request = SessionsAuthenticateJwtRequest {
        session_jwt: jwt.clone(),
        ..Default::default()
    };
    let here = run(client.sessions().authenticate_jwt(&request)).unwrap();
    assert_eq!(here.session_jwt, jwt);
    assert_eq!(platform.sent.lock().unwrap().len(), 1);

    let request = SessionsAuthenticateJwtRequest {
        max_token_age_seconds: Some(0),
        session_duration_minutes: Some(30),
        ..request
    };
    let refused = run(client.sessions().authenticate_jwt(&request)).unwrap_err();
    assert!(matches!(refused, Error::Api(error) if error.status_code == 404));
    let (_, url, body) = platform.last_sent();
    assert_eq!(url, "https://test.stytch.com/v1/sessions/authenticate");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        body,
        json!({"session_jwt": jwt, "session_duration_minutes": 30})
    );
}

#[test]
fn evaluates_the_policy_for_a_permission_check() {
    let platform = TestPlatform::new();
    let roles = json!([{"role_id": "editor", "permissions": [{"resource_id": "documents", "actions": ["write"]}]}]);
    platform.control(
        "POST",
        "/_emulator/policies",
        &json!({"product": "consumer", "roles": roles}),
    );
    let session = json!({"id": "session-test-1", "roles": ["editor"]});
    let jwt = token(
        &platform,
        "consumer",
        json!({"https://stytch.com/session": session}),
    );
    let ask = |action: &str| {
        let request = SessionsAuthenticateJwtLocalRequest {
            authorization_check: Some(SessionsAuthorizationCheck {
                resource_id: "documents".to_owned(),
                action: action.to_owned(),
            }),
            ..local(&jwt)
        };
        run(platform
            .client()
            .sessions()
            .authenticate_jwt_local(&request))
    };
    assert!(ask("write").is_ok());
    assert_eq!(reason(ask("read").unwrap_err()).0, "invalid_permissions");
    assert_eq!(
        platform.sent.lock().unwrap().len(),
        2,
        "the key set and the policy"
    );
    // After 300 seconds the policy is fetched again. A refusal of the API is returned unchanged.
    platform.answer(401, r#"{"error_type": "unauthorized_credentials"}"#);
    *platform.now.lock().unwrap() += 299;
    assert!(ask("write").is_ok());
    *platform.now.lock().unwrap() += 1;
    let jwt = token(&platform, "consumer", json!({"exp": NOW + 900}));
    let request = SessionsAuthenticateJwtLocalRequest {
        authorization_check: Some(SessionsAuthorizationCheck::default()),
        ..local(&jwt)
    };
    let refused = run(platform
        .client()
        .sessions()
        .authenticate_jwt_local(&request));
    assert!(matches!(refused, Err(Error::Api(error)) if error.status_code == 401));
}
