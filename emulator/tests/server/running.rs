//! The running program, and requests to it whose responses are read byte by byte.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub struct Running {
    pub child: Child,
    pub ready: Value,
}

impl Running {
    pub fn start(arguments: &[&str]) -> Self {
        Self::spawn(command(arguments))
    }

    pub fn spawn(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            ready: serde_json::from_str(&line).unwrap(),
        }
    }

    pub fn address(&self) -> &str {
        self.ready["url"]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap()
    }

    /// Sends a request with the credentials of the consumer project, and asks the server to close the connection.
    pub fn send(&self, call: &str, body: &str) -> TcpStream {
        let mut stream = self.connect();
        self.send_on(&mut stream, call, "connection: close\r\n", body);
        stream
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
    }

    pub fn send_on(&self, stream: &mut TcpStream, call: &str, headers: &str, body: &str) {
        let [id, secret] =
            ["project_id", "secret"].map(|name| self.ready["consumer"][name].as_str().unwrap());
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        let length = body.len();
        let head = format!(
            "{call} HTTP/1.1\r\nhost: {}\r\nauthorization: Basic {basic}",
            self.address()
        );
        write!(
            stream,
            "{head}\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
    }

    /// Sends these bytes and returns the response.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Adds a fault for one call of `GET /v1/debug/whoami`.
    pub fn add_fault(&self, fault: &Value) {
        let mut fault = fault.clone();
        fault["path_prefix"] = json!("/v1/debug");
        if fault["sequence"].is_null() {
            fault["times"] = json!(1);
        }
        let added = self.json("POST /_emulator/faults", fault);
        assert!(added["faults"].is_number(), "{added}");
    }

    /// Sends `GET /v1/debug/whoami` and returns all bytes of the response.
    pub fn whoami(&self) -> (Vec<u8>, Ended) {
        read_to_end(&mut self.send("GET /v1/debug/whoami", ""))
    }

    /// Returns the head (in lower case) and the body of the response.
    pub fn call(&self, call: &str, body: &str) -> (String, String) {
        let mut answer = String::new();
        self.send(call, body).read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }

    pub fn json(&self, call: &str, body: Value) -> Value {
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

pub fn command(arguments: &[&str]) -> Command {
    let mut command = program();
    if !arguments.contains(&"--port") {
        command.args(["--port", "0"]);
    }
    command
        .args(arguments)
        .args(["--end-with-stdin", "--quiet"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The Rust server, or the command in `STYTCH_EMULATOR_COMMAND`: words separated by spaces, for the server in npm.
pub fn program() -> Command {
    let own = env!("CARGO_BIN_EXE_stytch-emulator").to_owned();
    let words = std::env::var("STYTCH_EMULATOR_COMMAND").unwrap_or(own);
    let mut words = words.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words);
    command
}

/// How a connection ends after the last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Fin,
    Rst,
    /// The server has sent nothing for as long as the read timeout of the stream.
    Open,
}

/// Reads all bytes of a response.
pub fn read_to_end(stream: &mut TcpStream) -> (Vec<u8>, Ended) {
    let mut bytes = Vec::new();
    let ended = match stream.read_to_end(&mut bytes).map_err(|error| error.kind()) {
        Ok(_) => Ended::Fin,
        Err(ErrorKind::ConnectionReset) => Ended::Rst,
        Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ended::Open,
        Err(kind) => panic!("cannot read: {kind}"),
    };
    (bytes, ended)
}
