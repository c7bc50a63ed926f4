//! The control routes: the request log, the clock and the faults.

use serde_json::{Value, json};
use stytch_emulator::{Delivery, End, Response};

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
        let wanted = json!({ "number": number, "time": stand.now, "method": method, "path": path, "status": status, "credentials": credentials, "user_agent": "" });
        let mut entry = entry.clone();
        for name in ["request_body", "response_body"] {
            entry.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(entry, wanted);
    }
    assert_eq!(log["requests"].as_array().unwrap().len(), expected.len());
    let text = log.to_string();
    assert!(!text.contains("a=secret") && !text.contains(&session.text("/session_token")));
    assert!(!text.contains(&SETTINGS.consumer.secret));
    let rest = stand
        .open("GET /_emulator/requests.json?after=3", Value::Null)
        .ok()
        .body;
    assert_eq!(rest["requests"].as_array().unwrap().len(), 1);
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
fn a_fault_of_the_delivery_keeps_the_response_and_the_change_of_state() {
    let slow_body = Delivery::SlowBody {
        chunk_bytes: 1,
        delay_ms: 5,
    };
    let endless_body = Delivery::EndlessBody {
        chunk_bytes: 65_536,
        delay_ms: 0,
        max_bytes: 64 * 1024 * 1024,
    };
    let partial_head = Delivery::PartialHead { end: End::Resets };
    let partial_body = Delivery::PartialBody {
        bytes: 7,
        delay_ms: 0,
        end: End::Closes,
    };
    let short_length = Delivery::ShortLength { bytes: 7 };
    let table = [
        (json!({ "kind": "none" }), Delivery::Whole, 201),
        (
            json!({ "kind": "slow", "delay_ms": 5 }),
            Delivery::Late(5),
            201,
        ),
        (
            json!({ "kind": "slow_body", "delay_ms": 5 }),
            slow_body,
            201,
        ),
        (json!({ "kind": "partial_head" }), partial_head, 0),
        (
            json!({ "kind": "partial_body", "bytes": 7 }),
            partial_body,
            201,
        ),
        (
            json!({ "kind": "short_length", "bytes": 7 }),
            short_length,
            201,
        ),
        (json!({ "kind": "endless_body" }), endless_body, 201),
        (
            json!({ "kind": "large_body", "bytes": 9000 }),
            Delivery::Whole,
            201,
        ),
        (
            json!({ "kind": "large_body", "bytes": 9000, "gzip": true }),
            Delivery::Gzip,
            201,
        ),
    ];
    for (fault, delivery, logged) in table {
        for replaced in [false, true] {
            let mut stand = Stand::new();
            let mut fault = fault.clone();
            fault["path_prefix"] = json!("/v1/users");
            fault["times"] = json!(1);
            if replaced {
                fault["status"] = json!(503);
            }
            stand.open(FAULTS, fault.clone()).ok();
            let email = json!({ "email": "ada@example.com" });
            let call = request("POST /v1/users", Some(&SETTINGS.consumer), email);
            let response = stand.emulator.handle(&call, stand.now);
            let status = if replaced { 503 } else { 201 };
            assert_eq!(
                (response.status, response.delivery),
                (status, delivery),
                "{fault}"
            );
            let body: Value = serde_json::from_slice(&response.body).unwrap();
            assert_eq!(body["status_code"], status);
            assert_eq!(response.body.len() == 9000, fault["bytes"] == 9000);
            let log = stand.open("GET /_emulator/requests.json", Value::Null);
            let logged = if replaced && logged == 201 {
                503
            } else {
                logged
            };
            assert_eq!(log.body["requests"][0]["status"], logged, "{fault}");
            let again = stand.emulator.handle(&call, stand.now).status;
            assert_eq!(again, if replaced { 201 } else { 400 }, "{fault}");
        }
    }
}

#[test]
fn a_test_chooses_the_status_the_headers_and_the_body() {
    let mut stand = Stand::new();
    let json_type = "application/json; charset=utf-8";
    let table = [
        (
            json!({ "kind": "answer", "body": null }),
            200,
            "null",
            json_type,
        ),
        (
            json!({ "kind": "answer", "body": [], "status": 418 }),
            418,
            "[]",
            json_type,
        ),
        (
            json!({ "kind": "answer", "body": "x" }),
            200,
            "\"x\"",
            json_type,
        ),
        (
            json!({ "kind": "answer", "text": "" }),
            200,
            "",
            "text/plain; charset=utf-8",
        ),
        (
            json!({ "kind": "status", "status": 429, "text": "<p>", "headers": { "Content-Type": "text/html" } }),
            429,
            "<p>",
            "text/html",
        ),
    ];
    for (mut fault, status, body, content_type) in table {
        fault["path_prefix"] = json!("/v1");
        fault["times"] = json!(1);
        stand.open(FAULTS, fault.clone()).ok();
        let response = whoami(&mut stand);
        let headers = [
            ("cache-control".to_owned(), "no-store".to_owned()),
            ("content-type".to_owned(), content_type.to_owned()),
        ];
        let mut sent = response.headers.clone();
        sent.sort();
        assert_eq!(
            (response.status, response.body.as_slice(), sent.as_slice()),
            (status, body.as_bytes(), headers.as_slice()),
            "{fault}"
        );
    }

    let headers = json!({ "retry-after": "7", "content-type": null, "cache-control": ["no-cache", "private"] });
    stand
        .open(
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "status", "status": 429, "headers": headers }),
        )
        .ok();
    let response = whoami(&mut stand);
    let sent: Vec<(&str, &str)> = response
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("retry-after", "7"),
        ("cache-control", "no-cache"),
        ("cache-control", "private"),
    ];
    assert_eq!(sent, expected);
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body["error_type"], "too_many_requests");
}

#[test]
fn a_sequence_applies_its_faults_in_order_and_then_ends() {
    let mut stand = Stand::new();
    let sequence = json!([
        { "kind": "status", "status": 500, "times": 2 },
        { "kind": "none" },
        { "kind": "status", "status": 429 },
    ]);
    let added = stand.open(
        FAULTS,
        json!({ "path_prefix": "/v1/debug", "sequence": sequence }),
    );
    assert_eq!(added.ok().body["faults"], 3);
    let statuses: Vec<u16> = (0..6).map(|_| whoami(&mut stand).status).collect();
    assert_eq!(statuses, [500, 500, 200, 429, 200, 200]);
}

#[test]
fn the_counts_are_exact_beyond_the_length_of_the_log() {
    let mut stand = Stand::new();
    let fault = json!({ "path_prefix": "/v1/debug", "kind": "reset", "times": 3 });
    stand.open(FAULTS, fault).ok();
    for _ in 0..10_050 {
        whoami(&mut stand);
    }
    stand.consumer("POST /v1/users/search", json!({})).ok();
    let counts = |stand: &mut Stand, query: &str| {
        let call = format!("GET /_emulator/requests/counts.json{query}");
        stand.open(&call, Value::Null).ok().body
    };
    let (whoami, search) = ("GET /v1/debug/whoami", "POST /v1/users/search");
    assert_eq!(
        counts(&mut stand, ""),
        json!({ "total": 10_051, "counts": { whoami: 10_050, search: 1 } })
    );
    assert_eq!(
        counts(&mut stand, "?path_prefix=/v1/users"),
        json!({ "total": 1, "counts": { search: 1 } })
    );
    assert_eq!(
        counts(&mut stand, "?path_prefix=/v1/nothing"),
        json!({ "total": 0, "counts": {} })
    );
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
        (FAULTS, json!({ "path_prefix": "/v1", "kind": "slow" })),
        (FAULTS, json!({ "path_prefix": "/v1", "kind": "slow_body" })),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "partial_body", "end": "gone" }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "large_body" }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "large_body", "bytes": 268_435_457 }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "large_body", "bytes": 1, "gzip": "yes" }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "endless_body", "max_bytes": 67_108_865 }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "endless_body", "chunk_bytes": 0 }),
        ),
        (FAULTS, json!({ "path_prefix": "/v1", "kind": "answer" })),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "answer", "status": 429 }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "answer", "text": 7 }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "answer", "text": "", "body": null }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "answer", "text": "", "status": 101 }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "none", "headers": { "content-length": "1" } }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "none", "headers": { "a b": "1" } }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "none", "headers": { "a": "1\r\nb: 2" } }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "kind": "none", "headers": { "a": 1 } }),
        ),
        (FAULTS, json!({ "path_prefix": "/v1", "sequence": [] })),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "sequence": [{ "kind": "hang" }, { "kind": "explode" }] }),
        ),
        (
            FAULTS,
            json!({ "path_prefix": "/v1", "sequence": [{ "kind": "hang" }], "times": 2 }),
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
