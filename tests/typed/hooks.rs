//! The hooks `on_request`, `on_response` and `on_retry`, and the fields of errors about requests.

use std::sync::{Arc, Mutex};

use stytch_edge::{
    Client, ClientConfig, Error,
    client::{Reason, RequestError},
    consumer::{PasswordsAuthenticateRequest, UsersGetRequest},
};

use crate::{
    scripted::{Fault, Scripted},
    test_platform::{TestPlatform, run},
};

type Events = Arc<Mutex<Vec<String>>>;

/// Sets hooks that record their events as text. Durations are not in the text, and neither is the number of the call.
fn recorded(config: &mut ClientConfig) -> Events {
    let events = Events::default();
    let push = |events: &Events, text: String| events.lock().unwrap().push(text);
    let its = Arc::clone(&events);
    config.on_request = Some(Arc::new(move |event| {
        let text = format!(
            "request {} {} {} {} {}",
            event.operation, event.method, event.path_template, event.origin, event.attempt
        );
        push(&its, text);
    }));
    let its = Arc::clone(&events);
    config.on_response = Some(Arc::new(move |event| {
        assert!(event.duration_ms >= 0.0);
        let text = format!(
            "response {} {:?} {:?} {:?}",
            event.request.attempt, event.status_code, event.reason, event.request_id
        );
        push(&its, text);
    }));
    let its = Arc::clone(&events);
    config.on_retry = Some(Arc::new(move |event| {
        let text = format!(
            "retry {} {} {:?} {:?}",
            event.request.attempt, event.delay_ms, event.status_code, event.reason
        );
        push(&its, text);
    }));
    events
}

fn subject() -> (Arc<Scripted>, Client, Events) {
    let platform = Scripted::new(TestPlatform::new());
    let mut events = Events::default();
    let client = platform.client(|config| events = recorded(config));
    (platform, client, events)
}

fn answer(status: u16, text: &str) -> Fault {
    Fault::Answer(status, text.to_owned(), None)
}

fn user() -> UsersGetRequest {
    UsersGetRequest {
        user_id: "hush".to_owned(),
    }
}

#[test]
fn each_attempt_calls_the_hooks() {
    let (platform, client, events) = subject();
    *platform.random.lock().unwrap() = 0.05;
    let refusal = r#"{"error_type": "user_not_found", "request_id": "request-id-test-1"}"#;
    platform.script([
        answer(503, "hush"),
        Fault::Failure(Reason::ConnectionReset),
        answer(404, refusal),
    ]);
    run(client.users().get(&user())).unwrap_err();
    let request = "request users.get GET /v1/users/{user_id} https://test.stytch.com";
    let expected = [
        format!("{request} 1"),
        "response 1 Some(503) None None".to_owned(),
        "retry 1 10 Some(503) None".to_owned(),
        format!("{request} 2"),
        "response 2 None Some(ConnectionReset) None".to_owned(),
        "retry 2 20 None Some(ConnectionReset)".to_owned(),
        format!("{request} 3"),
        r#"response 3 Some(404) None Some("request-id-test-1")"#.to_owned(),
    ];
    assert_eq!(*events.lock().unwrap(), expected);
}

#[test]
fn events_contain_neither_values_of_requests_nor_of_responses() {
    let (platform, client, events) = subject();
    let texts = ["hush", "[\"hush\"]", r#"{"user_id": "hush"}"#];
    platform.script(texts.map(|text| answer(200, text)));
    let request = PasswordsAuthenticateRequest {
        email: "hush@example.com".to_owned(),
        password: "hush".to_owned(),
        ..Default::default()
    };
    run(client.users().get(&user())).unwrap_err();
    run(client.passwords().authenticate(&request)).unwrap_err();
    run(client.passwords().authenticate(&request)).unwrap_err();
    let events = events.lock().unwrap();
    assert_eq!(events.len(), 6);
    assert!(!format!("{events:?}").contains("hush"), "{events:?}");
}

#[test]
fn a_hook_may_call_the_client() {
    let platform = Scripted::new(TestPlatform::new());
    let other = platform.client(|_| {});
    let depth = Mutex::new(0);
    let client = platform.client(|config| {
        config.on_request = Some(Arc::new(move |_| {
            *depth.lock().unwrap() += 1;
            run(other.users().get(&user())).unwrap_err();
        }));
    });
    run(client.users().get(&user())).unwrap_err();
    assert_eq!(platform.sent(), 2);
}

fn request_error(client: &Client) -> RequestError {
    match run(client.users().get(&user())) {
        Err(Error::Request(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_error_has_the_number_of_attempts() {
    for (faults, attempts) in [
        (vec![answer(502, "<html>"); 3], 3),
        (vec![Fault::Failure(Reason::Dns); 3], 3),
        (vec![answer(503, ""), answer(200, "")], 2),
        (vec![answer(200, "")], 1),
        (vec![Fault::Failure(Reason::Tls)], 1),
    ] {
        let (platform, client, _) = subject();
        platform.script(faults);
        assert_eq!(request_error(&client).attempts, attempts);
    }
}

#[test]
fn a_request_error_has_the_status_and_retry_after_of_its_response() {
    for (status, retry_after, text) in [
        (500, None, "<html>"),
        (503, Some(7), "<html>"),
        (429, Some(60), "<html>"),
        (200, None, "<html>"),
        (200, None, "{}"),
    ] {
        let (platform, client, _) = subject();
        platform.script([Fault::Answer(status, text.to_owned(), retry_after)]);
        let error = request_error(&client);
        let found = (error.status_code, error.retry_after);
        assert_eq!(found, (Some(status), retry_after), "{error}");
    }
}

#[test]
fn a_request_error_has_the_request_id_of_its_response() {
    let (platform, client, _) = subject();
    let text = r#"{"request_id": "request-id-test-1", "user_id": 7}"#;
    platform.script([answer(200, text)]);
    let error = request_error(&client);
    assert_eq!(error.request_id.as_deref(), Some("request-id-test-1"));
}
