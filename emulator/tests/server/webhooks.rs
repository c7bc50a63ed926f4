//! The delivery of webhooks: their order, headers and retries, and receivers that do not answer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::running::Running;

/// A request that the receiver got: the lines of its head, and its body.
struct Received {
    head: Vec<String>,
    body: Value,
    /// The connection stays open, as that of a server with keep-alive.
    _stream: TcpStream,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        let mut lines = self.head.iter().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("no header {name}")).1
    }

    fn user(&self) -> &str {
        self.body["user"]["emails"][0]["email"].as_str().unwrap()
    }
}

/// Starts a receiver that sends these statuses, and then 204. Returns its URL.
fn receiver(statuses: &'static [u16]) -> (String, Receiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/hooks?from=emulator",
        listener.local_addr().unwrap()
    );
    let (sender, received) = channel();
    std::thread::spawn(move || {
        for (index, stream) in listener.incoming().enumerate() {
            let status = statuses.get(index).copied().unwrap_or(204);
            if sender.send(answer(stream.unwrap(), status)).is_err() {
                return;
            }
        }
    });
    (url, received)
}

fn answer(mut stream: TcpStream, status: u16) -> Received {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let mut received = Received {
        head,
        body: Value::Null,
        _stream: stream.try_clone().unwrap(),
    };
    let mut body = vec![0; received.header("content-length").parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    received.body = serde_json::from_slice(&body).unwrap();
    let body = match status {
        204 => "\r\n",
        _ => "content-length: 2\r\n\r\nok",
    };
    write!(stream, "HTTP/1.1 {status} x\r\n{body}").unwrap();
    received
}

fn create_user(running: &Running, name: &str) {
    let user = json!({ "email": format!("{name}@example.com") });
    assert_eq!(running.json("POST /v1/users", user)["status_code"], 201);
}

fn next(received: &Receiver<Received>) -> Received {
    received.recv_timeout(Duration::from_secs(20)).unwrap()
}

#[test]
fn delivers_webhooks_in_order_and_tries_a_failed_one_again() {
    let (url, received) = receiver(&[200, 500]);
    let running = Running::start(&["--webhook", &url]);
    create_user(&running, "ada");
    let first = next(&received);
    assert_eq!(first.head[0], "POST /hooks?from=emulator HTTP/1.1");
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(
        (first.user(), &first.body["action"]),
        ("ada@example.com", &json!("CREATE"))
    );

    create_user(&running, "bob");
    let failed = next(&received);
    create_user(&running, "cy");
    let (second, third) = (next(&received), next(&received));
    // The retry of Bob's message and the first attempt of Cy's can have any order.
    let (again, other) = match second.user() {
        "bob@example.com" => (second, third),
        _ => (third, second),
    };
    assert_eq!(
        (failed.user(), again.user(), other.user()),
        ("bob@example.com", "bob@example.com", "cy@example.com")
    );
    assert_eq!(failed.header("svix-id"), again.header("svix-id"));

    let page = running.json("GET /_emulator/webhooks.json", Value::Null);
    let ids = page["webhooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|webhook| &webhook["id"]);
    let sent = [&first, &failed, &other].map(|received| json!(received.header("svix-id")));
    assert!(ids.eq(sent.iter()));
    let seconds: u64 = again.header("svix-timestamp").parse().unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert!(now.as_secs().abs_diff(seconds) < 30);
    assert!(first.header("svix-signature").starts_with("v1,"));
}

#[test]
fn a_receiver_that_hangs_or_is_missing_does_not_slow_the_api() {
    // The listener accepts connections into its queue and never answers.
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let missing = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for address in [hangs.local_addr().unwrap(), missing] {
        let running = Running::start(&["--webhook", &format!("http://{address}/")]);
        let start = Instant::now();
        for number in 0..20 {
            create_user(&running, &number.to_string());
        }
        assert!(
            start.elapsed() < Duration::from_secs(4),
            "{:?}",
            start.elapsed()
        );
        let page = running.json("GET /_emulator/webhooks.json", Value::Null);
        assert_eq!(page["webhooks"].as_array().unwrap().len(), 20);
    }
}

#[test]
fn delivers_a_webhook_when_its_receiver_starts_later() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let running = Running::start(&["--webhook", &format!("http://{address}")]);
    create_user(&running, "ada");
    // The first attempt fails within this time. If it does not, the test passes without a retry.
    std::thread::sleep(Duration::from_millis(150));
    let listener = TcpListener::bind(address).unwrap();
    let received = answer(listener.accept().unwrap().0, 204);
    assert_eq!(
        (received.user(), received.head[0].as_str()),
        ("ada@example.com", "POST / HTTP/1.1")
    );
}

#[test]
fn a_change_directly_after_a_reset_is_delivered() {
    let (url, received) = receiver(&[200, 200, 200, 200, 200]);
    let running = Running::start(&["--webhook", &url]);
    for name in ["ada", "bob", "cy", "dee", "eve"] {
        let answer = running.json("POST /_emulator/reset", json!({}));
        assert!(answer["clock"].is_object(), "{answer}");
        create_user(&running, name);
        assert_eq!(next(&received).user(), format!("{name}@example.com"));
    }
}
