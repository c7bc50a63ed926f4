//! The options of the program: the seed, the state on disk, and the hosts and origins that it accepts.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::running::{Running, command, program};

/// A folder for the files of one test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn reports_its_health_and_its_version() {
    let running = Running::start(&[]);
    let health = running.json("GET /_emulator/health", Value::Null);
    assert_eq!(health["status"], "ok");
    let output = command(&["--version"]).output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        version.trim(),
        format!("stytch-emulator {}", health["version"].as_str().unwrap())
    );
    assert_eq!(running.ready["version"], health["version"]);
}

#[test]
fn starts_with_a_seed_and_credentials_of_the_command_line() {
    let folder = folder("seed");
    let path = folder.join("seed.yaml");
    let seed = "random_seed: 1\nconsumer: { secret: dummy, users: [{ user_id: user-test-ada, email: ada@example.com }] }";
    fs::write(&path, seed).unwrap();
    let path = path.to_str().unwrap();
    let secret = "secret-test-000000000000000000000000000000000000";
    let running = Running::start(&["--seed", path, "--secret", secret]);
    assert_eq!(running.ready["consumer"]["secret"], secret);
    let user = running.json("GET /v1/users/user-test-ada", Value::Null);
    assert_eq!(user["emails"][0]["email"], "ada@example.com");

    let table = [
        (vec!["--seed", path], "consumer.secret: "),
        (vec!["--seed", "no such file"], "no such file"),
        (vec!["--seed", path, "--secret", "short"], "--secret: "),
        (vec!["--host", "a b"], "--host"),
        (vec!["--cors", "*"], "--cors"),
        (vec!["--persist", "/"], "--persist"),
    ];
    for (arguments, message) in table {
        let output = command(&arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), error.lines().count()),
            (Some(1), 1),
            "{error}"
        );
        assert!(error.contains(message), "{error}");
        assert!(!error.contains("dummy"), "{error}");
    }
}

#[test]
fn keeps_its_state_in_a_file_between_two_starts() {
    let path = folder("persist").join("state.json");
    let path = path.to_str().unwrap();
    let create = |running: &Running| {
        let user = running.json("POST /v1/users", json!({ "email": "ada@example.com" }));
        user["user_id"].as_str().unwrap().to_owned()
    };
    let mut first = Running::start(&["--persist", path]);
    let user_id = create(&first);
    let ready = first.ready.clone();
    drop(first.child.stdin.take());
    assert_eq!(first.child.wait().unwrap().code(), Some(0));

    let second = Running::start(&["--persist", path]);
    assert_eq!(second.ready["consumer"], ready["consumer"]);
    let user = second.json(&format!("GET /v1/users/{user_id}"), Value::Null);
    assert_eq!(user["user_id"].as_str(), Some(user_id.as_str()));
    drop(second);

    fs::write(path, "{ \"version\": 7 }").unwrap();
    let output = command(&["--persist", path]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("--persist")
    );
    assert_eq!(fs::read_to_string(path).unwrap(), "{ \"version\": 7 }");
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_file_of_the_state() {
    use std::os::unix::fs::PermissionsExt as _;

    let path = folder("mode").join("state.json");
    let running = Running::start(&["--persist", path.to_str().unwrap()]);
    running.json("POST /v1/users", json!({ "email": "ada@example.com" }));
    let mut tries = 0;
    while !path.exists() && tries < 100 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        tries += 1;
    }
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn refuses_other_hosts_and_origins() {
    let running = Running::start(&["--cors", "http://localhost:3000", "--allow-host", "stytch"]);
    let address = running.address().to_owned();
    let status = |call: &str, host: &str, origin: &str| {
        let headers = format!("host: {host}\r\n{origin}");
        let answer = running.raw(&format!(
            "{call} HTTP/1.1\r\n{headers}connection: close\r\n\r\n"
        ));
        let status = answer.split(' ').nth(1).unwrap().to_owned();
        (status, answer.to_lowercase())
    };
    let port = address.rsplit(':').next().unwrap();
    let health = "GET /_emulator/health";
    let named = format!("stytch:{port}");
    for host in [address.as_str(), named.as_str()] {
        assert_eq!(status(health, host, "").0, "200");
    }
    assert_eq!(status(health, &format!("evil.example:{port}"), "").0, "403");
    assert_eq!(status("GET /v1/debug/whoami", "evil.example", "").0, "403");
    let reset = "POST /_emulator/reset";
    let foreign = status(reset, &address, "origin: http://evil.example\r\n");
    assert_eq!(foreign.0, "403");
    assert!(!foreign.1.contains("access-control"));
    let allowed = status(reset, &address, "origin: http://localhost:3000\r\n");
    assert_eq!(allowed.0, "200");
    assert!(
        allowed
            .1
            .contains("access-control-allow-origin: http://localhost:3000")
    );
    let own = status(reset, &address, &format!("origin: http://{address}\r\n"));
    assert_eq!(own.0, "200");
    let preflight = "origin: http://localhost:3000\r\naccess-control-request-method: POST\r\n";
    assert_eq!(status("OPTIONS /v1/users", &address, preflight).0, "204");
}

#[test]
fn prints_a_line_per_request_without_the_query() {
    use std::io::Read as _;

    let mut child = program();
    child.args(["--port", "0", "--end-with-stdin"]);
    let mut running = Running::spawn(child);
    running.call("GET /v1/users/1?token=secret", "");
    drop(running.child.stdin.take());
    running.child.wait().unwrap();
    let mut log = String::new();
    running
        .child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert!(log.starts_with("GET /v1/users/1 404 "), "{log}");
    assert!(
        log.trim_end().ends_with(" ms") && !log.contains("secret"),
        "{log}"
    );
}

#[test]
fn restores_a_snapshot_that_is_larger_than_a_call_of_the_api() {
    let running = Running::start(&[]);
    let snapshot = running.json("GET /_emulator/snapshot.json", Value::Null);
    let padded = format!("{}{snapshot}", " ".repeat(2 * 1024 * 1024));
    let (head, body) = running.call("POST /_emulator/restore", &padded);
    assert!(head.starts_with("http/1.1 200"), "{body}");
    let too_large = " ".repeat(2 * 1024 * 1024);
    let (head, _) = running.call("POST /v1/users", &too_large);
    assert!(head.starts_with("http/1.1 400"), "{head}");
}
