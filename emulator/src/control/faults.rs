//! Faults: failures of the network or the server, which a test requests for calls to the API.
//!
//! A call with a fault does not change the state. The exception is `slow`, which only delays the API's own response.
//! [`Delivery`] specifies how the server treats the connection. All other faults are ordinary responses.

use serde_json::{Value, json};

use super::arguments::Refusal;
use crate::errors;
use crate::fields::Fields;
use crate::message::{Delivery, Response};

#[derive(Clone)]
pub(crate) struct Fault {
    path_prefix: String,
    kind: Kind,
    /// The number of calls that the fault still applies to. `None`: until the faults are cleared.
    times: Option<u64>,
}

#[derive(Clone)]
enum Kind {
    Hang,
    HangBody,
    Redirect {
        location: String,
    },
    Garbage,
    Status(u16),
    Close,
    /// A response with status 200 and this body.
    Answer(Value),
    Slow(u32),
}

#[derive(Clone, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
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
    /// Returns the delay in milliseconds, if the fault only delays the API's own response.
    pub(crate) fn delay_ms(&self) -> Option<u32> {
        match self.kind {
            Kind::Slow(milliseconds) => Some(milliseconds),
            _ => None,
        }
    }

    /// Returns the response that replaces the API's own response.
    pub(crate) fn response(&self, request_id: &str) -> Response {
        let json_type = "application/json; charset=utf-8";
        match &self.kind {
            Kind::Hang => Response {
                delivery: Delivery::Hangs,
                ..Response::new(200, json_type, "")
            },
            // `Slow` does not reach this line: `delay_ms` returns its delay.
            Kind::Close | Kind::Slow(_) => Response {
                delivery: Delivery::Closes,
                ..Response::new(200, json_type, "")
            },
            Kind::HangBody => Response {
                delivery: Delivery::BodyHangs,
                ..Response::new(200, json_type, "{\"status_code\":")
            },
            Kind::Garbage => Response::new(200, json_type, "<html>this is not JSON"),
            Kind::Redirect { location } => {
                let mut response = Response::new(307, "text/plain", "");
                response.headers.push(("location".into(), location.clone()));
                response
            }
            Kind::Answer(body) => Response::json(200, body),
            Kind::Status(status) => {
                let row = errors::row_for_status(*status).unwrap_or(&errors::INTERNAL_SERVER_ERROR);
                Response::json(*status, &row.failure().body(request_id))
            }
        }
    }
}

/// `POST /_emulator/faults`.
pub(super) fn add(faults: &mut Faults, fields: &Fields) -> Result<Value, Refusal> {
    let text = |name| fields.value(name).and_then(Value::as_str);
    let path_prefix = text("path_prefix")
        .filter(|path| path.starts_with("/v1"))
        .ok_or("path_prefix must be a string that starts with /v1")?;
    let kind = match text("kind").unwrap_or_default() {
        "hang" => Kind::Hang,
        "hang_body" => Kind::HangBody,
        "redirect" => Kind::Redirect {
            location: text("location").unwrap_or(DEFAULT_LOCATION).to_owned(),
        },
        "garbage" => Kind::Garbage,
        "status" => Kind::Status(read_status(fields)?),
        "close" => Kind::Close,
        "answer" => Kind::Answer(
            fields
                .value("body")
                .cloned()
                .ok_or("body is required if kind is answer")?,
        ),
        "slow" => Kind::Slow(read_delay(fields)?),
        _ => {
            return Err(
                "kind must be hang, hang_body, redirect, garbage, status, close, answer or slow"
                    .into(),
            );
        }
    };
    let times = fields
        .value("times")
        .map(|times| times.as_u64().filter(|times| *times > 0));
    let times = times
        .map(|times| times.ok_or("times must be a whole number, 1 or greater"))
        .transpose()?;
    faults.0.push(Fault {
        path_prefix: path_prefix.to_owned(),
        kind,
        times,
    });
    Ok(json!({ "faults": faults.0.len() }))
}

/// `DELETE /_emulator/faults`.
pub(super) fn clear(faults: &mut Faults) -> Value {
    faults.0.clear();
    json!({ "faults": 0 })
}

fn read_delay(fields: &Fields) -> Result<u32, Refusal> {
    let delay = fields.value("delay_ms").and_then(Value::as_u64);
    let delay = delay.and_then(|delay| u32::try_from(delay).ok());
    delay.ok_or_else(|| {
        "delay_ms must be a whole number of milliseconds, at most 4294967295".to_owned()
    })
}

/// Reads `status`. Only a status with an error type is accepted, so that the status and the body agree.
fn read_status(fields: &Fields) -> Result<u16, Refusal> {
    let status = fields.value("status").map_or(Some(503), Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok());
    let known = status.filter(|status| errors::row_for_status(*status).is_some());
    known.ok_or_else(|| "status must be 400, 401, 403, 404, 405, 429, 500 or 503".to_owned())
}

/// The default target of a redirect. It is a route of the API, so a client that follows the redirect appears in the
/// request log.
const DEFAULT_LOCATION: &str = "/v1/debug/whoami";
