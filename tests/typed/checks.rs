//! The session check, and what it fetches and asks.

use serde_json::{Value, json};
use stytch_edge::{
    Client, Error, b2b,
    client::{ClientErrorCode, Reason},
    consumer::{
        Session, SessionsAuthenticateJwtLocalRequest, SessionsAuthenticateJwtRequest,
        SessionsAuthorizationCheck,
    },
};

use crate::stand::{NOW, Stand, run};

/// A session JWT of the usual form with claims merged in.
pub fn token(stand: &Stand, product: &str, claims: Value) -> String {
    let wish = json!({"product": product, "key": "current", "claims": claims});
    let minted = stand.lever("POST", "/_emulator/tokens", &wish);
    minted["token"].as_str().unwrap().to_owned()
}

fn local(session_jwt: &str) -> SessionsAuthenticateJwtLocalRequest {
    SessionsAuthenticateJwtLocalRequest {
        session_jwt: session_jwt.to_owned(),
        ..Default::default()
    }
}

/// Checks a user's session JWT here.
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
fn checks_a_session_with_keys_that_are_fetched_once() {
    let stand = Stand::new();
    let claims = json!({"sub": "user-test-1", "tenant": {"id": 7}});
    let jwt = token(&stand, "consumer", claims);
    for _ in 0..3 {
        let session = run(stand
            .client()
            .sessions()
            .authenticate_jwt_local(&local(&jwt)))
        .unwrap();
        assert_eq!(session.user_id, "user-test-1");
        assert_eq!(session.custom_claims.unwrap()["tenant"]["id"], 7);
    }
    assert_eq!(stand.sent.lock().unwrap().len(), 1);
    assert!(
        stand
            .last_sent()
            .1
            .contains("/v1/sessions/jwks/project-test-")
    );
    let headers = stand.headers.lock().unwrap();
    assert!(!headers.iter().any(|(name, _)| *name == "Authorization"));
}

#[test]
fn checks_a_member_session() {
    let stand = Stand::new();
    let jwt = token(&stand, "b2b", json!({"sub": "member-test-1"}));
    let request = b2b::SessionsAuthenticateJwtLocalRequest {
        session_jwt: jwt.clone(),
        ..Default::default()
    };
    let client = stand.b2b_client();
    let session = run(client.sessions().authenticate_jwt_local(&request)).unwrap();
    assert_eq!(session.member_id, "member-test-1");
    let error = run(stand
        .client()
        .sessions()
        .authenticate_jwt_local(&local(&jwt)))
    .unwrap_err();
    assert_eq!(reason(error).0, "jwt_invalid");
}

#[test]
fn refuses_junk_without_a_request_and_tells_why() {
    let stand = Stand::new();
    let client = stand.client();
    for (jwt, expected) in [
        ("", "no_credentials"),
        ("x", "malformed"),
        ("a.b.c", "invalid_base64url"),
    ] {
        let error = run(client.sessions().authenticate_jwt_local(&local(jwt))).unwrap_err();
        assert_eq!(reason(error), ("jwt_invalid", expected));
    }
    assert!(stand.sent.lock().unwrap().is_empty());
    let expired = token(
        &stand,
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
fn an_outage_of_the_keys_is_no_verdict() {
    let stand = Stand::new();
    let jwt = token(&stand, "consumer", json!({}));
    let check = || {
        run(stand
            .client()
            .sessions()
            .authenticate_jwt_local(&local(&jwt)))
    };
    stand.fail(Reason::Timeout);
    assert_eq!(
        reason(check().unwrap_err()),
        ("jwks_unavailable", "timeout")
    );
    stand.answer(500, "{}");
    assert_eq!(
        reason(check().unwrap_err()),
        ("jwks_unavailable", "keys_unavailable")
    );
    stand.answer(200, "{}");
    assert_eq!(
        reason(check().unwrap_err()),
        ("jwks_unavailable", "keys_unavailable")
    );
    *stand.instead.lock().unwrap() = None;
    // After the third failure there are two seconds without a fetch.
    assert_eq!(reason(check().unwrap_err()).0, "jwks_unavailable");
    *stand.now.lock().unwrap() += 2;
    assert!(check().is_ok());
}

#[test]
fn a_claim_of_another_shape_is_named() {
    let stand = Stand::new();
    let session = json!({"started_at": 7});
    let jwt = token(
        &stand,
        "consumer",
        json!({"https://stytch.com/session": session}),
    );
    let error = run(stand
        .client()
        .sessions()
        .authenticate_jwt_local(&local(&jwt)))
    .unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("started_at must be a string"), "{shown}");
    assert_eq!(reason(error), ("jwt_invalid", "invalid_claim"));
}

#[test]
fn asks_the_api_where_the_token_alone_does_not_do() {
    let stand = Stand::new();
    let client = stand.client();
    let jwt = token(&stand, "consumer", json!({}));
    let request = SessionsAuthenticateJwtRequest {
        session_jwt: jwt.clone(),
        ..Default::default()
    };
    let here = run(client.sessions().authenticate_jwt(&request)).unwrap();
    assert_eq!(here.session_jwt, jwt);
    assert_eq!(stand.sent.lock().unwrap().len(), 1);

    let request = SessionsAuthenticateJwtRequest {
        max_token_age_seconds: Some(0),
        session_duration_minutes: Some(30),
        ..request
    };
    let refused = run(client.sessions().authenticate_jwt(&request)).unwrap_err();
    assert!(matches!(refused, Error::Api(error) if error.status_code == 404));
    let (_, url, body) = stand.last_sent();
    assert_eq!(url, "https://test.stytch.com/v1/sessions/authenticate");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        body,
        json!({"session_jwt": jwt, "session_duration_minutes": 30})
    );
}

#[test]
fn asks_the_policy_what_roles_allow() {
    let stand = Stand::new();
    let roles = json!([{"role_id": "editor", "permissions": [{"resource_id": "documents", "actions": ["write"]}]}]);
    stand.lever(
        "POST",
        "/_emulator/policies",
        &json!({"product": "consumer", "roles": roles}),
    );
    let session = json!({"id": "session-test-1", "roles": ["editor"]});
    let jwt = token(
        &stand,
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
        run(stand.client().sessions().authenticate_jwt_local(&request))
    };
    assert!(ask("write").is_ok());
    assert_eq!(reason(ask("read").unwrap_err()).0, "invalid_permissions");
    assert_eq!(stand.sent.lock().unwrap().len(), 2, "keys and policy");
    // After five minutes the policy is asked for again; a refusal comes as it is.
    stand.answer(401, r#"{"error_type": "unauthorized_credentials"}"#);
    *stand.now.lock().unwrap() += 299;
    assert!(ask("write").is_ok());
    *stand.now.lock().unwrap() += 1;
    let jwt = token(&stand, "consumer", json!({"exp": NOW + 900}));
    let request = SessionsAuthenticateJwtLocalRequest {
        authorization_check: Some(SessionsAuthorizationCheck::default()),
        ..local(&jwt)
    };
    let refused = run(stand.client().sessions().authenticate_jwt_local(&request));
    assert!(matches!(refused, Err(Error::Api(error)) if error.status_code == 401));
}
