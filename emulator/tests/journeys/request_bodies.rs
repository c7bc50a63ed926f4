//! The bodies in the request log: masked, limited in size and number.

use serde_json::{Value, json};
use stytch_emulator::Request;

use crate::stand::{SETTINGS, Stand, request};

fn log(stand: &mut Stand) -> Vec<Value> {
    let log = stand.open("GET /_emulator/requests.json", Value::Null).ok();
    log.body["requests"].as_array().unwrap().clone()
}

fn post(stand: &mut Stand, body: impl Into<Vec<u8>>) {
    let empty = request("POST /v1/users", Some(&SETTINGS.consumer), Value::Null);
    stand.send(Request {
        body: body.into(),
        ..empty
    });
}

#[test]
fn a_masked_token_has_the_fingerprint_of_the_session() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    let body = json!({ "session_token": token, "session_duration_minutes": 60 });
    stand.consumer("POST /v1/sessions/authenticate", body).ok();
    let entry = log(&mut stand).pop().unwrap();
    let fingerprint = entry["session"]
        .as_str()
        .unwrap()
        .replace("session_token ", "");
    let masked = json!({ "session_token": format!("[masked {fingerprint}]"), "session_duration_minutes": 60 });
    assert_eq!(entry["request_body"], masked);
    assert_eq!(
        entry["response_body"]["session_token"],
        masked["session_token"]
    );
    assert_eq!(entry["response_body"]["status_code"], 200);
    assert_eq!(
        entry["response_body"]["user"]["emails"][0]["email"],
        "ada@example.com"
    );
}

#[test]
fn a_form_is_logged_as_an_object_and_other_bodies_as_a_description() {
    let mut stand = Stand::new();
    let path = format!("/v1/public/{}/oauth2/token", SETTINGS.consumer.project_id);
    stand.form(
        &path,
        &[
            ("client_id", "m2m-client"),
            ("client_secret", "hidden in a form"),
        ],
    );
    post(&mut stand, "{ \"password\": \"hidden");
    post(&mut stand, [0xff, 0xfe]);
    post(&mut stand, "");
    post(
        &mut stand,
        json!({ "email": "ä".repeat(70_000) }).to_string(),
    );
    post(&mut stand, json!({ "email": "ä".repeat(6000) }).to_string());
    post(&mut stand, "[".repeat(500));
    let bodies: Vec<Value> = log(&mut stand)
        .iter()
        .map(|entry| entry["request_body"].clone())
        .collect();
    assert_eq!(
        bodies[0],
        json!({ "client_id": "m2m-client", "client_secret": "[masked]" })
    );
    assert_eq!(bodies[1], "(21 bytes that are not JSON)");
    assert_eq!(bodies[2], "(2 bytes that are not JSON)");
    assert_eq!(bodies[3], Value::Null);
    assert_eq!(bodies[4], "(140012 bytes)");
    let cut = bodies[5].as_str().unwrap();
    assert!(cut.ends_with("ä… (12012 bytes)") && cut.len() < 8300);
    assert_eq!(bodies[6], "(500 bytes that are not JSON)");
}

#[test]
fn the_last_200_calls_have_bodies() {
    let mut stand = Stand::new();
    for _ in 0..203 {
        post(&mut stand, "{}");
    }
    let log = log(&mut stand);
    assert_eq!(log.len(), 203);
    let first = log
        .iter()
        .position(|entry| entry.get("request_body").is_some());
    assert_eq!(first, Some(3));
    assert!(
        log[3..]
            .iter()
            .all(|entry| entry["response_body"].is_object())
    );
}

#[test]
fn a_response_that_does_not_arrive_has_no_body() {
    let mut stand = Stand::new();
    let fault = json!({ "path_prefix": "/v1/users", "kind": "close", "times": 1 });
    stand.open("POST /_emulator/faults", fault).ok();
    post(&mut stand, "{}");
    let large = json!({ "path_prefix": "/v1/users", "kind": "large_body", "bytes": 1_000_000 });
    stand.open("POST /_emulator/faults", large).ok();
    post(&mut stand, "{}");
    let log = log(&mut stand);
    assert_eq!(log[0]["request_body"], json!({}));
    assert!(log[0].get("response_body").is_none());
    assert_eq!(log[1]["response_body"]["status_code"], 400);
}

#[test]
fn a_json_body_with_the_content_type_of_a_form_is_masked() {
    let mut stand = Stand::new();
    for body in [
        r#"{"password":"hunter2-hunter2"}"#,
        r#"{"password":"hunter2-hunter2""#,
    ] {
        stand.send(stytch_emulator::Request {
            method: "POST".into(),
            path: "/v1/passwords/authenticate".into(),
            headers: vec![(
                "content-type".into(),
                "application/x-www-form-urlencoded".into(),
            )],
            body: body.into(),
            ..stytch_emulator::Request::default()
        });
    }
    let log = stand
        .open("GET /_emulator/requests.json", serde_json::Value::Null)
        .ok()
        .body;
    assert!(!log.to_string().contains("hunter2"), "{log}");
}
