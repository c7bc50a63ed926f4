//! Control routes with bodies that no test sends, and the API at times far from today: nothing panics, and each answer
//! has a known status.

use serde_json::{Value, json};
use stytch_emulator::UnixSeconds;

use super::requests::{build, minimal};
use super::routes::implemented;
use super::world::{SEEDED, request};

/// The fields of control routes. A field of another route is unknown, or ignored.
const FIELDS: [&str; 26] = [
    "actions",
    "advance_seconds",
    "audience",
    "body",
    "claims",
    "delay_ms",
    "fault",
    "flaw",
    "frozen",
    "header",
    "kind",
    "member_id",
    "path_prefix",
    "permissions",
    "product",
    "reset",
    "resources",
    "roles",
    "scope",
    "sequence",
    "set",
    "signing_key",
    "state",
    "times",
    "tokens",
    "user_id",
];
const ROUTES: [&str; 12] = [
    "POST /_emulator/clock",
    "POST /_emulator/faults",
    "DELETE /_emulator/faults",
    "POST /_emulator/policies",
    "POST /_emulator/tokens",
    "POST /_emulator/password_config",
    "POST /_emulator/keys/rotate",
    "POST /_emulator/restore",
    "POST /_emulator/reset",
    "GET /_emulator/state.json",
    "GET /_emulator/requests.json",
    "GET /_emulator/requests/counts.json",
];

#[test]
fn a_control_route_answers_any_body() {
    let values = [
        json!(null),
        json!(true),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(-1e308),
        json!(""),
        json!("\u{0}\u{1f600}"),
        json!("consumer"),
        json!("b2b"),
        json!([]),
        json!([[], {}, null, 1]),
        json!({}),
        json!({ "x": { "y": [] } }),
        json!("x".repeat(100_000)),
    ];
    let mut sent = 0;
    for route in ROUTES {
        for field in FIELDS {
            for value in &values {
                // The rotation of a key needs nothing else. To generate a key is slow.
                let mut body = match route.ends_with("/rotate") {
                    true => json!({}),
                    false => json!({ "product": "b2b", "path_prefix": "/" }),
                };
                body[field] = value.clone();
                let response = SEEDED.clone().send(&request(route, None, &body));
                assert!(
                    [200, 400].contains(&response.status),
                    "{route} {body}: {}",
                    response.status
                );
                sent += 1;
            }
        }
        for body in ["", "{", "[]", "null", "\u{feff}{}", "{\"x\":\"\\ud800\"}"] {
            let mut call = request(route, None, &Value::Null);
            call.body = body.into();
            let status = SEEDED.clone().send(&call).status;
            assert!([200, 400].contains(&status), "{route} {body}: {status}");
        }
    }
    assert!(sent > 3_900, "only {sent} calls were sent");
}

#[test]
fn a_query_of_the_request_log_is_answered() {
    for query in [
        "after=",
        "after=-1",
        "after=99999999999999999999",
        "after=%ff&after=1",
        "path_prefix=%00",
        "&&=&",
    ] {
        for route in [
            "GET /_emulator/requests.json",
            "GET /_emulator/requests/counts.json",
        ] {
            let response =
                SEEDED
                    .clone()
                    .send(&request(&format!("{route}?{query}"), None, &Value::Null));
            assert!(
                [200, 400].contains(&response.status),
                "{route}?{query}: {}",
                response.status
            );
        }
    }
}

#[test]
fn the_api_answers_at_any_time() {
    for now in [
        i64::MIN,
        -62_135_596_801,
        -1,
        0,
        253_402_300_799,
        253_402_300_800,
        i64::MAX,
    ] {
        for operation in implemented() {
            let mut world = SEEDED.clone();
            let response = world.emulator.handle(
                &build(operation, &minimal(operation, &SEEDED)),
                UnixSeconds(now),
            );
            let body: Value = serde_json::from_slice(&response.body).unwrap();
            assert_eq!(
                body["status_code"],
                response.status,
                "{} at {now}",
                operation.route()
            );
            assert!(
                response.status < 500,
                "{} at {now}: {body}",
                operation.route()
            );
            let snapshot = world.emulator.snapshot();
            let restored = world.emulator.restore(&snapshot);
            assert!(
                restored.is_ok(),
                "{} at {now}: {restored:?}",
                operation.route()
            );
        }
    }
}
