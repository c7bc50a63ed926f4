//! The binary over loopback HTTP: its ready line, a log-in, static files, the bytes of faults, and its exit.

#![cfg(feature = "server")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod faults;
mod options;
mod running;
mod webhooks;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use running::{Running, command};

#[test]
fn logs_a_user_in_over_http_and_exits_when_stdin_closes() {
    let mut running = Running::start(&[]);
    running.json(
        "POST /v1/magic_links/email/login_or_create",
        json!({ "email": "ada@example.com" }),
    );
    let outbox = running.json("GET /_emulator/outbox.json", Value::Null);
    let body = json!({ "token": outbox["messages"][0]["token"], "session_duration_minutes": 60 });
    let session = running.json("POST /v1/magic_links/authenticate", body);
    assert_eq!(session["status_code"], 200);
    let (head, page) = running.call("GET /", "");
    assert!(head.contains("content-type: text/html") && page.contains("<h1>Stytch emulator</h1>"));
    let (head, _) = running.call("GET /_emulator/outbox", "");
    assert!(head.starts_with("http/1.1 302") && head.contains("location: /#outbox"));
    let (head, _) = running.call("HEAD /v1/debug/whoami", "");
    assert!(head.starts_with("http/1.1 405") && !head.contains("access-control"));
    let log = running.json("GET /_emulator/requests.json?after=1", Value::Null);
    assert_eq!(log["requests"][0]["path"], "/v1/magic_links/authenticate");

    drop(running.child.stdin.take());
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn refuses_a_body_of_several_mebibytes_and_keeps_the_connection() {
    let running = Running::start(&[]);
    let mut stream = running.connect();
    let large = format!("{{\"email\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    for (call, headers, body, status) in [
        ("POST /v1/users", "", large.as_str(), "400"),
        ("POST /v1/nothing", "", large.as_str(), "404"),
        ("POST /_emulator/clock", "", large.as_str(), "400"),
        ("GET /v1/debug/whoami", "connection: close\r\n", "", "200"),
    ] {
        running.send_on(&mut stream, call, headers, body);
        let mut lines = BufReader::new(&stream).lines();
        let status_line = lines.next().unwrap().unwrap();
        assert!(
            status_line.starts_with(&format!("HTTP/1.1 {status} ")),
            "{call}: {status_line}"
        );
    }
}

#[test]
fn serves_static_files() {
    // The folder `tests` contains a file, and its parent folder contains others.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let running = Running::start(&["--serve", folder.to_str().unwrap()]);
    let (head, body) = running.call("GET /_emulator/static/server/main.rs", "");
    assert!(head.starts_with("http/1.1 200") && body.contains("fn serves_static_files"));
    for path in [
        "../Cargo.toml",
        "%2e%2e/Cargo.toml",
        "..%2fCargo.toml",
        "journeys",
        "nothing.js",
    ] {
        let (head, _) = running.call(&format!("GET /_emulator/static/{path}"), "");
        assert!(head.starts_with("http/1.1 404"), "{path}");
    }
}

#[test]
fn reports_a_startup_error_in_one_line_and_exits_cleanly_on_a_signal() {
    let mut running = Running::start(&[
        "--project-id",
        "project-test-00000000-0000-4000-8000-000000000000",
    ]);
    assert_eq!(
        running.ready["consumer"]["project_id"],
        "project-test-00000000-0000-4000-8000-000000000000"
    );
    let port = running.address().rsplit(':').next().unwrap().to_owned();
    for arguments in [
        ["--port", &port],
        ["--secret", "dummy"],
        ["--serve", "no such folder"],
        ["--webhook", "https://example.com/hooks"],
        ["--webhook", "http://user:password@localhost/"],
        ["--webhook", "localhost:3000"],
    ] {
        let output = command(&arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), message.lines().count()),
            (Some(1), 1),
            "{message}"
        );
        assert!(message.contains(arguments[0]), "{message}");
        assert!(output.stdout.is_empty());
    }
    let pid = running.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}
