//! The control routes: the request log, the clock, the faults and the outbox page.

use serde_json::{Value, json};
use stytch_emulator::{Delivery, Response};

use crate::stand::{SETTINGS, Stand, request};

const FAULTS: &str = "POST /_emulator/faults";

fn whoami(stand: &mut Stand) -> Response {
    stand.emulator.handle(
        &request(
            "GET /v1/debug/whoami?a=secret",
            Some(&SETTINGS.consumer),
            Value::Null,
        ),
        stand.now,
    )
}

#[test]
fn the_request_log_contains_every_call_and_no_secret() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    whoami(&mut stand);
    stand.open("GET /v1/nothing", Value::Null);
    let log = stand
        .open("GET /_emulator/requests.json", Value::Null)
        .ok()
        .body;
    let expected = [
        (
            "POST",
            "/v1/magic_links/email/login_or_create",
            200,
            "basic",
        ),
        ("POST", "/v1/magic_links/authenticate", 200, "basic"),
        ("GET", "/v1/debug/whoami", 200, "basic"),
        ("GET", "/v1/nothing", 404, "none"),
    ];
    for (entry, (number, (method, path, status, credentials))) in log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .zip((1..).zip(expected))
    {
        let wanted = json!({ "number": number, "method": method, "path": path, "status": status, "credentials": credentials, "user_agent": "" });
        assert_eq!(entry, &wanted);
    }
    assert_eq!(log["requests"].as_array().unwrap().len(), expected.len());
    let text = log.to_string();
    assert!(!text.contains("secret") && !text.contains(&session.text("/session_token")));
    let rest = stand
        .open("GET /_emulator/requests.json?after=3", Value::Null)
        .ok()
        .body;
    assert_eq!(rest["requests"].as_array().unwrap().len(), 1);
}

#[test]
fn the_clock_moves_forward_only() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    let moved = stand
        .open("POST /_emulator/clock", json!({ "advance_seconds": 3600 }))
        .ok();
    assert_eq!(moved.text("/now"), stand.now.plus_seconds(3600).rfc3339());
    let check = json!({ "session_token": token });
    stand
        .consumer("POST /v1/sessions/authenticate", check)
        .refused(404, "session_not_found");
    for wrong in [json!(-1), json!("an hour"), Value::Null] {
        assert_eq!(
            stand
                .open("POST /_emulator/clock", json!({ "advance_seconds": wrong }))
                .status,
            400
        );
    }
}

#[test]
fn each_fault_has_its_own_response_and_changes_no_state() {
    let table = [
        (json!({ "kind": "hang" }), 200, Delivery::Hangs, 0),
        (json!({ "kind": "close" }), 200, Delivery::Closes, 0),
        (
            json!({ "kind": "hang_body" }),
            200,
            Delivery::BodyHangs,
            200,
        ),
        (json!({ "kind": "garbage" }), 200, Delivery::Whole, 200),
        (
            json!({ "kind": "slow", "delay_ms": 50 }),
            200,
            Delivery::Late(50),
            200,
        ),
        (
            json!({ "kind": "redirect", "location": "/v1/users" }),
            307,
            Delivery::Whole,
            307,
        ),
        (json!({ "kind": "status" }), 503, Delivery::Whole, 503),
        (
            json!({ "kind": "status", "status": 429 }),
            429,
            Delivery::Whole,
            429,
        ),
    ];
    for (mut fault, status, delivery, logged) in table {
        let mut stand = Stand::new();
        fault["path_prefix"] = json!("/v1/debug");
        stand.open(FAULTS, fault.clone()).ok();
        let response = whoami(&mut stand);
        assert_eq!(
            (response.status, response.delivery),
            (status, delivery),
            "{fault}"
        );
        if status == 307 {
            assert!(
                response
                    .headers
                    .contains(&("location".into(), "/v1/users".into()))
            );
        }
        if status >= 400 {
            let body: Value = serde_json::from_slice(&response.body).unwrap();
            assert_eq!(body["status_code"], status);
            assert!(body["error_type"].is_string());
        }
        if fault["kind"] == "garbage" {
            assert!(serde_json::from_slice::<Value>(&response.body).is_err());
        }
        let log = stand
            .open("GET /_emulator/requests.json", Value::Null)
            .ok()
            .body;
        assert_eq!(log["requests"][0]["status"], logged);
        stand.consumer("POST /v1/users/search", json!({})).ok();
        stand.open("DELETE /_emulator/faults", Value::Null).ok();
        assert_eq!(whoami(&mut stand).status, 200);
    }
}

#[test]
fn a_fault_with_times_applies_that_often() {
    let mut stand = Stand::new();
    stand
        .open(
            FAULTS,
            json!({ "path_prefix": "/v1/", "kind": "status", "status": 500, "times": 2 }),
        )
        .ok();
    let statuses: Vec<u16> = (0..3).map(|_| whoami(&mut stand).status).collect();
    assert_eq!(statuses, [500, 500, 200]);
}

#[test]
fn control_routes_refuse_invalid_arguments() {
    let mut stand = Stand::new();
    let table = [
        (
            FAULTS,
            json!({ "path_prefix": "/_emulator", "kind": "hang" }),
        ),
        (FAULTS, json!({ "path_prefix": "/v1", "kind": "explode" })),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "status", "status": 418 }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "hang", "times": 0 }),
        ),
        ("POST /_emulator/tokens", json!({ "product": "none" })),
        (
            "POST /_emulator/tokens",
            json!({ "product": "b2b", "key": "lost" }),
        ),
        (
            "POST /_emulator/tokens",
            json!({ "product": "b2b", "kind": "spare" }),
        ),
        ("POST /_emulator/keys/rotate", json!({})),
    ];
    for (call, body) in table {
        let answer = stand.open(call, body);
        assert!(
            answer.status == 400 && answer.body["error"].is_string(),
            "{call}"
        );
    }
    assert_eq!(
        stand.open("GET /_emulator/nothing", Value::Null).status,
        404
    );
    assert_eq!(
        whoami(&mut stand).status,
        200,
        "a refused fault does not apply"
    );
}

#[test]
fn the_outbox_page_contains_the_link_and_escapes_addresses() {
    let mut stand = Stand::new();
    stand.link_for("<i>&co@example.com");
    let page = stand.emulator.handle(
        &request("GET /_emulator/outbox", None, Value::Null),
        stand.now,
    );
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("&lt;i&gt;&amp;co@example.com"));
    assert!(page.contains("stytch_token_type=magic_links&amp;token="));
    assert!(!page.contains("<i>"));
}
