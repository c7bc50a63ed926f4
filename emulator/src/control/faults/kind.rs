//! The kinds of faults: the fields of each, and the delivery that it requests.

use serde_json::Value;

use super::Refusal;
use super::numbers::{read_bytes, read_delay};
use super::source::{Headers, Source};
use crate::errors;
use crate::fields::Fields;
use crate::message::{Delivery, End, Response};

#[derive(Clone)]
pub(super) struct Kind {
    pub(super) source: Source,
    headers: Headers,
    change: Change,
}

/// What a fault does with a response. `None` for a number of bytes: half of the body.
#[derive(Clone, Copy)]
enum Change {
    /// This delivery, which does not depend on the body.
    Deliver(Delivery),
    PartialBody {
        bytes: Option<usize>,
        delay_ms: u32,
        end: End,
    },
    ShortLength {
        bytes: Option<usize>,
    },
    LargeBody {
        bytes: usize,
        gzip: bool,
    },
}

impl Kind {
    pub(super) fn read(fields: &Fields) -> Result<Self, Refusal> {
        let name = fields.value("kind").and_then(Value::as_str);
        let name = name.unwrap_or_default();
        let (source, change) = match read_replacing(name, fields)? {
            Some(read) => read,
            None => {
                let change = read_delivering(name, fields)?;
                let change = change.ok_or_else(|| format!("kind must be {KINDS}"))?;
                (Source::read(fields)?.unwrap_or(Source::Api), change)
            }
        };
        Ok(Self {
            source,
            headers: Headers::read(fields)?,
            change,
        })
    }

    pub(super) fn apply(&self, mut response: Response) -> Response {
        self.headers.apply(&mut response);
        let length = response.body.len();
        response.delivery = match self.change {
            Change::Deliver(delivery) => delivery,
            Change::PartialBody {
                bytes,
                delay_ms,
                end,
            } => Delivery::PartialBody {
                bytes: bytes.unwrap_or(length / 2).min(length),
                delay_ms,
                end,
            },
            Change::ShortLength { bytes } => Delivery::ShortLength {
                bytes: bytes.unwrap_or(length / 2).min(length),
            },
            Change::LargeBody { bytes, gzip } => {
                // The spaces are at the end, so that a client that cuts the body off at its limit reads valid JSON. Such
                // a client accepts the body, and its test fails.
                response.body.resize(length.max(bytes), b' ');
                if gzip {
                    Delivery::Gzip
                } else {
                    Delivery::Whole
                }
            }
        };
        response
    }
}

/// Reads a kind that replaces the API's own response.
fn read_replacing(name: &str, fields: &Fields) -> Result<Option<(Source, Change)>, Refusal> {
    let json_type = "application/json; charset=utf-8";
    let nothing = || Source::Given(Response::new(200, json_type, ""));
    let (source, delivery) = match name {
        "hang" => (nothing(), Delivery::Hangs),
        "close" => (nothing(), Delivery::Closes),
        "reset" => (nothing(), Delivery::Resets),
        "hang_body" => {
            let response = Response::new(200, json_type, "{\"status_code\":");
            (Source::Given(response), Delivery::BodyHangs)
        }
        "garbage" => {
            let response = Response::new(200, json_type, "<html>this is not JSON");
            (Source::Given(response), Delivery::Whole)
        }
        "redirect" => {
            let location = fields.value("location").and_then(Value::as_str);
            let location = location.unwrap_or(DEFAULT_LOCATION).to_owned();
            if http::HeaderValue::from_str(&location).is_err() || !location.is_ascii() {
                return Err("location must be the text of a header, in ASCII".into());
            }
            let mut response = Response::new(307, "text/plain", "");
            response.headers.push(("location".into(), location));
            (Source::Given(response), Delivery::Whole)
        }
        "status" => {
            let source = Source::read(fields)?;
            let default = Source::Error(&errors::SERVER_UNAVAILABLE);
            (source.unwrap_or(default), Delivery::Whole)
        }
        "answer" => match Source::read(fields)? {
            Some(source @ Source::Given(_)) => (source, Delivery::Whole),
            _ => return Err("body or text is required if kind is answer".into()),
        },
        _ => return Ok(None),
    };
    Ok(Some((source, Change::Deliver(delivery))))
}

/// Reads a kind that changes the delivery of the API's own response.
fn read_delivering(name: &str, fields: &Fields) -> Result<Option<Change>, Refusal> {
    let delay_ms = read_delay(fields)?;
    let required_delay =
        || delay_ms.ok_or_else(|| format!("delay_ms is required if kind is {name}"));
    let chunk_bytes = read_bytes(fields, "chunk_bytes", 1..=MAX_LARGE_BYTES)?;
    let bytes = read_bytes(fields, "bytes", 0..=MAX_LARGE_BYTES)?;
    let change = match name {
        "none" => Change::Deliver(Delivery::Whole),
        "slow" => Change::Deliver(Delivery::Late(required_delay()?)),
        "slow_body" => Change::Deliver(Delivery::SlowBody {
            chunk_bytes: chunk_bytes.unwrap_or(1),
            delay_ms: required_delay()?,
        }),
        "partial_head" => Change::Deliver(Delivery::PartialHead {
            end: read_end(fields, End::Resets)?,
        }),
        "partial_body" => Change::PartialBody {
            bytes,
            delay_ms: delay_ms.unwrap_or(0),
            end: read_end(fields, End::Closes)?,
        },
        "short_length" => Change::ShortLength { bytes },
        "large_body" => Change::LargeBody {
            bytes: bytes.ok_or("bytes is required if kind is large_body")?,
            gzip: fields
                .flag("gzip")
                .map_err(|_| "gzip must be a boolean")?
                .unwrap_or(false),
        },
        "endless_body" => Change::Deliver(Delivery::EndlessBody {
            chunk_bytes: chunk_bytes.unwrap_or(DEFAULT_CHUNK_BYTES),
            delay_ms: delay_ms.unwrap_or(0),
            max_bytes: read_bytes(fields, "max_bytes", 1..=MAX_ENDLESS_BYTES as u64)?
                .unwrap_or(MAX_ENDLESS_BYTES),
        }),
        _ => return Ok(None),
    };
    Ok(Some(change))
}

fn read_end(fields: &Fields, default: End) -> Result<End, Refusal> {
    let Some(end) = fields.value("end") else {
        return Ok(default);
    };
    match end.as_str() {
        Some("close") => Ok(End::Closes),
        Some("reset") => Ok(End::Resets),
        Some("hang") => Ok(End::Hangs),
        _ => Err("end must be close, reset or hang".into()),
    }
}

const KINDS: &str = "hang, hang_body, redirect, garbage, status, close, answer, slow, reset, none, slow_body, \
                     partial_head, partial_body, short_length, large_body or endless_body";
/// The default target of a redirect. It is a route of the API, so a client that follows the redirect appears in the
/// request log.
const DEFAULT_LOCATION: &str = "/v1/debug/whoami";
const DEFAULT_CHUNK_BYTES: usize = 64 * 1024;
/// A client that does not close the connection must not keep a test running forever.
const MAX_ENDLESS_BYTES: usize = 64 * 1024 * 1024;
/// The emulator holds the complete body in memory.
const MAX_LARGE_BYTES: u64 = 256 * 1024 * 1024;
