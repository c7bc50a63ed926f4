//! The list of the active faults, and the fields that control routes refuse.

use serde_json::{Value, json};

use crate::stand::{SETTINGS, Stand, request};

const FAULTS: &str = "POST /_emulator/faults";

fn whoami(stand: &mut Stand) {
    let request = request(
        "GET /v1/debug/whoami",
        Some(&SETTINGS.consumer),
        Value::Null,
    );
    stand.emulator.handle(&request, stand.now);
}

#[test]
fn lists_the_faults_that_still_apply() {
    let mut stand = Stand::new();
    let list = |stand: &mut Stand| {
        stand.open("GET /_emulator/faults", Value::Null).ok().body["faults"].clone()
    };
    assert_eq!(list(&mut stand), json!([]));
    stand
        .open(
            FAULTS,
            json!({ "path_prefix": "/v1/users", "kind": "slow", "delay_ms": 5 }),
        )
        .ok();
    let sequence = json!([{ "kind": "reset" }, { "kind": "status", "status": 429, "times": 2 }]);
    stand
        .open(
            FAULTS,
            json!({ "path_prefix": "/v1/debug", "sequence": sequence }),
        )
        .ok();
    let first = json!({ "path_prefix": "/v1/users", "kind": "slow", "delay_ms": 5, "times": null });
    let reset = json!({ "path_prefix": "/v1/debug", "kind": "reset", "times": 1 });
    let status = |times: u64| json!({ "path_prefix": "/v1/debug", "kind": "status", "status": 429, "times": times });
    assert_eq!(list(&mut stand), json!([first, reset, status(2)]));
    whoami(&mut stand);
    whoami(&mut stand);
    assert_eq!(list(&mut stand), json!([first, status(1)]));
    stand.open("DELETE /_emulator/faults", Value::Null).ok();
    assert_eq!(list(&mut stand), json!([]));
}

#[test]
fn refuses_misspelled_fields() {
    let mut stand = Stand::new();
    let fault = json!({ "path_prefix": "/v1", "kind": "reset", "time": 1 });
    let mint = json!({ "product": "consumer", "flow": "expired" });
    let location = json!({ "path_prefix": "/v1", "kind": "redirect", "location": "/a\r\nx: y" });
    for (route, body, name) in [
        (FAULTS, fault, "time"),
        ("POST /_emulator/tokens", mint, "flow"),
        (FAULTS, location, "location"),
    ] {
        let answer = stand.open(route, body);
        assert_eq!(answer.status, 400);
        assert!(answer.text("/error").contains(name), "{}", answer.body);
    }
}
