//! The errors of calls, and the text of the errors.

use stytch_edge::{
    Error,
    b2b::{Authorization, OrganizationsUpdateRequest},
    client::{ClientErrorCode, Reason},
    consumer::{PasswordsAuthenticateRequest, UsersDeleteRequest, UsersGetRequest},
};

use crate::test_platform::{TestPlatform, run};

#[test]
fn a_refusal_is_an_api_error() {
    let platform = TestPlatform::new();
    let request = UsersGetRequest {
        user_id: "user-test-unknown".to_owned(),
    };
    let error = run(platform.client().users().get(&request)).unwrap_err();
    let Error::Api(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.status_code, 404);
    assert_eq!(error.error_type.as_deref(), Some("user_not_found"));
    let request_id = error.request_id.clone().unwrap();
    let shown = error.to_string();
    assert!(
        shown.starts_with("404 user_not_found: ") && shown.ends_with(&format!("({request_id})")),
        "{shown}"
    );
}

#[test]
fn an_oauth2_refusal_has_the_same_fields() {
    let platform = TestPlatform::new();
    platform.answer(401, r#"{"error": "invalid_client", "error_description": "no", "error_uri": "https://a.b", "error_details": {"x": 1}}"#);
    let request = UsersGetRequest {
        user_id: "u".to_owned(),
    };
    let Err(Error::Api(error)) = run(platform.client().users().get(&request)) else {
        panic!("the request was accepted");
    };
    assert_eq!(error.error_type.as_deref(), Some("invalid_client"));
    assert_eq!(error.error_message.as_deref(), Some("no"));
    assert_eq!(error.error_url.as_deref(), Some("https://a.b"));
    assert_eq!(error.error_details.unwrap()["x"], 1);
    assert_eq!(error.status_code, 401);
}

#[test]
fn a_missing_path_parameter_is_named_before_anything_is_sent() {
    let platform = TestPlatform::new();
    let error = run(platform
        .client()
        .users()
        .delete(&UsersDeleteRequest::default()))
    .unwrap_err();
    let Error::Client(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
    assert!(error.message.contains("user_id"), "{}", error.message);
    assert!(platform.sent.lock().unwrap().is_empty());
}

#[test]
fn a_body_of_another_type_is_a_request_error_that_names_the_field() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let request = UsersGetRequest {
        user_id: "u".to_owned(),
    };
    for (body, message) in [
        ("{}", "request_id must be present"),
        ("[]", "the body must be an object"),
        (r#"{"request_id": 7}"#, "request_id must be a string"),
        (
            r#"{"request_id": "", "user_id": "", "emails": [{"email_id": "", "email": "hush", "verified": true}, {"email_id": "", "email": ["hush"]}]}"#,
            "emails[1].email must be a string",
        ),
    ] {
        platform.answer(200, body);
        let error = run(client.users().get(&request)).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(matches!(&error, Error::Request(error) if error.reason == Reason::ApiUnavailable));
        assert!(
            shown.contains(message) && shown.contains("GET https://test.stytch.com/v1/users/u"),
            "{shown}"
        );
        assert!(!shown.contains("hush"), "{shown}");
    }
}

#[test]
fn an_unusable_response_is_a_request_error() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let request = UsersGetRequest {
        user_id: "u".to_owned(),
    };
    for (status, body, message) in [
        (200, "hush", "status 200 and a body that is not JSON"),
        (502, "<html>hush", "status 502 and a body that is not JSON"),
        (
            500,
            "\"hush\"",
            "status 500 and a body that is not an error of the API",
        ),
        (307, "{}", "redirect"),
    ] {
        platform.answer(status, body);
        let error = run(client.users().get(&request)).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            matches!(error, Error::Request(_)) && shown.contains(message),
            "{shown}"
        );
        assert!(!shown.contains("hush"), "{shown}");
    }
    platform.fail(Reason::Timeout);
    let error = run(client.users().get(&request)).unwrap_err();
    assert!(matches!(error, Error::Request(error) if error.reason == Reason::Timeout));
}

#[test]
fn an_authorization_without_a_session_is_an_invalid_argument() {
    let platform = TestPlatform::new();
    let request = OrganizationsUpdateRequest {
        organization_id: "o".to_owned(),
        ..Default::default()
    };
    let without_session = Authorization {
        session_token: Some(String::new()),
        ..Default::default()
    };
    let client = platform.b2b_client();
    let error = run(client
        .organizations()
        .update(&request, Some(&without_session)))
    .unwrap_err();
    assert!(
        matches!(&error, Error::Client(error) if error.message.contains("authorization")),
        "{error}"
    );
    assert!(platform.sent.lock().unwrap().is_empty());
}

#[test]
fn debug_output_does_not_contain_requests_or_secrets() {
    let platform = TestPlatform::new();
    let request = PasswordsAuthenticateRequest {
        email: "hush@example.com".to_owned(),
        password: "hush".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        format!("{request:?}"),
        "PasswordsAuthenticateRequest { .. }"
    );
    let shown = format!("{:?} {:?}", platform.client(), platform.b2b_client());
    assert!(
        shown.contains("project-test-") && !shown.contains("secret-test-"),
        "{shown}"
    );
}
