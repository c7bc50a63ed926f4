//! Calls of API methods with the emulator: their requests and responses.

use serde_json::{Value, json};
use stytch_edge::{
    SamlShieldClient, SamlShieldClientConfig,
    b2b::{self, Authorization},
    client::Reason,
    consumer::{
        MagicLinksAuthenticateRequest, MagicLinksEmailLoginOrCreateRequest, SearchUsersQuery,
        SearchUsersQueryOperand, UsersCreateRequest, UsersGetRequest, UsersSearchRequest,
    },
    saml_shield::SamlShieldValidateRequest,
    shared::{Locale, Operator},
};

use crate::test_platform::{TestPlatform, run};

#[test]
fn a_magic_link_logs_a_user_in() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let request = MagicLinksEmailLoginOrCreateRequest {
        email: "ada@example.com".to_owned(),
        locale: Some(Locale::PtBr),
        ..Default::default()
    };
    let sent = run(client.magic_links().email().login_or_create(&request)).unwrap();
    assert!(sent.user_created);
    let body: Value = serde_json::from_str(&platform.last_sent().2).unwrap();
    assert_eq!(body, json!({"email": "ada@example.com", "locale": "pt-br"}));

    let outbox = platform.control("GET", "/_emulator/outbox.json", &json!({}));
    let request = MagicLinksAuthenticateRequest {
        token: outbox["messages"][0]["token"].as_str().unwrap().to_owned(),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = run(client.magic_links().authenticate(&request)).unwrap();
    assert_eq!(login.user_id, sent.user_id);
    assert_eq!(login.user.emails[0].email, "ada@example.com");
    assert!(login.session.unwrap().session_id.starts_with("session-"));

    let request = UsersGetRequest {
        user_id: sent.user_id,
    };
    let user = run(client.users().get(&request)).unwrap();
    assert!(user.emails[0].verified);
    let (method, url, body) = platform.last_sent();
    let expected = format!("https://test.stytch.com/v1/users/{}", request.user_id);
    assert_eq!(
        (method, url, body),
        ("GET".to_owned(), expected, String::new())
    );
}

#[test]
fn a_magic_link_logs_a_member_in_and_the_api_authenticates_the_session() {
    let platform = TestPlatform::new();
    let client = platform.b2b_client();
    let request = b2b::OrganizationsCreateRequest {
        organization_name: "Acme".to_owned(),
        ..Default::default()
    };
    let made = run(client.organizations().create(&request)).unwrap();
    let organization_id = made.organization.organization_id;
    let request = b2b::OrganizationsMembersCreateRequest {
        organization_id: organization_id.clone(),
        email_address: "ada@example.com".to_owned(),
        ..Default::default()
    };
    run(client.organizations().members().create(&request, None)).unwrap();
    let request = b2b::MagicLinksEmailLoginOrSignupRequest {
        organization_id,
        email_address: "ada@example.com".to_owned(),
        ..Default::default()
    };
    run(client.magic_links().email().login_or_signup(&request)).unwrap();
    let outbox = platform.control("GET", "/_emulator/outbox.json", &json!({}));
    let request = b2b::MagicLinksAuthenticateRequest {
        magic_links_token: outbox["messages"][0]["token"].as_str().unwrap().to_owned(),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = run(client.magic_links().authenticate(&request)).unwrap();
    let session = login.member_session.unwrap();
    for max_token_age_seconds in [None, Some(0)] {
        let request = b2b::SessionsAuthenticateJwtRequest {
            session_jwt: login.session_jwt.clone(),
            max_token_age_seconds,
            ..Default::default()
        };
        let found = run(client.sessions().authenticate_jwt(&request)).unwrap();
        assert_eq!(
            found.member_session.member_session_id,
            session.member_session_id
        );
        assert_eq!(
            found.member_session.organization_id,
            login.organization.organization_id
        );
        assert_eq!(format!("{found:?}"), "AuthenticatedMemberSession { .. }");
    }
    let paths: Vec<String> = platform
        .sent
        .lock()
        .unwrap()
        .iter()
        .map(|sent| sent.1.clone())
        .collect();
    let requests = paths
        .iter()
        .filter(|url| url.ends_with("/sessions/authenticate"));
    assert_eq!(requests.count(), 1);
}

#[test]
fn sends_known_and_unknown_filters_of_a_search() {
    let platform = TestPlatform::new();
    let unknown = json!({"filter_name": "of_next_year", "filter_value": 7});
    let request = UsersSearchRequest {
        query: Some(SearchUsersQuery {
            operator: Operator::Or,
            operands: vec![
                SearchUsersQueryOperand::EmailAddress(vec!["ada@example.com".to_owned()]),
                SearchUsersQueryOperand::PhoneVerified(true),
                SearchUsersQueryOperand::Other(unknown.as_object().unwrap().clone()),
            ],
        }),
        limit: Some(3),
        ..Default::default()
    };
    // The result is ignored, because the emulator may not support all filters. The test is about the request.
    let _ = run(platform.client().users().search(&request));
    let body: Value = serde_json::from_str(&platform.last_sent().2).unwrap();
    let operands = json!([
        {"filter_name": "email_address", "filter_value": ["ada@example.com"]},
        {"filter_name": "phone_verified", "filter_value": true},
        unknown,
    ]);
    let expected = json!({"limit": 3, "query": {"operator": "OR", "operands": operands}});
    assert_eq!(body, expected);
}

#[test]
fn sends_the_session_of_a_member_if_an_authorization_is_passed() {
    let platform = TestPlatform::new();
    let client = platform.b2b_client();
    let request = b2b::OrganizationsCreateRequest {
        organization_name: "Acme".to_owned(),
        ..Default::default()
    };
    let organization = run(client.organizations().create(&request))
        .unwrap()
        .organization;
    let request = b2b::OrganizationsMembersCreateRequest {
        organization_id: organization.organization_id.clone(),
        email_address: "ada@example.com".to_owned(),
        ..Default::default()
    };
    let created = run(client.organizations().members().create(&request, None)).unwrap();
    assert_eq!(created.member.email_address, "ada@example.com");
    assert!(!platform.has_header("X-Stytch-Member-Session", "token"));

    let authorization = Authorization {
        session_token: Some("token".to_owned()),
        ..Default::default()
    };
    let refused = run(client
        .organizations()
        .members()
        .create(&request, Some(&authorization)));
    assert!(refused.is_err());
    assert!(platform.has_header("X-Stytch-Member-Session", "token"));
}

#[test]
fn sends_queries_and_empty_requests() {
    let platform = TestPlatform::new();
    let client = platform.b2b_client();
    platform.answer(200, "{}");
    let request = b2b::OrganizationsMembersGetRequest {
        organization_id: "o/1".to_owned(),
        email_address: Some("a+b@c.d".to_owned()),
        ..Default::default()
    };
    let _ = run(client.organizations().members().get(&request));
    let url = "https://test.stytch.com/v1/b2b/organizations/o%2F1/member?email_address=a%2Bb%40c.d";
    assert_eq!(
        platform.last_sent(),
        ("GET".to_owned(), url.to_owned(), String::new())
    );
    let _ = run(client.debug().whoami());
    let url = "https://test.stytch.com/v1/debug/whoami";
    assert_eq!(
        platform.last_sent(),
        ("GET".to_owned(), url.to_owned(), String::new())
    );
}

#[test]
fn sends_the_public_token_and_a_form_to_saml_shield() {
    let platform = TestPlatform::new();
    platform.answer(
        200,
        r#"{"request_id": "r", "valid": true, "status_code": 200}"#,
    );
    let config = SamlShieldClientConfig::new("public-token-test-1");
    let client = SamlShieldClient::on(platform.clone(), &config).unwrap();
    let request = SamlShieldValidateRequest {
        SAMLResponse: "PHg+ä".to_owned(),
    };
    let _ = run(client.saml().validate(&request));
    let url = "https://api.samlshield.com/v1/saml/validate";
    let expected = (
        "POST".to_owned(),
        url.to_owned(),
        "SAMLResponse=PHg%2B%C3%A4".to_owned(),
    );
    assert_eq!(platform.last_sent(), expected);
    assert!(platform.has_header("Authorization", "Bearer public-token-test-1"));
    assert!(!format!("{client:?} {config:?}").contains("public-token"));
}

#[test]
fn a_search_returns_all_pages() {
    let platform = TestPlatform::new();
    let client = platform.client();
    for number in 0..5 {
        let request = UsersCreateRequest {
            email: Some(format!("user{number}@example.com")),
            ..Default::default()
        };
        run(client.users().create(&request)).unwrap();
    }
    let request = UsersSearchRequest {
        limit: Some(2),
        ..Default::default()
    };
    let mut pages = client.users().search_all(&request);
    let mut found = Vec::new();
    platform.fail(Reason::Timeout);
    assert!(run(pages.next()).is_err());
    *platform.instead.lock().unwrap() = None;
    while let Some(users) = run(pages.next()).unwrap() {
        found.push(users.len());
    }
    assert_eq!(found, [2, 2, 1]);
}
