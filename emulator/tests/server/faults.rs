//! The bytes of each fault on a real connection, and how the connection ends.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::running::{Ended, Running, read_to_end};

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n";

/// The first half of the headers.
const PART_OF_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\nca";

/// Adds the body `0123456789` to a fault.
fn with_digits(mut fault: Value) -> Value {
    fault["text"] = json!("0123456789");
    fault
}

#[test]
fn each_fault_sends_its_bytes_and_ends_the_connection_as_specified() {
    let running = Running::start(&[]);
    let json_head = HEAD.replace("text/plain", "application/json");
    let table = [
        (json!({ "kind": "close" }), String::new(), Ended::Fin),
        (json!({ "kind": "reset" }), String::new(), Ended::Rst),
        (json!({ "kind": "hang" }), String::new(), Ended::Open),
        (
            json!({ "kind": "hang_body" }),
            format!("{json_head}transfer-encoding: chunked\r\n\r\nf\r\n{{\"status_code\":\r\n"),
            Ended::Open,
        ),
        (
            with_digits(json!({ "kind": "partial_head" })),
            PART_OF_HEAD.into(),
            Ended::Rst,
        ),
        (
            with_digits(json!({ "kind": "partial_head", "end": "close" })),
            PART_OF_HEAD.into(),
            Ended::Fin,
        ),
        (
            with_digits(json!({ "kind": "partial_head", "end": "hang" })),
            PART_OF_HEAD.into(),
            Ended::Open,
        ),
        (
            with_digits(json!({ "kind": "partial_body" })),
            format!("{HEAD}content-length: 10\r\n\r\n01234"),
            Ended::Fin,
        ),
        (
            with_digits(json!({ "kind": "partial_body", "bytes": 3, "end": "reset" })),
            format!("{HEAD}content-length: 10\r\n\r\n012"),
            Ended::Rst,
        ),
        (
            with_digits(json!({ "kind": "partial_body", "bytes": 0, "end": "hang" })),
            format!("{HEAD}content-length: 10\r\n\r\n"),
            Ended::Open,
        ),
        (
            with_digits(json!({ "kind": "partial_body", "bytes": 99 })),
            format!("{HEAD}content-length: 11\r\n\r\n0123456789"),
            Ended::Fin,
        ),
        (
            json!({ "kind": "partial_body", "text": "" }),
            format!("{HEAD}content-length: 1\r\n\r\n"),
            Ended::Fin,
        ),
        (
            with_digits(json!({ "kind": "short_length", "bytes": 4 })),
            format!("{HEAD}content-length: 4\r\n\r\n0123456789"),
            Ended::Fin,
        ),
        (
            with_digits(json!({ "kind": "slow_body", "delay_ms": 1, "chunk_bytes": 4 })),
            format!(
                "{HEAD}transfer-encoding: chunked\r\nconnection: close\r\n\r\n4\r\n0123\r\n4\r\n4567\r\n2\r\n89\r\n0\r\n\r\n"
            ),
            Ended::Fin,
        ),
        (
            with_digits(json!({ "kind": "endless_body", "max_bytes": 14, "chunk_bytes": 3 })),
            format!(
                "{HEAD}transfer-encoding: chunked\r\n\r\na\r\n0123456789\r\n3\r\n   \r\n1\r\n \r\n"
            ),
            Ended::Fin,
        ),
    ];
    for (fault, bytes, ended) in &table {
        running.add_fault(fault);
        let mut stream = running.send("GET /v1/debug/whoami", "");
        if *ended == Ended::Open {
            stream
                .set_read_timeout(Some(Duration::from_millis(300)))
                .unwrap();
        }
        let (read, read_ended) = read_to_end(&mut stream);
        let read = String::from_utf8(read).unwrap();
        assert_eq!((&read, read_ended), (bytes, *ended), "{fault}");
    }
    let counts = running.json("GET /_emulator/requests/counts.json", Value::Null);
    assert_eq!(counts["total"], table.len());
    let whoami = running.json("GET /v1/debug/whoami", Value::Null);
    assert_eq!(whoami["status_code"], 200, "the API responds again");
}

#[test]
fn a_slow_body_arrives_in_chunks_after_its_head() {
    let running = Running::start(&[]);
    running.add_fault(&json!({ "kind": "slow_body", "delay_ms": 100, "text": "ab" }));
    let started = Instant::now();
    let mut stream = running.send("GET /v1/debug/whoami", "");
    let mut buffer = [0; 1024];
    let length = stream.read(&mut buffer).unwrap();
    assert!(buffer[..length].ends_with(b"\r\n\r\n"), "only the head");
    for chunk in ["1\r\na\r\n", "1\r\nb\r\n"] {
        let mut read = vec![0; chunk.len()];
        stream.read_exact(&mut read).unwrap();
        assert_eq!(read, chunk.as_bytes());
    }
    assert!(started.elapsed() >= Duration::from_millis(200));

    running.add_fault(&json!({ "kind": "slow", "delay_ms": 100, "status": 503 }));
    let started = Instant::now();
    let (bytes, _) = running.whoami();
    assert!(bytes.starts_with(b"HTTP/1.1 503"));
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_partial_body_can_be_read_before_a_delayed_end() {
    let running = Running::start(&[]);
    running.add_fault(&with_digits(
        json!({ "kind": "partial_body", "delay_ms": 100, "end": "reset" }),
    ));
    let started = Instant::now();
    let (bytes, ended) = running.whoami();
    assert!(bytes.ends_with(b"\r\n\r\n01234"));
    assert_eq!(ended, Ended::Rst);
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn an_endless_body_ends_within_the_body_after_64_mib() {
    let running = Running::start(&[]);
    running.add_fault(&json!({ "kind": "endless_body", "text": "" }));
    let (bytes, ended) = running.whoami();
    let body = body_of(&bytes);
    let chunk = [b"10000\r\n", vec![b' '; 65536].as_slice(), b"\r\n"].concat();
    assert_eq!(body.len(), 1024 * chunk.len());
    assert!(body.chunks(chunk.len()).all(|sent| sent == chunk));
    assert_eq!(ended, Ended::Fin);
}

#[test]
fn an_endless_body_stops_when_the_client_closes_the_connection() {
    let running = Running::start(&[]);
    let descriptors = format!("/proc/{}/fd", running.child.id());
    let sockets = || {
        let entries = std::fs::read_dir(&descriptors).unwrap();
        let targets = entries.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
        targets
            .filter(|target| target.to_string_lossy().starts_with("socket:"))
            .count()
    };
    let before = sockets();
    for _ in 0..3 {
        running.add_fault(&json!({ "kind": "endless_body" }));
        let mut stream = running.send("GET /v1/debug/whoami", "");
        stream.read_exact(&mut [0; 100_000]).unwrap();
    }
    let started = Instant::now();
    // At most one connection is left: that of the request that has just been answered.
    while sockets() > before + 1 {
        running.whoami();
        assert!(started.elapsed() < Duration::from_secs(10), "{}", sockets());
    }
}

#[test]
fn a_large_body_is_the_response_with_spaces_and_can_be_compressed() {
    let running = Running::start(&[]);
    let (_, own) = running.call("GET /v1/debug/whoami", "");
    let size = 4 * 1024 * 1024;
    running.add_fault(&json!({ "kind": "large_body", "bytes": size }));
    let (head, body) = running.call("GET /v1/debug/whoami", "");
    assert!(head.contains(&format!("content-length: {size}")) && !head.contains("encoding"));
    assert_eq!(body.len(), size);
    let project_id = |body: &str| {
        let body: Value = serde_json::from_str(body).unwrap();
        body["project_id"].clone()
    };
    assert_eq!(project_id(&body), project_id(&own));
    assert_eq!(body.trim_end().len(), own.len());

    running.add_fault(&json!({ "kind": "large_body", "bytes": size, "gzip": true }));
    let (bytes, ended) = running.whoami();
    assert_eq!(ended, Ended::Fin);
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_lowercase();
    assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
    let compressed = body_of(&bytes);
    let length = format!("content-length: {}\r\n", compressed.len());
    assert!(head.contains(&length), "{head}");
    assert!(compressed.len() < size / 900, "{}", compressed.len());
    let mut body = String::new();
    GzDecoder::new(compressed)
        .read_to_string(&mut body)
        .unwrap();
    assert_eq!(body.len(), size);
    assert_eq!(project_id(&body), project_id(&own));
}

#[test]
fn a_sequence_applies_its_faults_one_after_the_other() {
    let running = Running::start(&[]);
    running.add_fault(&json!({ "sequence": [
        { "kind": "reset" },
        {
            "kind": "answer",
            "status": 429,
            "text": "<p>slow down</p>",
            "headers": { "Content-Type": "text/html", "Retry-After": "7", "Set-Cookie": ["a=1", "b=2"] },
            "times": 2,
        },
        { "kind": "none" },
        { "kind": "close" },
    ] }));
    assert_eq!(running.whoami(), (Vec::new(), Ended::Rst));
    for _ in 0..2 {
        let (head, body) = running.call("GET /v1/debug/whoami", "");
        assert!(head.starts_with("http/1.1 429 too many requests\r\n"));
        for line in [
            "content-type: text/html",
            "retry-after: 7",
            "set-cookie: a=1",
            "set-cookie: b=2",
        ] {
            assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
        }
        assert_eq!(
            (body.as_str(), head.matches("content-type").count()),
            ("<p>slow down</p>", 1)
        );
    }
    assert_eq!(
        running.json("GET /v1/debug/whoami", Value::Null)["status_code"],
        200
    );
    assert_eq!(running.whoami(), (Vec::new(), Ended::Fin));
    assert_eq!(
        running.json("GET /v1/debug/whoami", Value::Null)["status_code"],
        200
    );
    let counts = running.json(
        "GET /_emulator/requests/counts.json?path_prefix=/v1/debug",
        Value::Null,
    );
    assert_eq!(
        counts,
        json!({ "total": 6, "counts": { "GET /v1/debug/whoami": 6 } })
    );
}

#[test]
fn a_fault_applies_to_a_later_request_of_a_connection() {
    let running = Running::start(&[]);
    running.add_fault(&json!({ "sequence": [
        { "kind": "none" },
        with_digits(json!({ "kind": "partial_body" })),
    ] }));
    let mut stream = running.connect();
    for expected in [Ended::Open, Ended::Fin] {
        running.send_on(&mut stream, "GET /v1/debug/whoami", "", "");
        if expected == Ended::Open {
            let mut read = Vec::new();
            while !read.ends_with(b"}") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                read.extend(byte);
            }
            assert!(read.starts_with(b"HTTP/1.1 200 OK\r\n"));
        } else {
            let (bytes, ended) = read_to_end(&mut stream);
            assert!(bytes.ends_with(b"\r\n\r\n01234"));
            assert_eq!(ended, Ended::Fin);
        }
    }
}

#[test]
fn a_request_that_is_read_and_then_closed_or_reset_is_counted_once() {
    let running = Running::start(&[]);
    let body = json!({ "email": "ada@example.com", "padding": "x".repeat(500_000) }).to_string();
    for (kind, ended) in [("close", Ended::Fin), ("reset", Ended::Rst)] {
        running.json(
            "POST /_emulator/faults",
            json!({ "path_prefix": "/v1/users", "kind": kind, "times": 1 }),
        );
        let mut stream = running.send("POST /v1/users", &body);
        // The server has read the whole request, so the end of the connection is the fault's.
        assert_eq!(read_to_end(&mut stream), (Vec::new(), ended));
    }
    let mut stream = running.connect();
    stream
        .write_all(b"POST /v1/users HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n{")
        .unwrap();
    drop(stream);
    let counts = running.json("GET /_emulator/requests/counts.json", Value::Null);
    assert_eq!(counts["counts"], json!({ "POST /v1/users": 2 }));
    let created = running.json("POST /v1/users", json!({ "email": "ada@example.com" }));
    assert_eq!(
        created["status_code"], 201,
        "the two calls did not change the state"
    );
}

/// Returns the body of a response.
fn body_of(response: &[u8]) -> &[u8] {
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    &response[end.unwrap() + 4..]
}
