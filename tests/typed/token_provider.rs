//! `m2m().token_provider`: an M2M access token that several callers share, and that is renewed before it expires.

use std::sync::Arc;

use serde_json::json;
use stytch_edge::{
    Error, ForgetToken, TokenProvider,
    client::Reason,
    shared::{AuthenticateTokenRequest, M2MClientsCreateRequest, TokenProviderRequest},
};

use crate::test_platform::{TestPlatform, run};

const SECRET: &str = "a-secret-that-is-not-shown";

fn credentials() -> TokenProviderRequest {
    TokenProviderRequest {
        client_id: "m2m-client-test-1".to_owned(),
        client_secret: SECRET.to_owned(),
        ..Default::default()
    }
}

fn provider(platform: &Arc<TestPlatform>, request: &TokenProviderRequest) -> TokenProvider {
    platform.client().m2m().token_provider(request).unwrap()
}

/// Makes the API issue this token.
fn issue(platform: &TestPlatform, access_token: &str, expires_in: f64) {
    let body =
        json!({"access_token": access_token, "token_type": "bearer", "expires_in": expires_in});
    platform.answer(200, &body.to_string());
}

#[test]
fn a_token_is_cached_and_valid_for_its_scopes() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let request = M2MClientsCreateRequest {
        scopes: vec!["read:users".to_owned(), "write:users".to_owned()],
        ..Default::default()
    };
    let made = run(client.m2m().clients().create(&request)).unwrap();
    let source = TokenProviderRequest {
        client_id: made.m2m_client.client_id,
        client_secret: made.m2m_client.client_secret,
        scopes: Some(vec!["read:users".to_owned()]),
        ..Default::default()
    };
    let requests = platform.sent_during(|| {
        let access_token = run(provider(&platform, &source).token()).unwrap();
        // A new provider with the same credentials returns the same token.
        assert_eq!(
            run(provider(&platform, &source).token()).unwrap(),
            access_token
        );
        let request = AuthenticateTokenRequest {
            access_token,
            ..Default::default()
        };
        let machine = run(client.m2m().authenticate_token(&request)).unwrap();
        assert_eq!(machine.scopes, ["read:users"]);
    });
    let issued = requests
        .iter()
        .filter(|path| path.ends_with("/oauth2/token"));
    assert_eq!(issued.count(), 1, "{requests:?}");
}

#[test]
fn a_token_is_renewed_refresh_ahead_seconds_before_it_expires() {
    for (refresh_ahead_seconds, expires_in, last) in [
        (None, 3_600, 3_539),
        (Some(600.0), 3_600, 2_999),
        (Some(60.0), 20, 9),
    ] {
        let platform = TestPlatform::new();
        let source = TokenProviderRequest {
            refresh_ahead_seconds,
            ..credentials()
        };
        let provider = provider(&platform, &source);
        issue(&platform, "first", f64::from(expires_in));
        assert_eq!(run(provider.token()).unwrap(), "first");
        issue(&platform, "second", f64::from(expires_in));
        platform.pass(last);
        assert_eq!(run(provider.token()).unwrap(), "first");
        platform.pass(1);
        assert_eq!(run(provider.token()).unwrap(), "second");
    }
}

#[test]
fn tokens_are_cached_by_credentials_scopes_and_isolation() {
    let platform = TestPlatform::new();
    let token = |source: &TokenProviderRequest| run(provider(&platform, source).token()).unwrap();
    issue(&platform, "first", 3_600.0);
    assert_eq!(token(&credentials()), "first");
    issue(&platform, "second", 3_600.0);
    let scoped = TokenProviderRequest {
        scopes: Some(vec!["read:a".to_owned()]),
        ..credentials()
    };
    assert_eq!(token(&scoped), "second");
    assert!(platform.last_sent().2.contains("scope=read%3Aa"));
    let other_secret = TokenProviderRequest {
        client_secret: "another".to_owned(),
        ..credentials()
    };
    assert_eq!(token(&other_secret), "second");
    let isolated = platform.client_with(|config| config.isolated = true);
    let own = isolated.m2m().token_provider(&credentials()).unwrap();
    assert_eq!(run(own.token()).unwrap(), "second");
    assert_eq!(token(&credentials()), "first");
    platform.client().reset();
    assert_eq!(token(&credentials()), "second");
}

#[test]
fn the_cached_token_is_returned_while_it_is_valid_and_a_new_token_is_unavailable() {
    let platform = TestPlatform::new();
    let provider = provider(&platform, &credentials());
    issue(&platform, "first", 3_600.0);
    run(provider.token()).unwrap();
    platform.pass(3_550);
    platform.answer(500, r#"{"error": "server_error"}"#);
    let failing = platform.sent_during(|| {
        assert_eq!(run(provider.token()).unwrap(), "first");
        assert_eq!(run(provider.token()).unwrap(), "first");
        platform.pass(9);
        assert_eq!(run(provider.token()).unwrap(), "first");
    });
    assert_eq!(
        failing.len(),
        1,
        "the next request is sent after 10 seconds"
    );
    platform.pass(1);
    let again = platform.sent_during(|| drop(run(provider.token())));
    assert_eq!(again.len(), 1);
    platform.pass(40);
    let error = run(provider.token()).unwrap_err();
    assert!(
        matches!(error, Error::Api(error) if error.error_type.as_deref() == Some("server_error"))
    );
    issue(&platform, "second", 3_600.0);
    assert_eq!(run(provider.token()).unwrap(), "second");
}

#[test]
fn a_forgotten_token_is_not_returned() {
    let platform = TestPlatform::new();
    let provider = provider(&platform, &credentials());
    issue(&platform, "first", 3_600.0);
    run(provider.token()).unwrap();
    issue(&platform, "second", 3_600.0);
    provider.forget(ForgetToken::Exactly("another"));
    assert_eq!(run(provider.token()).unwrap(), "first");
    provider.forget(ForgetToken::Exactly("first"));
    assert_eq!(run(provider.token()).unwrap(), "second");
    provider.forget(ForgetToken::Exactly("first"));
    provider.forget(ForgetToken::Any);
    platform.fail(Reason::Timeout);
    let error = run(provider.token()).unwrap_err();
    assert!(matches!(error, Error::Request(error) if error.reason == Reason::Timeout));
}

#[test]
fn failures_and_invalid_credentials_are_errors_without_the_secret() {
    let platform = TestPlatform::new();
    let provider = provider(&platform, &credentials());
    for (status, body, is_refusal) in [
        (401, r#"{"error": "invalid_client"}"#, true),
        (200, "<html>", false),
        (200, r#"{"expires_in": 3600}"#, false),
        (200, r#"{"access_token": {"a": 1}}"#, false),
    ] {
        platform.answer(status, body);
        let error = run(provider.token()).unwrap_err();
        assert_eq!(matches!(error, Error::Api(_)), is_refusal, "{error}");
        assert!(!format!("{error} {error:?}").contains(SECRET));
    }
    assert!(!format!("{provider:?} {:?}", credentials()).contains(SECRET));
    let client = platform.client();
    for (wrong, name) in [
        (
            TokenProviderRequest {
                client_id: String::new(),
                ..credentials()
            },
            "client_id",
        ),
        (
            TokenProviderRequest {
                client_secret: String::new(),
                ..credentials()
            },
            "client_secret",
        ),
        (
            TokenProviderRequest {
                refresh_ahead_seconds: Some(-1.0),
                ..credentials()
            },
            "refresh_ahead_seconds",
        ),
    ] {
        let error = client.m2m().token_provider(&wrong).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(name) && !shown.contains(SECRET), "{shown}");
    }
}
