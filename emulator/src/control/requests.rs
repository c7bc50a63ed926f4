//! The request log: the calls that reached the API. The log does not contain secrets and queries. `session` is the kind of
//! the session's credential in the body and a fingerprint, for tests that count the calls of one credential: `session_jwt`
//! or `session_token`, and the first 8 bytes of its SHA-256 in hexadecimal digits. A browser SDK sends its session token in
//! the Authorization header.
//!
//! The last 200 calls have `request_body` and `response_body`, in which secrets are masked (see `masked.rs`). A form is
//! logged as an object. A body that is not JSON, has more than 64 KiB, or is longer than 8 KiB after the masking is
//! described by a text. A response that the client does not receive is not logged.
//!
//! A call is recorded when its body has arrived completely, also if a fault then withholds the response.
//!
//! - `GET /_emulator/requests.json?after=<number>` returns the last 10,000 calls.
//! - `GET /_emulator/requests/counts.json?path_prefix=<prefix>` returns the exact number of calls since the start:
//!   `{ "total": 3, "counts": { "POST /v1/sessions/authenticate": 3 } }`.

use std::collections::{BTreeMap, VecDeque};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::masked::{fingerprint, masked};
use crate::browser;
use crate::clock::UnixSeconds;
use crate::credentials;
use crate::message::{Request, Response};

#[derive(Clone, Serialize)]
struct Entry {
    number: u64,
    time: UnixSeconds,
    method: String,
    path: String,
    status: u16,
    credentials: &'static str,
    user_agent: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<LoggedBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_body: Option<LoggedBody>,
}

/// A masked body as JSON text. A parsed value would need several times the memory.
#[derive(Clone)]
struct LoggedBody(String);

#[derive(Clone, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<Entry>,
    counted: u64,
    /// The number of calls of each path and method.
    counts: BTreeMap<(String, String), u64>,
}

impl RequestLog {
    /// Records a call to the API. Requests outside of `/v1/` and `/sdk/v1/` are not calls to the API.
    pub(crate) fn record(&mut self, request: &Request, response: &Response, now: UnixSeconds) {
        let is_of_sdk = request.is_of_browser_sdk();
        if !is_of_sdk && !request.path.starts_with("/v1/") {
            return;
        }
        self.counted = self.counted.saturating_add(1);
        let call = (request.path.clone(), request.method.clone());
        let count = self.counts.entry(call).or_default();
        *count = count.saturating_add(1);
        let answered = response.delivery.sends_status();
        let without_bodies = self.entries.len().checked_sub(MAX_BODIES);
        if let Some(entry) = without_bodies.and_then(|at| self.entries.get_mut(at)) {
            (entry.request_body, entry.response_body) = (None, None);
        }
        self.entries.push_back(Entry {
            number: self.counted,
            time: now,
            method: request.method.clone(),
            path: request.path.clone(),
            status: if answered { response.status } else { 0 },
            credentials: credentials::kind(request.header("authorization")),
            user_agent: request.header("user-agent").unwrap_or_default().to_owned(),
            session: if is_of_sdk {
                let token = browser::session_token(request);
                token.map(|token| format!("session_token {}", fingerprint(&token)))
            } else {
                session_credential(&request.body)
            },
            request_body: LoggedBody::read(&request.body, request.has_form()),
            response_body: match answered {
                true => LoggedBody::read(&response.body, false),
                false => None,
            },
        });
        if self.entries.len() > MAX_ENTRIES {
            self.entries.pop_front();
        }
    }

    /// Returns the number of calls since the start.
    pub(super) fn counted(&self) -> u64 {
        self.counted
    }

    /// Returns the entries with a number greater than `after`, oldest first.
    pub(crate) fn page(&self, query: &str) -> Response {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let after = pairs
            .find(|(key, _)| key == "after")
            .map_or(Ok(0), |(_, value)| value.parse::<u64>());
        let Ok(after) = after else {
            return Response::json(400, &json!({ "error": "after must be a whole number" }));
        };
        let shown: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.number > after)
            .collect();
        Response::json(200, &json!({ "requests": shown }))
    }

    /// Returns the number of calls to the paths that start with `path_prefix`.
    pub(crate) fn counts(&self, query: &str) -> Response {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let prefix = pairs
            .find(|(key, _)| key == "path_prefix")
            .map(|(_, prefix)| prefix)
            .unwrap_or_default();
        let counted = self
            .counts
            .iter()
            .filter(|((path, _), _)| path.starts_with(&*prefix));
        let total: u64 = counted.clone().map(|(_, count)| count).sum();
        let counts: BTreeMap<String, u64> = counted
            .map(|((path, method), count)| (format!("{method} {path}"), *count))
            .collect();
        Response::json(200, &json!({ "total": total, "counts": counts }))
    }
}

/// Returns the kind and the fingerprint of the session's credential in a body.
fn session_credential(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let text = |kind| Some((kind, body.get(kind)?.as_str()?));
    let (kind, credential) = text("session_jwt").or_else(|| text("session_token"))?;
    Some(format!("{kind} {}", fingerprint(credential)))
}

impl LoggedBody {
    /// Masks a body. Returns `None` if it is empty.
    fn read(body: &[u8], is_form: bool) -> Option<Self> {
        // A fault appends spaces to make a body large.
        let body = body.trim_ascii_end();
        let size = body.len();
        if size == 0 {
            return None;
        }
        if size > MAX_READ_BYTES {
            return Some(Self::text(format!("({size} bytes)")));
        }
        // Many clients, such as curl, send JSON with the content type of a form.
        let value = match serde_json::from_slice(body) {
            Err(_) if is_form && !body.starts_with(b"{") => Ok(form_urlencoded::parse(body)
                .into_owned()
                .map(|(name, value)| (name, json!(value)))
                .collect()),
            read => read,
        };
        let Ok(value) = value else {
            return Some(Self::text(format!("({size} bytes that are not JSON)")));
        };
        let mut written = masked(value).to_string();
        if written.len() <= MAX_BODY_BYTES {
            return Some(Self(written));
        }
        written.truncate(written.floor_char_boundary(MAX_BODY_BYTES));
        Some(Self::text(format!("{written}… ({size} bytes)")))
    }

    fn text(text: String) -> Self {
        Self(Value::String(text).to_string())
    }
}

impl Serialize for LoggedBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value: Value = serde_json::from_str(&self.0).unwrap_or_default();
        value.serialize(serializer)
    }
}

const MAX_ENTRIES: usize = 10_000;
const MAX_BODIES: usize = 200;
const MAX_READ_BYTES: usize = 64 * 1024;
const MAX_BODY_BYTES: usize = 8 * 1024;
