//! Access tokens of M2M clients and of Connected Apps.

use serde_json::json;
use stytch_edge::{
    Error, IntrospectTokenOptions,
    client::ClientErrorCode,
    consumer::IntrospectTokenRequest,
    shared::{AuthenticateTokenRequest, M2MClientsCreateRequest, TokenRequest},
};

use crate::{
    checks::{reason, token},
    test_platform::{NOW, TestPlatform, run},
};

#[test]
fn issues_and_checks_an_m2m_token() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let request = M2MClientsCreateRequest {
        scopes: vec!["read:users".to_owned(), "write:users".to_owned()],
        ..Default::default()
    };
    let made = run(client.m2m().clients().create(&request))
        .unwrap()
        .m2m_client;
    let request = TokenRequest {
        client_id: made.client_id.clone(),
        client_secret: made.client_secret.clone(),
        scopes: Some(vec!["read:users".to_owned()]),
    };
    let token = run(client.m2m().token(&request)).unwrap();
    let (_, url, body) = platform.last_sent();
    assert!(
        url.contains("/v1/public/project-test-") && url.ends_with("/oauth2/token"),
        "{url}"
    );
    assert!(
        body.contains("scope=read%3Ausers") && body.contains("grant_type=client_credentials"),
        "{body}"
    );

    let request = |scope: &str| AuthenticateTokenRequest {
        access_token: token.access_token.clone(),
        required_scopes: Some(vec![scope.to_owned()]),
        ..Default::default()
    };
    let machine = run(client.m2m().authenticate_token(&request("read:users"))).unwrap();
    assert_eq!(machine.client_id, made.client_id);
    assert_eq!(machine.scopes, ["read:users"]);
    let refused = run(client.m2m().authenticate_token(&request("write:users"))).unwrap_err();
    assert_eq!(reason(refused), ("missing_scopes", "missing_scopes"));
    let (read, write) = (request("read:users"), request("write:users"));
    let never = run(client.m2m().authenticate_token_by(&read, |_, _| false)).unwrap_err();
    assert_eq!(reason(never).0, "missing_scopes");
    let held = ["read:users".to_owned()];
    let is_enough = |scopes: &[String], _: &[String]| scopes == held;
    assert!(run(client.m2m().authenticate_token_by(&write, is_enough)).is_ok());
}

#[test]
fn checks_the_token_of_a_connected_app() {
    let platform = TestPlatform::new();
    let claims = json!({
        "https://stytch.com/session": null, "sub": "user-test-1", "client_id": "connected-app-test-1",
        "scope": "openid", "nbf": NOW - 1, "jti": "j",
    });
    let jwt = token(&platform, "consumer", claims);
    let client = platform.client();
    let options = IntrospectTokenOptions::default();
    let app = run(client.idp().introspect_token_local(&jwt, &options)).unwrap();
    assert_eq!(
        (app.subject.as_str(), app.scope.as_str()),
        ("user-test-1", "openid")
    );
    let options = IntrospectTokenOptions {
        current_date: Some(NOW as f64 - 1e6),
        ..options
    };
    let error = run(client.idp().introspect_token_local(&jwt, &options)).unwrap_err();
    assert_eq!(reason(error).1, "not_yet_valid");

    let request = IntrospectTokenRequest {
        token: jwt,
        client_id: "connected-app-test-1".to_owned(),
        client_secret: Some(String::new()),
        ..Default::default()
    };
    let active = json!({
        "active": true, "token_type": "access_token", "sub": "user-test-2", "scope": "openid", "aud": ["p"],
        "exp": 2, "iat": 1, "nbf": 1, "iss": "i", "client_id": "c", "request_id": "r", "status_code": 200,
    });
    platform.answer(200, &active.to_string());
    let app = run(client.idp().introspect_token_network(&request, None)).unwrap();
    assert_eq!(
        (app.subject.as_str(), app.audience.as_slice()),
        ("user-test-2", &["p".to_owned()][..])
    );
    assert!(!platform.last_sent().2.contains("client_secret"));
    for (status, body, expected) in [
        (200, r#"{"active": false}"#, true),
        (400, r#"{"error": "invalid_request"}"#, true),
        (408, r#"{"error": "timeout"}"#, false),
        (429, r#"{"error": "slow_down"}"#, false),
        (500, r#"{"error": "server_error"}"#, false),
    ] {
        platform.answer(status, body);
        let error = run(client.idp().introspect_token_network(&request, None)).unwrap_err();
        let is_token_invalid =
            matches!(&error, Error::Client(error) if error.code == ClientErrorCode::TokenInvalid);
        assert_eq!(is_token_invalid, expected, "{error}");
    }
}
