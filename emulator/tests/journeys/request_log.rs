//! The request log: the time of a call, and the fingerprint of a session's credential.

use serde_json::{Value, json};

use crate::stand::Stand;

#[test]
fn the_request_log_has_the_time_and_a_fingerprint_of_the_session_credential() {
    let mut stand = Stand::new();
    stand
        .open("POST /_emulator/clock", json!({ "advance_seconds": 60 }))
        .ok();
    for kind in ["session_jwt", "session_token"] {
        let check = json!({ kind: "" });
        stand.consumer("POST /v1/sessions/authenticate", check);
    }
    let log = stand
        .open("GET /_emulator/requests.json", Value::Null)
        .ok()
        .body;
    // The SHA-256 of an empty text begins with these digits.
    for (at, kind) in ["session_jwt", "session_token"].into_iter().enumerate() {
        let entry = &log["requests"][at];
        assert_eq!(entry["session"], format!("{kind} e3b0c44298fc1c14"));
        assert_eq!(entry["time"], stand.now.plus_seconds(60).rfc3339());
    }
}
