//! The binary over loopback HTTP: its ready line, a log-in, static files, the delivery of faults, and its exit.

#![cfg(feature = "server")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

struct Running {
    child: Child,
    ready: Value,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            ready: serde_json::from_str(&line).unwrap(),
        }
    }

    fn address(&self) -> &str {
        self.ready["url"]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap()
    }

    /// Sends a request with the credentials of the consumer project.
    fn send(&self, call: &str, body: &str) -> TcpStream {
        let [id, secret] =
            ["project_id", "secret"].map(|name| self.ready["consumer"][name].as_str().unwrap());
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        let length = body.len();
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let head = format!(
            "{call} HTTP/1.1\r\nhost: {}\r\nauthorization: Basic {basic}",
            self.address()
        );
        write!(
            stream,
            "{head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
        stream
    }

    /// Returns the head (in lower case) and the body of the response.
    fn call(&self, call: &str, body: &str) -> (String, String) {
        let mut answer = String::new();
        self.send(call, body).read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }

    fn json(&self, call: &str, body: Value) -> Value {
        serde_json::from_str(&self.call(call, &body.to_string()).1).unwrap()
    }
}

/// A failed test must not leave its emulator running. Dropping the child closes its stdin, and this also kills the
/// process.
impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stytch-emulator"));
    command.args(arguments).arg("--end-with-stdin");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

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
    let (head, page) = running.call("GET /_emulator/outbox", "");
    assert!(head.contains("content-type: text/html") && page.contains("ada@example.com"));
    let (head, _) = running.call("HEAD /v1/debug/whoami", "");
    assert!(head.starts_with("http/1.1 405") && !head.contains("access-control"));
    let log = running.json("GET /_emulator/requests.json?after=1", Value::Null);
    assert_eq!(log["requests"][0]["path"], "/v1/magic_links/authenticate");

    drop(running.child.stdin.take());
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn delivers_faults_and_serves_static_files() {
    // The folder `tests` contains a file, and its parent folder contains others.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let running = Running::start(&["--serve", folder.to_str().unwrap()]);
    let (head, body) = running.call("GET /_emulator/static/server.rs", "");
    assert!(head.starts_with("http/1.1 200") && body.contains("fn delivers_faults"));
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

    let fault = |kind: &str| {
        let body = json!({ "path_prefix": "/v1/debug", "kind": kind, "times": 1 });
        running.json("POST /_emulator/faults", body);
        let mut stream = running.send("GET /v1/debug/whoami", "");
        stream
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        let mut answer = Vec::new();
        let outcome = stream
            .read_to_end(&mut answer)
            .map_err(|error| error.kind());
        (String::from_utf8(answer).unwrap(), outcome)
    };
    let timed_out = |kind| matches!(kind, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut));
    let (answer, outcome) = fault("close");
    assert!(answer.is_empty() && !timed_out(outcome));
    let (answer, outcome) = fault("hang");
    assert!(answer.is_empty() && timed_out(outcome));
    let (answer, outcome) = fault("hang_body");
    assert!(
        answer.starts_with("HTTP/1.1 200")
            && answer.contains("{\"status_code\":")
            && timed_out(outcome)
    );
    assert_eq!(
        running.json("GET /v1/debug/whoami", Value::Null)["status_code"],
        200,
        "the API responds again after the faults"
    );
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
