//! Faults: failures of the network or the server, which a test requests for calls to the API.
//!
//! `POST /_emulator/faults` adds a fault for all paths that start with `path_prefix`. The fault applies to the next
//! `times` calls; without `times`, it applies until `DELETE /_emulator/faults`. The oldest matching fault applies first.
//!
//! ```json
//! { "path_prefix": "/v1/sessions", "kind": "partial_body", "times": 1, "bytes": 20, "end": "reset" }
//! ```
//!
//! These kinds replace the API's own response. The call does not change the state:
//!
//! | kind | fields | effect |
//! |---|---|---|
//! | `hang` | | sends nothing and keeps the connection open until the client closes it |
//! | `close` | | closes the connection without a response (FIN) |
//! | `reset` | | resets the connection without a response (RST) |
//! | `status` | `status` (503) | sends an error response of the API with this status |
//! | `answer` | `status` (200), `body` or `text` | sends this response: `body` is any JSON value, `text` is sent unchanged |
//! | `garbage` | | sends 200 with a body that is not JSON |
//! | `redirect` | `location` | sends 307 |
//! | `hang_body` | | sends a head and a part of a chunked body, then nothing |
//!
//! These kinds change how the API's own response is delivered. The call changes the state, unless the fault also has
//! `status`, `body` or `text`, which replace the response as in `status` and `answer`:
//!
//! | kind | fields | effect |
//! |---|---|---|
//! | `none` | | delivers the response unchanged; for a `sequence` |
//! | `slow` | `delay_ms` | waits before the response |
//! | `slow_body` | `delay_ms`, `chunk_bytes` (1) | sends the head, then waits before each chunk of the body |
//! | `partial_head` | `end` (`reset`) | sends the status line and a part of the headers, then ends the connection |
//! | `partial_body` | `bytes` (half of the body), `delay_ms` (0), `end` (`close`) | sends the `content-length` of the complete body and this part of the body, waits, then ends the connection |
//! | `short_length` | `bytes` (half of the body) | sends this `content-length` and the complete body, then closes the connection |
//! | `large_body` | `bytes`, `gzip` (false) | appends spaces until the body has this many bytes; with `gzip`, compresses it |
//! | `endless_body` | `delay_ms` (0), `chunk_bytes` (65536), `max_bytes` (67108864) | sends the body and then chunks of spaces until the client closes the connection; after `max_bytes`, closes it within the body |
//!
//! `end` is `close` (FIN), `reset` (RST) or `hang` (the connection stays open). A reset discards bytes that the client's
//! machine has not received yet; a client that must read them first needs `delay_ms`.
//!
//! All kinds that send a response accept `headers`: an object of names and values. A value is a string, or a list of
//! strings to repeat the header, or `null` to remove it.
//!
//! `sequence` adds several faults at once, one after the other. In a sequence, the default of `times` is 1:
//!
//! ```json
//! { "path_prefix": "/v1/sessions", "sequence": [{ "kind": "reset" }, { "kind": "status", "status": 429, "times": 2 }] }
//! ```

mod kind;
mod numbers;
mod source;

use serde_json::{Value, json};

use super::arguments::{Refusal, refuse_unknown};
use crate::fields::Fields;
use crate::merge::Object;
use crate::message::Response;
use kind::Kind;

#[derive(Clone)]
pub(crate) struct Fault {
    path_prefix: String,
    kind: Kind,
    /// The number of calls that the fault still applies to. `None`: until the faults are cleared.
    times: Option<u64>,
    /// The fields with which the test requested the fault, for the list of faults.
    given: Object,
}

#[derive(Clone, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the oldest fault for this path and counts the use. After its last use, the fault is removed.
    pub(crate) fn consume(&mut self, path: &str) -> Option<Fault> {
        let index = self
            .0
            .iter()
            .position(|fault| path.starts_with(&fault.path_prefix))?;
        let fault = self.0.get_mut(index)?;
        fault.times = fault.times.map(|times| times.saturating_sub(1));
        if fault.times == Some(0) {
            Some(self.0.remove(index))
        } else {
            Some(fault.clone())
        }
    }
}

impl Fault {
    /// Returns the response that replaces the API's own response. `None` if the API answers the call itself.
    pub(crate) fn replacement(&self, request_id: impl FnOnce() -> String) -> Option<Response> {
        self.kind.source.response(request_id)
    }

    /// Changes the headers of a response, its body and its delivery.
    pub(crate) fn apply(&self, response: Response) -> Response {
        self.kind.apply(response)
    }
}

/// `POST /_emulator/faults`. If one fault of a sequence is refused, none of them is added.
pub(super) fn add(faults: &mut Faults, fields: &Fields) -> Result<Value, Refusal> {
    let path_prefix = fields.value("path_prefix").and_then(Value::as_str);
    let path_prefix = path_prefix
        .filter(|path| path.starts_with("/v1") || path.starts_with("/sdk/v1"))
        .ok_or("path_prefix must be a string that starts with /v1 or /sdk/v1")?;
    let added = match fields.value("sequence") {
        Some(sequence) => read_sequence(path_prefix, fields, sequence)?,
        None => vec![read_fault(path_prefix, fields, None)?],
    };
    faults.0.extend(added);
    Ok(json!({ "faults": faults.0.len() }))
}

/// `GET /_emulator/faults`: the faults that still apply, oldest first. Each has the fields with which it was requested;
/// `times` is the number of calls that it still applies to, or `null`.
pub(super) fn list(faults: &Faults) -> Value {
    let views = faults.0.iter().map(|fault| {
        let mut view = fault.given.clone();
        view.insert("path_prefix".into(), json!(fault.path_prefix));
        view.insert("times".into(), json!(fault.times));
        Value::Object(view)
    });
    json!({ "faults": views.collect::<Vec<_>>() })
}

/// `DELETE /_emulator/faults`.
pub(super) fn clear(faults: &mut Faults) -> Value {
    faults.0.clear();
    json!({ "faults": 0 })
}

fn read_sequence(
    path_prefix: &str,
    fields: &Fields,
    sequence: &Value,
) -> Result<Vec<Fault>, Refusal> {
    if fields.has("kind") || fields.has("times") {
        return Err("kind and times belong to the faults of the sequence".into());
    }
    let faults = sequence.as_array().filter(|faults| !faults.is_empty());
    let faults = faults.ok_or("sequence must be a list of faults")?;
    let read = |fault: &Value| {
        let object = fault.as_object().ok_or("a fault must be an object")?;
        read_fault(path_prefix, &Fields::from(object.clone()), Some(1))
    };
    faults.iter().map(read).collect()
}

fn read_fault(
    path_prefix: &str,
    fields: &Fields,
    default_times: Option<u64>,
) -> Result<Fault, Refusal> {
    refuse_unknown(fields, &FIELDS)?;
    Ok(Fault {
        path_prefix: path_prefix.to_owned(),
        kind: Kind::read(fields)?,
        given: fields.all().clone(),
        times: numbers::read(fields, "times", 1..=u64::MAX)?.or(default_times),
    })
}

/// The fields of all kinds.
const FIELDS: [&str; 15] = [
    "path_prefix",
    "kind",
    "times",
    "status",
    "body",
    "text",
    "headers",
    "location",
    "delay_ms",
    "chunk_bytes",
    "bytes",
    "max_bytes",
    "gzip",
    "end",
    "sequence",
];
