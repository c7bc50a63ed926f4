//! The emulator's clock: it moves forward and back, stops, and dates tokens or not.

use serde_json::{Value, json};

use crate::stand::{Stand, open_jwt};

const CLOCK: &str = "POST /_emulator/clock";
const AUTHENTICATE: &str = "POST /v1/sessions/authenticate";

/// Returns `iat`, `nbf` and `exp` of a new session JWT, relative to the time of the stand.
fn dates(stand: &mut Stand, session_token: &str) -> [i64; 3] {
    let answer = stand.consumer(AUTHENTICATE, json!({ "session_token": session_token }));
    let (_, claims) = open_jwt(&answer.ok().text("/session_jwt"));
    ["iat", "nbf", "exp"].map(|name| claims[name].as_i64().unwrap() - stand.now.0)
}

#[test]
fn the_clock_moves_forward_and_back() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    let check = json!({ "session_token": token });
    let moved = stand.open(CLOCK, json!({ "advance_seconds": 3600 })).ok();
    assert_eq!(moved.text("/now"), stand.now.plus_seconds(3600).rfc3339());
    assert_eq!(moved.body["offset_seconds"], 3600);
    stand
        .consumer(AUTHENTICATE, check.clone())
        .refused(404, "session_not_found");
    stand.open(CLOCK, json!({ "advance_seconds": -1800 })).ok();
    assert_eq!(dates(&mut stand, &token), [1800, 1800, 2100]);
    stand.open(CLOCK, json!({ "advance_seconds": -7200 })).ok();
    assert_eq!(dates(&mut stand, &token), [-5400, -5400, -5100]);
    stand.open(CLOCK, json!({ "reset": true })).ok();
    assert_eq!(dates(&mut stand, &token), [0, 0, 300]);
}

#[test]
fn the_clock_is_set_and_then_goes_on() {
    let mut stand = Stand::new();
    let set = json!({ "set": "2020-02-29T13:00:00+01:00" });
    let answer = stand.open(CLOCK, set).ok();
    assert_eq!(answer.text("/now"), "2020-02-29T12:00:00Z");
    stand.later(60);
    let read = stand.open("GET /_emulator/clock", Value::Null).ok();
    assert_eq!(read.text("/now"), "2020-02-29T12:01:00Z");
    let created = stand.consumer("POST /v1/users", json!({ "email": "ada@example.com" }));
    assert_eq!(
        created.ok().text("/user/created_at"),
        "2020-02-29T12:01:00Z"
    );
}

#[test]
fn a_frozen_clock_stands_still_until_it_goes_on() {
    let mut stand = Stand::new();
    let frozen = stand.open(CLOCK, json!({ "frozen": true })).ok();
    stand.later(500);
    let read = stand.open("GET /_emulator/clock", Value::Null).ok();
    assert_eq!(read.text("/now"), frozen.text("/now"));
    assert_eq!(read.body["frozen"], true);
    stand.open(CLOCK, json!({ "advance_seconds": 5 })).ok();
    stand.later(500);
    let thawed = stand.open(CLOCK, json!({ "frozen": false })).ok();
    assert_eq!(thawed.body["offset_seconds"], -995);
    stand.later(1);
    let read = stand.open("GET /_emulator/clock", Value::Null).ok();
    assert_eq!(read.body["offset_seconds"], -995);
}

#[test]
fn tokens_follow_the_real_time_if_a_test_chooses_it() {
    let mut stand = Stand::new();
    let token = stand.log_in("ada@example.com").text("/session_token");
    let change = json!({ "advance_seconds": 1800, "tokens": "real-time" });
    assert_eq!(stand.open(CLOCK, change).ok().body["tokens"], "real-time");
    assert_eq!(dates(&mut stand, &token), [0, 0, 300]);
    let minted = stand.open("POST /_emulator/tokens", json!({ "product": "consumer" }));
    let (_, claims) = open_jwt(&minted.ok().text("/token"));
    assert_eq!(claims["iat"], stand.now.0);
    // The session itself ends by the emulator's time.
    stand.open(CLOCK, json!({ "advance_seconds": 1800 })).ok();
    stand
        .consumer(AUTHENTICATE, json!({ "session_token": token }))
        .refused(404, "session_not_found");
}

#[test]
fn refuses_a_malformed_change_and_keeps_the_time() {
    let mut stand = Stand::new();
    let table = [
        (json!({}), "required"),
        (json!({ "advance_seconds": "an hour" }), "advance_seconds"),
        (json!({ "advance_seconds": 1.5 }), "advance_seconds"),
        (json!({ "advance_seconds": 1e300 }), "advance_seconds"),
        (json!({ "advance_seconds": i64::MIN }), "advance_seconds"),
        (json!({ "set": 5 }), "set"),
        (json!({ "set": "tomorrow" }), "set"),
        (json!({ "frozen": 1 }), "frozen"),
        (json!({ "reset": "yes" }), "reset"),
        (
            json!({ "advance_seconds": 9, "tokens": "whenever" }),
            "tokens",
        ),
    ];
    for (body, name) in table {
        let answer = stand.open(CLOCK, body.clone());
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text("/error").contains(name), "{body}");
        let read = stand.open("GET /_emulator/clock", Value::Null).ok();
        assert_eq!(read.body["offset_seconds"], 0, "{body}");
    }
}
