//! Bodies, paths, queries and headers that no client sends: each is answered with a typed error, and the state stays
//! unchanged.

use serde_json::{Value, json};
use stytch_emulator::{Emulator, MAX_BODY_BYTES, Request, Response};

use super::conforms::refusal_faults;
use super::description::Operation;
use super::requests::{build, build_form, minimal};
use super::routes::implemented;
use super::world::{SEEDED, SETTINGS, request};

/// The routes that read a body.
fn with_body() -> impl Iterator<Item = &'static Operation> {
    implemented().filter(|operation| operation.fields().next().is_some())
}

#[test]
fn refuses_a_malformed_body() {
    let deep = |open: &str, close: &str| {
        format!("{{\"x\":{}{}}}", open.repeat(200), close.repeat(200)).into_bytes()
    };
    let bodies: [Vec<u8>; 16] = [
        b"{".to_vec(),
        b"}".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"\"text\"".to_vec(),
        b"1".to_vec(),
        b"{\"email\":\"\xff\xfe\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"{\"x\":\"\\ud800\"}".to_vec(),
        b"{\"x\":1e999}".to_vec(),
        b"{\"x\":01}".to_vec(),
        b"{\"x\":NaN}".to_vec(),
        b"{} {}".to_vec(),
        b"\0".to_vec(),
        deep("[", "]"),
        deep("{\"x\":[", "]}"),
    ];
    let mut sent = 0;
    for operation in with_body() {
        for body in &bodies {
            let mut request = build(operation, &minimal(operation, &SEEDED));
            request.body.clone_from(body);
            refused(operation, &request);
            sent += 1;
        }
    }
    assert!(sent >= 250, "only {sent} calls were sent");
}

#[test]
fn refuses_a_body_of_more_than_one_mebibyte() {
    for operation in implemented() {
        let mut request = build(operation, &minimal(operation, &SEEDED));
        request.body.resize(MAX_BODY_BYTES + 1, b' ');
        let body = refused(operation, &request);
        let error_type = body
            .get("error_type")
            .or_else(|| body.get("error"))
            .unwrap();
        assert!(
            error_type == "bad_request" || error_type == "invalid_request",
            "{body}"
        );
        if operation.method != "GET" && operation.fields().next().is_some() {
            request.body.pop();
            let response = SEEDED.clone().send(&request);
            assert_eq!(response.status, operation.status, "{}", operation.route());
        }
        if operation.has_form {
            let mut request = build_form(operation, &minimal(operation, &SEEDED));
            request.body.resize(MAX_BODY_BYTES + 1, b'x');
            refused(operation, &request);
        }
    }
}

#[test]
fn a_control_route_may_receive_a_larger_body_but_not_any_body() {
    let mut world = SEEDED.clone();
    let mut request = request(
        "POST /_emulator/clock",
        None,
        &json!({ "advance_seconds": 0 }),
    );
    request.body.resize(MAX_BODY_BYTES + 1, b' ');
    assert_eq!(world.send(&request).status, 200);
    request
        .body
        .resize(Emulator::max_body_bytes(&request.path) + 1, b' ');
    assert_eq!(world.send(&request).status, 413);
}

#[test]
fn odd_json_is_read_as_json() {
    for (body, status) in [
        // The last of two members with the same name is used.
        (r#"{"email":1,"email":"new@example.com"}"#, 201),
        (
            r#"{"email":"new@example.com","trusted_metadata":{"x":123456789012345678901234567890}}"#,
            201,
        ),
        (
            r#"{"email":"new@example.com","trusted_metadata":{"x":1e308,"\u0000":"\ud83d\ude00"}}"#,
            201,
        ),
        ("\r\n\t {\"email\":\"new@example.com\"} \n", 201),
        (
            r#"{"email":"new@example.com","__proto__":{},"constructor":1,"":2}"#,
            201,
        ),
        (r#"{"email":"new@example.com\u0000"}"#, 400),
        (
            r#"{"email":"new@example.com","session_duration_minutes":-0.0}"#,
            201,
        ),
    ] {
        let mut call = request("POST /v1/users", Some(&SETTINGS.consumer), &Value::Null);
        call.body = body.into();
        let response = SEEDED.clone().send(&call);
        assert_eq!(response.status, status, "{body}");
    }
}

#[test]
fn a_stored_value_of_any_depth_survives_a_snapshot() {
    // The deepest JSON that the emulator reads.
    for depth in [100, 120, 124, 125, 126, 127, 128, 1000] {
        let claims = format!("{}1{}", "{\"x\":".repeat(depth), "}".repeat(depth));
        let token = SEEDED.consumer_value("session_token");
        let mut world = SEEDED.clone();
        for (field, route) in [
            ("session_custom_claims", "POST /v1/sessions/authenticate"),
            ("trusted_metadata", "POST /v1/users"),
        ] {
            let mut call = request(route, Some(&SETTINGS.consumer), &Value::Null);
            let body = format!(
                r#"{{"email":"new@example.com","session_token":{token},"{field}":{claims}}}"#
            );
            call.body = body.into();
            world.send(&call);
        }
        let snapshot = world.emulator.snapshot();
        let restored = world.emulator.restore(&snapshot);
        assert!(restored.is_ok(), "depth {depth}: {restored:?}");
    }
}

#[test]
fn the_media_type_does_not_matter_except_for_a_form() {
    for media_type in [
        "",
        "text/plain",
        "application/json; charset=utf-16",
        "multipart/form-data",
        "\u{1f600}",
        ";;;",
    ] {
        for operation in with_body() {
            let mut request = build(operation, &minimal(operation, &SEEDED));
            request
                .headers
                .push(("content-type".into(), media_type.into()));
            let response = SEEDED.clone().send(&request);
            assert_eq!(
                response.status,
                operation.status,
                "{} {media_type}",
                operation.route()
            );
        }
    }
    for operation in with_body().filter(|operation| !operation.has_form) {
        let mut request = build(operation, &minimal(operation, &SEEDED));
        request.body = b"email=a%40b.example".to_vec();
        request.headers.push((
            "content-type".into(),
            "application/x-www-form-urlencoded".into(),
        ));
        refused(operation, &request);
    }
}

#[test]
fn any_path_query_and_header_is_answered() {
    let long = "x".repeat(100_000);
    let odd = [
        "",
        "/",
        "//",
        "%",
        "%zz",
        "%ff",
        "%00",
        "..",
        "{user_id}",
        "\u{1f600}",
        "?",
        "#",
        " ",
        long.as_str(),
    ];
    let mut sent = 0;
    for text in odd {
        for path in [
            text.to_owned(),
            format!("/{text}"),
            format!("/v1/users/{text}"),
            format!("/v1/b2b/organizations/{text}"),
            format!("/v1/b2b/organizations/{text}/member"),
            format!("/v1/m2m/clients/{text}/secrets/rotate"),
            format!("/v1/sessions/jwks/{text}"),
            format!("/v1/public/{text}/oauth2/token"),
            format!("/_emulator/{text}"),
        ] {
            for method in ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "", text] {
                let mut call = request("GET /", Some(&SETTINGS.consumer), &Value::Null);
                (call.method, call.path) = (method.to_owned(), path.clone());
                call.query = format!("user_id={text}&user_id=&{text}={text}");
                call.headers.push(("user-agent".into(), text.to_owned()));
                let mut world = SEEDED.clone();
                let response = world.send(&call);
                answered(&call, &response);
                sent += 1;
            }
        }
    }
    for header in [
        "authorization",
        "content-type",
        "x-stytch-member-session",
        "x-stytch-member-sessionjwt",
    ] {
        for text in odd {
            for operation in implemented() {
                let mut call = build(operation, &minimal(operation, &SEEDED));
                call.headers.insert(0, (header.to_owned(), text.to_owned()));
                let response = SEEDED.clone().send(&call);
                answered(&call, &response);
                sent += 1;
            }
        }
    }
    assert!(sent > 2_500, "only {sent} calls were sent");
}

/// Asserts a refusal in the described form that has not changed the state, and returns its body.
#[track_caller]
fn refused(operation: &Operation, request: &Request) -> Value {
    let mut world = SEEDED.clone();
    let response = world.send(request);
    let faults = refusal_faults(operation, &response);
    let shown: String = String::from_utf8_lossy(&request.body)
        .chars()
        .take(80)
        .collect();
    assert!(
        faults.is_empty(),
        "{} {shown}: {faults:?}",
        operation.route()
    );
    assert!(
        world.state() == SEEDED.state(),
        "{} {shown}: the state has changed",
        operation.route()
    );
    serde_json::from_slice(&response.body).unwrap()
}

/// Asserts a status of the emulator, and for API routes a JSON body with this status.
#[track_caller]
fn answered(request: &Request, response: &Response) {
    let target: String = format!("{} {}", request.method, request.path)
        .chars()
        .take(80)
        .collect();
    let known = [200, 201, 400, 401, 403, 404, 405, 413, 501];
    assert!(
        known.contains(&response.status),
        "{target}: {}",
        response.status
    );
    // The page and the control routes have other forms.
    if request.path != "/" && !request.path.starts_with("/_emulator/") {
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["status_code"], response.status, "{target}");
    }
}
