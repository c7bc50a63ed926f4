//! Verdicts of services on access tokens and their `WWW-Authenticate` headers: `idp().authenticate_request` and
//! `m2m().authenticate_request`.

use std::sync::Arc;

use serde_json::{Value, json};
use stytch_edge::{
    AppRequestOptions, Challenge, Introspection, M2mRequestOptions, ProtectedResource,
    ServiceAccess, ServiceRefusal, b2b,
    client::{Denial, Reason, Via},
    consumer,
};

use crate::{
    rights::{may, set_policy},
    test_platform::{TestPlatform, run},
};

const SERVICE: &str = "https://mcp.example.com/mcp";

type AppOptions = AppRequestOptions<consumer::SessionsAuthorizationCheck>;
type AppVerdict = Result<ServiceAccess<consumer::IntrospectTokenClaims>, ServiceRefusal>;

/// An `Authorization` header with a token of this kind for the service, with these claims in addition.
fn bearer(platform: &TestPlatform, product: &str, kind: &str, mut claims: Value) -> String {
    if claims.get("aud").is_none() {
        claims["aud"] = json!([platform.project_id(product), SERVICE]);
    }
    let request = json!({"product": product, "kind": kind, "claims": claims});
    let signed = platform.control("POST", "/_emulator/tokens", &request);
    format!("Bearer {}", signed["token"].as_str().unwrap())
}

fn for_service() -> M2mRequestOptions {
    M2mRequestOptions {
        audience: vec![SERVICE.to_owned()],
        ..Default::default()
    }
}

fn ask_app(platform: &Arc<TestPlatform>, header: &str, options: &AppOptions) -> AppVerdict {
    run(platform
        .client()
        .idp()
        .authenticate_request(Some(header), options))
    .unwrap()
}

/// The status, the reason and the challenge of a refusal.
fn refusal<Token>(
    verdict: Result<ServiceAccess<Token>, ServiceRefusal>,
) -> (u16, &'static str, Option<String>) {
    let Err(refusal) = verdict else {
        panic!("the token was accepted");
    };
    let status = refusal.http_status();
    (status, refusal.denial.parts().1.word(), refusal.challenge)
}

#[test]
fn accepts_a_connected_app_token_for_this_service() {
    let platform = TestPlatform::new();
    let claims = json!({"sub": "user-test-1", "scope": "openid read:notes"});
    let header = bearer(&platform, "consumer", "connected_app", claims);
    let options = AppOptions {
        token: M2mRequestOptions {
            required_scopes: vec!["read:notes".to_owned()],
            ..for_service()
        },
        ..Default::default()
    };
    let access = ask_app(&platform, &header, &options).unwrap();
    assert_eq!(access.via, Via::Local);
    assert_eq!(access.token.subject, "user-test-1");
    assert_eq!(header, format!("Bearer {}", access.access_token));
    assert_eq!(
        ask_app(&platform, &header, &options).unwrap().via,
        Via::Cache
    );
    assert!(!format!("{access:?}").contains(&access.access_token));
}

#[test]
fn a_refusal_has_a_challenge_with_the_requirements() {
    let platform = TestPlatform::new();
    let app = |claims| bearer(&platform, "consumer", "connected_app", claims);
    let options = AppOptions {
        token: M2mRequestOptions {
            required_scopes: vec!["read:notes".to_owned(), "openid".to_owned()],
            challenge: Challenge {
                realm: Some("the \"notes\"".to_owned()),
                resource_metadata_url: Some("https://mcp.example.com/metadata".to_owned()),
            },
            ..for_service()
        },
        ..Default::default()
    };
    let start =
        r#"Bearer realm="the \"notes\"", resource_metadata="https://mcp.example.com/metadata""#;
    let scope = r#"scope="read:notes openid""#;
    let invalid = format!(r#"{start}, error="invalid_token", {scope}"#);
    for (header, reason) in [
        (app(json!({"exp": 1})), "expired"),
        (
            app(json!({"aud": [platform.project_id("consumer")]})),
            "wrong_audience",
        ),
        ("Bearer junk\", error=\"none".to_owned(), "malformed"),
        (
            bearer(&platform, "consumer", "m2m", json!({})),
            "wrong_token_kind",
        ),
    ] {
        let expected = (401, reason, Some(invalid.clone()));
        assert_eq!(refusal(ask_app(&platform, &header, &options)), expected);
    }
    let expected = (401, "no_credentials", Some(format!("{start}, {scope}")));
    assert_eq!(
        refusal(ask_app(&platform, "Basic YTpi", &options)),
        expected
    );
    let insufficient = format!(r#"{start}, error="insufficient_scope", {scope}"#);
    let expected = (403, "missing_scopes", Some(insufficient));
    let header = app(json!({"scope": "openid"}));
    assert_eq!(refusal(ask_app(&platform, &header, &options)), expected);
    let client = platform.client();
    let bare = run(client
        .idp()
        .authenticate_request(None, &AppOptions::default()))
    .unwrap();
    let challenge = Some(r#"Bearer realm="api""#.to_owned());
    assert_eq!(refusal(bare), (401, "no_credentials", challenge));
}

#[test]
fn evaluates_the_policy_for_the_scopes_of_a_connected_app() {
    let platform = TestPlatform::new();
    set_policy(&platform, "consumer", &[]);
    set_policy(&platform, "b2b", &[]);
    let header = bearer(
        &platform,
        "consumer",
        "connected_app",
        json!({"scope": "write:documents"}),
    );
    let ask = |action| {
        let options = AppOptions {
            authorization_check: Some(may(action)),
            ..Default::default()
        };
        ask_app(&platform, &header, &options)
    };
    assert!(ask("write").is_ok());
    let insufficient = Some(r#"Bearer error="insufficient_scope""#.to_owned());
    assert_eq!(
        refusal(ask("read")),
        (403, "invalid_permissions", insufficient)
    );

    let organization = json!({"organization_id": "organization-test-1", "slug": "acme"});
    let claims =
        json!({"scope": "write:documents", "https://stytch.com/organization": organization});
    let header = bearer(&platform, "b2b", "connected_app", claims);
    let client = platform.b2b_client();
    let ask = |organization_id: &str| {
        let options = AppRequestOptions {
            authorization_check: Some(b2b::AuthorizationCheck {
                organization_id: organization_id.to_owned(),
                resource_id: "documents".to_owned(),
                action: "write".to_owned(),
            }),
            ..Default::default()
        };
        run(client.idp().authenticate_request(Some(&header), &options)).unwrap()
    };
    let access = ask("organization-test-1").unwrap();
    assert_eq!(access.token.organization.slug, "acme");
    // A token with more scopes does not make the user a member of another organization, so there is no challenge.
    let expected = (403, "tenancy_mismatch", None);
    assert_eq!(refusal(ask("organization-test-2")), expected);
}

#[test]
fn the_api_introspects_only_tokens_that_pass_the_local_check() {
    let platform = TestPlatform::new();
    let header = bearer(
        &platform,
        "consumer",
        "connected_app",
        json!({"client_id": "app-1"}),
    );
    let options = AppOptions {
        token: for_service(),
        introspect: Introspection::Always,
        ..Default::default()
    };
    let never = AppOptions {
        token: for_service(),
        ..Default::default()
    };
    ask_app(&platform, &header, &never).unwrap();
    let access = ask_app(&platform, &header, &options).unwrap();
    assert_eq!(access.via, Via::Remote);
    let (_, url, body) = platform.last_sent();
    assert!(url.ends_with("/oauth2/introspect"), "{url}");
    assert!(body.contains("client_id=app-1"), "{body}");
    let expired = bearer(&platform, "consumer", "connected_app", json!({"exp": 1}));
    let requests = platform.sent_during(|| {
        assert_eq!(refusal(ask_app(&platform, &expired, &options)).1, "expired");
        ask_app(&platform, &header, &never).unwrap();
    });
    assert_eq!(requests, Vec::<String>::new());
    let invalid = Some(r#"Bearer error="invalid_token""#.to_owned());
    for (status, body, expected) in [
        (
            200,
            r#"{"active": false}"#,
            (401, "not_active", invalid.clone()),
        ),
        (
            400,
            r#"{"error": "invalid_request"}"#,
            (401, "not_active", invalid),
        ),
        (403, r#"{"error": "x"}"#, (503, "misconfigured", None)),
        (408, r#"{"error": "x"}"#, (503, "api_unavailable", None)),
        (429, r#"{"error": "x"}"#, (503, "rate_limited", None)),
        (500, r#"{"error": "x"}"#, (503, "api_unavailable", None)),
    ] {
        platform.answer(status, body);
        let found = refusal(ask_app(&platform, &header, &options));
        assert_eq!(found, expected, "{status} {body}");
    }
}

#[test]
fn accepts_an_m2m_token_by_its_scopes_and_audience() {
    let platform = TestPlatform::new();
    for product in ["consumer", "b2b"] {
        let claims = json!({"sub": "m2m-client-test-1", "scope": "read:notes write:*"});
        let header = bearer(&platform, product, "m2m", claims);
        let ask = |options: &M2mRequestOptions| match product {
            "b2b" => {
                let client = platform.b2b_client();
                run(client.m2m().authenticate_request(Some(&header), options)).unwrap()
            }
            _ => {
                let client = platform.client();
                run(client.m2m().authenticate_request(Some(&header), options)).unwrap()
            }
        };
        let scopes = |scope: &str| M2mRequestOptions {
            required_scopes: vec![scope.to_owned()],
            ..for_service()
        };
        let access = ask(&scopes("write:a")).unwrap();
        assert_eq!(access.token.client_id, "m2m-client-test-1");
        assert_eq!(access.token.scopes, ["read:notes", "write:*"]);
        let challenge = r#"Bearer error="insufficient_scope", scope="read:users""#.to_owned();
        let expected = (403, "missing_scopes", Some(challenge));
        assert_eq!(refusal(ask(&scopes("read:users"))), expected);
        let old = M2mRequestOptions {
            max_token_age_seconds: Some(0.0),
            ..Default::default()
        };
        assert_eq!(refusal(ask(&old)).1, "too_old");
    }
}

#[test]
fn an_outage_is_unavailable_and_has_no_challenge() {
    let platform = TestPlatform::new();
    let header = bearer(&platform, "consumer", "m2m", json!({}));
    platform.fail(Reason::Timeout);
    let client = platform.client();
    let options = M2mRequestOptions::default();
    let verdict = run(client.m2m().authenticate_request(Some(&header), &options)).unwrap();
    let expected = ServiceRefusal {
        denial: Denial::Unavailable(Reason::Timeout),
        challenge: None,
    };
    assert_eq!(verdict, Err(expected));
}

#[test]
fn malformed_options_are_an_invalid_argument() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let realm = |realm: &str| M2mRequestOptions {
        challenge: Challenge {
            realm: Some(realm.to_owned()),
            ..Default::default()
        },
        ..Default::default()
    };
    let (empty, spaced) = (vec![String::new()], vec!["open id".to_owned()]);
    for (options, name) in [
        (
            M2mRequestOptions {
                audience: empty,
                ..Default::default()
            },
            "audience",
        ),
        (
            M2mRequestOptions {
                required_scopes: spaced,
                ..Default::default()
            },
            "required_scopes",
        ),
        (realm("a\nb"), "realm"),
        (realm(""), "realm"),
    ] {
        let error = run(client.m2m().authenticate_request(None, &options)).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn describes_a_service_by_its_metadata() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let service = |servers: &[&str]| ProtectedResource {
        resource: SERVICE.to_owned(),
        authorization_servers: Some(servers.iter().map(|url| (*url).to_owned()).collect()),
        scopes_supported: vec!["read:notes".to_owned()],
    };
    let made = client
        .idp()
        .protected_resource_metadata(service(&["https://login.example.com"]));
    assert_eq!(
        serde_json::to_value(made.unwrap()).unwrap(),
        json!({
            "resource": SERVICE,
            "authorization_servers": ["https://login.example.com"],
            "scopes_supported": ["read:notes"],
            "bearer_methods_supported": ["header"],
        })
    );
    for server in ["http://login.example.com", "https://test.stytch.com"] {
        let refused = client.idp().protected_resource_metadata(service(&[server]));
        let message = refused.unwrap_err().to_string();
        assert!(message.contains("authorization_servers"), "{message}");
    }
}
