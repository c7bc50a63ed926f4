//! The order of validation: if a call has two errors, the earlier one is reported.

use serde_json::{Value, json};
use stytch_emulator::{Credentials, Emulator, Request, Settings, SetupError};

use crate::stand::{SETTINGS, Stand, request};

#[test]
fn reports_the_earlier_of_two_errors() {
    let consumer = &SETTINGS.consumer;
    let with = |project_id: &str, secret: &str| Credentials {
        project_id: project_id.into(),
        secret: secret.into(),
        public_token: None,
    };
    let bad_id = with("project-test-123", "dummy");
    let bad_secret = with(&consumer.project_id, "dummy");
    let wrong_secret = with(
        &consumer.project_id,
        "secret-test-000000000000000000000000000000000000",
    );
    let unknown_project = with(
        "project-test-00000000-0000-4000-8000-000000000000",
        &consumer.secret,
    );
    // The body of every call below is not JSON. This must never be the reported error.
    let route = "POST /v1/sessions/authenticate";
    let table: [(&str, Option<&Credentials>, u16, &str); 11] = [
        ("POST /v1/nothing", None, 404, "route_not_found"),
        (
            "POST /v1/b2b/nothing",
            Some(consumer),
            404,
            "route_not_found",
        ),
        (
            "DELETE /v1/sessions/authenticate",
            None,
            405,
            "method_not_allowed",
        ),
        ("OPTIONS /v1/users", None, 405, "method_not_allowed"),
        (route, None, 400, "invalid_authorization_header"),
        (
            route,
            Some(&bad_id),
            400,
            "invalid_project_id_authentication",
        ),
        (
            route,
            Some(&bad_secret),
            400,
            "invalid_secret_authentication",
        ),
        (route, Some(&wrong_secret), 401, "unauthorized_credentials"),
        (
            route,
            Some(&unknown_project),
            401,
            "unauthorized_credentials",
        ),
        (route, Some(&SETTINGS.b2b), 400, "invalid_consumer_endpoint"),
        (
            "POST /v1/b2b/sessions/authenticate",
            Some(consumer),
            400,
            "invalid_b2b_endpoint",
        ),
    ];
    for (call, credentials, status, error_type) in table {
        let request = Request {
            body: b"not json".to_vec(),
            ..request(call, credentials, Value::Null)
        };
        Stand::new().send(request).refused(status, error_type);
    }
}

#[test]
fn requires_a_json_object_with_fields_of_the_right_types() {
    let mut stand = Stand::new();
    for body in ["not json", "[]", "\"text\"", "{\"a\":"] {
        let request = Request {
            body: body.into(),
            ..request(
                "POST /v1/sessions/authenticate",
                Some(&SETTINGS.consumer),
                Value::Null,
            )
        };
        stand.send(request).refused(400, "bad_request");
    }
    let wrong = stand.consumer(
        "POST /v1/sessions/authenticate",
        json!({ "session_token": 5 }),
    );
    wrong.refused(400, "invalid_argument");
    assert!(
        wrong.text("/error_message").contains("session_token"),
        "the message names the field"
    );
}

#[test]
fn accepts_only_basic_authorization() {
    for value in ["Bearer abc", "Basic", "Basic !!!", "Basic bm9jb2xvbg=="] {
        let mut request = request("GET /v1/debug/whoami", None, Value::Null);
        request.headers.push(("authorization".into(), value.into()));
        Stand::new()
            .send(request)
            .refused(400, "invalid_authorization_header");
    }
}

#[test]
fn an_error_has_its_keys_in_order_and_links_to_its_documentation() {
    let mut stand = Stand::new();
    let shared = stand.consumer("GET /v1/users/unknown", Value::Null);
    let keys: Vec<&String> = shared.body.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "status_code",
            "request_id",
            "error_type",
            "error_message",
            "error_url"
        ]
    );
    assert_eq!(
        shared.text("/error_url"),
        "https://stytch.com/docs/api/errors/404#user_not_found"
    );
    let b2b = stand.b2b("GET /v1/b2b/organizations/nowhere", Value::Null);
    assert_eq!(
        b2b.text("/error_url"),
        "https://stytch.com/docs/b2b/api/errors/404#organization_not_found"
    );
}

#[test]
fn whoami_accepts_only_the_two_projects() {
    let mut stand = Stand::new();
    let consumer = stand.consumer("GET /v1/debug/whoami", Value::Null).ok();
    let b2b = stand.b2b("GET /v1/debug/whoami", Value::Null).ok();
    assert_eq!(consumer.text("/project_id"), SETTINGS.consumer.project_id);
    assert_eq!(b2b.text("/project_id"), SETTINGS.b2b.project_id);
    stand
        .open("GET /v1/debug/whoami", Value::Null)
        .refused(400, "invalid_authorization_header");
}

#[test]
fn the_same_seed_and_calls_return_the_same_responses() {
    let journey = || {
        let mut stand = Stand::new();
        stand.log_in("ada@example.com").body
    };
    assert_eq!(journey(), journey());
}

#[test]
fn refuses_invalid_settings() {
    let with = |change: fn(&mut Settings)| {
        let mut settings = SETTINGS.clone();
        change(&mut settings);
        Emulator::new(settings, [0; 32]).err()
    };
    let live =
        with(|settings| settings.b2b.project_id = settings.b2b.project_id.replace("test", "live"));
    assert_eq!(live, Some(SetupError::Live { product: "B2B" }));
    assert_eq!(
        with(|settings| settings.consumer.secret.clear()),
        Some(SetupError::Secret {
            product: "consumer"
        })
    );
    assert_eq!(
        with(|settings| settings.b2b = settings.consumer.clone()),
        Some(SetupError::SameProject)
    );
}
