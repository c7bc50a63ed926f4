//! The emulator as a child process, and its pages in addition to the API.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::loopback::Browser;
use crate::process::Group;
use crate::project::cargo;
use crate::workshop::{CARGO_LIMIT, Workshop};

/// Builds the emulator and returns the path of its binary.
pub fn binary(workshop: &Workshop) -> Result<PathBuf> {
    workshop.run(
        "build the emulator",
        "build-emulator",
        Command::new(cargo())
            .args(["build", "--package", NAME, "--bin", NAME])
            .current_dir(workshop.project.root()),
        CARGO_LIMIT,
    )?;
    Ok(path(workshop))
}

/// The path of the built binary.
pub fn path(workshop: &Workshop) -> PathBuf {
    workshop.project.target("debug").join(NAME)
}

/// A running emulator. It ends when this is dropped. If this process is killed, it ends too,
/// because it ends when its standard input is closed.
#[derive(Debug)]
pub struct Emulator {
    /// Its base URL, without a slash at the end.
    pub url: String,
    /// The consumer project's id.
    pub project_id: String,
    /// The consumer project's secret.
    pub secret: String,
    _process: Group,
}

impl Emulator {
    /// Starts it on a free port.
    pub fn start(binary: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command
            .args(["--port", "0", "--end-with-stdin", "--quiet"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut process = Group::spawn(&mut command)?;
        let stdout = process
            .child()
            .stdout
            .take()
            .context("the emulator has no stdout")?;
        let (send, receive) = mpsc::channel();
        // In a thread, because a pipe cannot be read with a timeout.
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(stdout).read_line(&mut line);
            let _ = send.send(read.map(|_| line));
        });
        let line = receive.recv_timeout(START_LIMIT).map_err(|_| {
            anyhow!(
                "the emulator did not print its address within {} s",
                START_LIMIT.as_secs()
            )
        })??;
        let ready: Value = serde_json::from_str(&line)
            .context("the first line of the emulator is not JSON; its errors are above")?;
        let text = |pointer: &str| {
            let value = ready
                .pointer(pointer)
                .and_then(Value::as_str)
                .map(str::to_owned);
            value.with_context(|| format!("the first line of the emulator has no {pointer}"))
        };
        Ok(Self {
            url: text("/url")?,
            project_id: text("/consumer/project_id")?,
            secret: text("/consumer/secret")?,
            _process: process,
        })
    }

    /// The URL of the page with the sent e-mails.
    pub fn outbox(&self) -> String {
        format!("{}/#outbox", self.url)
    }

    /// The link in the newest e-mail to `address`.
    pub fn newest_link(&self, address: &str) -> Result<String> {
        let outbox = Browser::new()
            .get(&format!("{}/_emulator/outbox.json", self.url))?
            .json()?;
        let messages = outbox.get("messages").and_then(Value::as_array);
        messages
            .into_iter()
            .flatten()
            .find(|message| message.get("to").and_then(Value::as_str) == Some(address))
            .and_then(|message| message.get("url").and_then(Value::as_str))
            .map(str::to_owned)
            .with_context(|| format!("the emulator has not sent an e-mail to {address}"))
    }

    /// The API calls after the call with the given number, as `METHOD path`, and the number of the last call.
    pub fn calls_after(&self, number: u64) -> Result<(Vec<String>, u64)> {
        let url = format!("{}/_emulator/requests.json?after={number}", self.url);
        let log = Browser::new().get(&url)?.json()?;
        let requests = log
            .get("requests")
            .and_then(Value::as_array)
            .with_context(|| format!("{url} has no `requests`"))?;
        let word = |request: &Value, name: &str| {
            request
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let calls = requests
            .iter()
            .map(|request| format!("{} {}", word(request, "method"), word(request, "path")))
            .collect();
        let numbers = requests
            .iter()
            .filter_map(|request| request.get("number")?.as_u64());
        Ok((calls, numbers.fold(number, u64::max)))
    }

    /// A session JWT with the given signing key, header and claims.
    pub fn token(&self, key: &str, header: &Value, claims: &Value) -> Result<String> {
        let order =
            json!({ "product": "consumer", "key": key, "header": header, "claims": claims });
        let answer = Browser::new()
            .post_json(&format!("{}/_emulator/tokens", self.url), &order)?
            .json()?;
        let token = answer.get("token").and_then(Value::as_str);
        token
            .map(str::to_owned)
            .context("the emulator did not return a token")
    }
}

const NAME: &str = "stytch-emulator";
const START_LIMIT: Duration = Duration::from_secs(30);
