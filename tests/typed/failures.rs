//! How calls fail, and what their errors show.

use stytch_edge::{
    Error,
    b2b::{Authorization, OrganizationsUpdateRequest},
    client::{ClientErrorCode, Reason},
    consumer::{PasswordsAuthenticateRequest, UsersDeleteRequest, UsersGetRequest},
};

use crate::stand::{Stand, run};

#[test]
fn a_refusal_is_the_apis_own_error() {
    let stand = Stand::new();
    let request = UsersGetRequest {
        user_id: "user-test-nobody".to_owned(),
    };
    let error = run(stand.client().users().get(&request)).unwrap_err();
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
    let stand = Stand::new();
    stand.answer(401, r#"{"error": "invalid_client", "error_description": "no", "error_uri": "https://a.b", "error_details": {"x": 1}}"#);
    let request = UsersGetRequest {
        user_id: "u".to_owned(),
    };
    let Err(Error::Api(error)) = run(stand.client().users().get(&request)) else {
        panic!("it was accepted");
    };
    assert_eq!(error.error_type.as_deref(), Some("invalid_client"));
    assert_eq!(error.error_message.as_deref(), Some("no"));
    assert_eq!(error.error_url.as_deref(), Some("https://a.b"));
    assert_eq!(error.error_details.unwrap()["x"], 1);
    assert_eq!(error.status_code, 401);
}

#[test]
fn a_missing_path_parameter_is_named_before_anything_is_sent() {
    let stand = Stand::new();
    let error = run(stand
        .client()
        .users()
        .delete(&UsersDeleteRequest::default()))
    .unwrap_err();
    let Error::Client(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
    assert!(error.message.contains("user_id"), "{}", error.message);
    assert!(stand.sent.lock().unwrap().is_empty());
}

#[test]
fn an_answer_of_another_shape_is_an_error_that_names_the_field() {
    let stand = Stand::new();
    let client = stand.client();
    let request = UsersGetRequest {
        user_id: "u".to_owned(),
    };
    for (body, place) in [
        ("{}", "request_id must be there"),
        ("[]", "the body must be an object"),
        (r#"{"request_id": 7}"#, "request_id must be a string"),
        (
            r#"{"request_id": "", "user_id": "", "emails": [{"email_id": "", "email": "hush", "verified": true}, {"email_id": "", "email": ["hush"]}]}"#,
            "emails[1].email must be a string",
        ),
    ] {
        stand.answer(200, body);
        let error = run(client.users().get(&request)).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(matches!(&error, Error::Request(error) if error.reason == Reason::ApiUnavailable));
        assert!(
            shown.contains(place) && shown.contains("GET https://test.stytch.com/v1/users/u"),
            "{shown}"
        );
        assert!(!shown.contains("hush"), "{shown}");
    }
}

#[test]
fn what_is_no_answer_of_the_api_is_a_request_error() {
    let stand = Stand::new();
    let client = stand.client();
    let request = UsersGetRequest {
        user_id: "u".to_owned(),
    };
    for (status, body, says) in [
        (200, "hush", "status 200 and a body that is not JSON"),
        (502, "<html>hush", "status 502 and a body that is not JSON"),
        (
            500,
            "\"hush\"",
            "status 500 and a body that is not an error of the API",
        ),
        (307, "{}", "redirect"),
    ] {
        stand.answer(status, body);
        let error = run(client.users().get(&request)).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            matches!(error, Error::Request(_)) && shown.contains(says),
            "{shown}"
        );
        assert!(!shown.contains("hush"), "{shown}");
    }
    stand.fail(Reason::Timeout);
    let error = run(client.users().get(&request)).unwrap_err();
    assert!(matches!(error, Error::Request(error) if error.reason == Reason::Timeout));
}

#[test]
fn an_authorization_that_names_no_session_is_refused() {
    let stand = Stand::new();
    let request = OrganizationsUpdateRequest {
        organization_id: "o".to_owned(),
        ..Default::default()
    };
    let nobody = Authorization {
        session_token: Some(String::new()),
        ..Default::default()
    };
    let client = stand.b2b_client();
    let error = run(client.organizations().update(&request, Some(&nobody))).unwrap_err();
    assert!(
        matches!(&error, Error::Client(error) if error.message.contains("authorization")),
        "{error}"
    );
    assert!(stand.sent.lock().unwrap().is_empty());
}

#[test]
fn debug_shows_neither_requests_nor_answers_nor_secrets() {
    let stand = Stand::new();
    let request = PasswordsAuthenticateRequest {
        email: "hush@example.com".to_owned(),
        password: "hush".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        format!("{request:?}"),
        "PasswordsAuthenticateRequest { .. }"
    );
    let shown = format!("{:?} {:?}", stand.client(), stand.b2b_client());
    assert!(
        shown.contains("project-test-") && !shown.contains("secret-test-"),
        "{shown}"
    );
}
