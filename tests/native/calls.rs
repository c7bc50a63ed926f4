//! The requests of API methods, and a log-in that uses them.

use serde_json::{Value, json};
use stytch_edge::{
    client::{ClientError, ClientErrorCode, MemberSession, OutgoingRequest, Secret, build},
    session::Product,
};

use crate::shell::{JsonArguments, Shell, endpoint, text_of};

fn request(shell: &Shell, method: &str, path: &str, arguments: Value) -> OutgoingRequest<String> {
    try_request(shell, method, path, arguments).unwrap()
}

fn try_request(
    shell: &Shell,
    method: &str,
    path: &str,
    arguments: Value,
) -> Result<OutgoingRequest<String>, ClientError> {
    build(
        &endpoint(method, path),
        &shell.config,
        &JsonArguments(arguments),
        &MemberSession::default(),
    )
}

#[test]
fn a_request_has_the_name_of_its_method_and_its_path_without_arguments() {
    let shell = Shell::new(Product::Consumer);
    let path = "/v1/users/{user_id}";
    let read = request(&shell, "GET", path, json!({"user_id": "user-test-1"}));
    assert_eq!((read.operation, read.path_template), ("users.get", path));
    assert!(read.is_safe_to_repeat);
    let email = json!({"email": "ada@example.com"});
    let sent = request(&shell, "POST", "/v1/magic_links/email/send", email);
    assert_eq!(sent.operation, "magicLinks.email.send");
    assert!(!sent.is_safe_to_repeat);
}

#[test]
fn a_magic_link_logs_a_user_in_only_once() {
    let mut shell = Shell::new(Product::Consumer);
    let (status, _) = shell.call(
        "POST",
        "/v1/magic_links/email/login_or_create",
        json!({"email": "ada@example.com"}),
    );
    assert_eq!(status, 200);
    let outbox = shell.emulator.lock().unwrap().handle(
        &stytch_emulator::Request {
            method: "GET".into(),
            path: "/_emulator/outbox.json".into(),
            ..Default::default()
        },
        stytch_emulator::UnixSeconds(shell.now),
    );
    let outbox: Value = serde_json::from_slice(&outbox.body).unwrap();
    let link = json!({"token": outbox["messages"][0]["token"], "session_duration_minutes": 60});
    let (status, login) = shell.call("POST", "/v1/magic_links/authenticate", link.clone());
    assert_eq!(
        (status, &login["user"]["emails"][0]["email"]),
        (200, &json!("ada@example.com"))
    );
    let session = shell
        .check(login["session_jwt"].as_str().unwrap(), None)
        .unwrap();
    assert_eq!(session["user_id"], login["user_id"]);
    assert_eq!(session["session_id"], login["session"]["session_id"]);
    let (status, refused) = shell.call("POST", "/v1/magic_links/authenticate", link);
    assert_eq!(
        (status, &refused["error_type"]),
        (401, &json!("unable_to_auth_magic_link"))
    );
}

#[test]
fn writes_path_parameters_into_the_path_and_other_fields_into_body_or_query() {
    let shell = Shell::new(Product::B2b);
    let path = "/v1/b2b/organizations/{organization_id}/members";
    let arguments = json!({"organization_id": "o", "email_address": "a@b.c", "not_known_yet": [1]});
    let created = request(&shell, "POST", path, arguments);
    assert_eq!(
        created.url,
        "https://test.stytch.com/v1/b2b/organizations/o/members"
    );
    let body: Value = serde_json::from_str(&crate::shell::text_of(&created)).unwrap();
    assert_eq!(
        body,
        json!({"email_address": "a@b.c", "not_known_yet": [1]})
    );

    let path = "/v1/b2b/organizations/{organization_id}/member";
    let arguments = json!({"organization_id": "o", "email_address": "a+b @é&=?"});
    let read = request(&shell, "GET", path, arguments);
    let query = "email_address=a%2Bb+%40%C3%A9%26%3D%3F";
    assert_eq!(
        read.url,
        format!("https://test.stytch.com/v1/b2b/organizations/o/member?{query}")
    );
    assert!(read.body.is_none());
}

#[test]
fn escapes_path_parameters() {
    let shell = Shell::new(Product::Consumer);
    for (user_id, segment) in [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a b", "a%20b"),
        ("a?b#c", "a%3Fb%23c"),
        ("%2e%2e", "%252e%252e"),
        ("é", "%C3%A9"),
        ("-_.!~*'()", "-_.!~*'()"),
        ("...", "..."),
        ("\n", "%0A"),
        ("\\", "%5C"),
    ] {
        let request = request(
            &shell,
            "GET",
            "/v1/users/{user_id}",
            json!({ "user_id": user_id }),
        );
        assert_eq!(
            request.url,
            format!("https://test.stytch.com/v1/users/{segment}")
        );
    }
}

#[test]
fn rejects_path_parameters_that_would_address_another_path() {
    let shell = Shell::new(Product::Consumer);
    for arguments in [
        json!(null),
        json!({}),
        json!({"user_id": ""}),
        json!({"user_id": "."}),
        json!({"user_id": ".."}),
        json!({"user_id": "half a letter \u{fffd}"}),
        json!({"user_id": 7}),
        json!({"user_id": null}),
        json!({"user_id": ["a"]}),
    ] {
        let error =
            try_request(&shell, "DELETE", "/v1/users/{user_id}", arguments.clone()).unwrap_err();
        assert_eq!(error.code, ClientErrorCode::InvalidArgument, "{arguments}");
        assert!(
            error.message.contains("user_id"),
            "{arguments}: {}",
            error.message
        );
    }
}

#[test]
fn sends_the_secret_only_in_the_authorization_header() {
    let shell = Shell::new(Product::Consumer);
    let request = request(&shell, "POST", "/v1/users", json!({"email": "a@b.c"}));
    let authorization: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| *name == "Authorization")
        .collect();
    assert_eq!(authorization.len(), 1);
    assert!(authorization[0].1.starts_with("Basic "));
    let shown = format!("{request:?} {:?}", shell.config);
    assert!(
        !shown.contains(&authorization[0].1) && !shown.contains("secret-test-"),
        "{shown}"
    );
}

#[test]
fn sends_a_public_token_unchanged_and_rejects_invalid_header_values() {
    let with = |public_token: &str| {
        let mut shell = Shell::new(Product::Consumer);
        shell.config.issuer.project_id = String::new();
        shell.config.secret = Secret::new(public_token);
        shell.config.origin = "https://api.samlshield.com".to_owned();
        try_request(
            &shell,
            "POST",
            "/v1/saml/validate",
            json!({"SAMLResponse": "PHNhbWw+"}),
        )
    };
    let request = with("public-token-test-1").unwrap();
    assert_eq!(request.url, "https://api.samlshield.com/v1/saml/validate");
    assert_eq!(text_of(&request), "SAMLResponse=PHNhbWw%2B");
    let sent = |name: &str| request.headers.iter().find(|(header, _)| *header == name);
    assert_eq!(
        sent("Authorization").unwrap().1,
        "Bearer public-token-test-1"
    );
    assert_eq!(
        sent("Content-Type").unwrap().1,
        "application/x-www-form-urlencoded"
    );
    for public_token in ["a b", "a\r\nX: y", "é"] {
        let error = with(public_token).unwrap_err();
        assert_eq!(error.code, ClientErrorCode::InvalidArgument);
        assert!(error.message.contains("public_token") && !error.message.contains(public_token));
    }
}

#[test]
fn sends_a_members_session_only_to_operations_that_accept_it_and_rejects_invalid_header_values() {
    let shell = Shell::new(Product::B2b);
    let with = |path: &str, session_token: &str| {
        let session = MemberSession {
            session_token: Some(session_token.to_owned()),
            session_jwt: None,
        };
        let arguments = JsonArguments(json!({"organization_id": "o"}));
        build(&endpoint("POST", path), &shell.config, &arguments, &session)
    };
    let has_header = |request: OutgoingRequest<String>| {
        request
            .headers
            .iter()
            .any(|(name, _)| *name == "X-Stytch-Member-Session")
    };
    assert!(has_header(
        with("/v1/b2b/organizations/{organization_id}/members", "token").unwrap()
    ));
    assert!(!has_header(with("/v1/b2b/organizations", "token").unwrap()));
    for token in ["a b", "a\r\nX: y", "é"] {
        let error = with("/v1/b2b/organizations/{organization_id}/members", token).unwrap_err();
        assert_eq!(error.code, ClientErrorCode::InvalidArgument);
        assert!(
            error.message.contains("authorization.session_token") && !error.message.contains(token)
        );
    }
}
