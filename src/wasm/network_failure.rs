//! The reason of a request that the runtime could not complete, according to the value that `fetch` or a body threw.
//!
//! No standard defines these values, so each runtime has its own names, codes and messages. The tables below have the
//! ones that runtimes throw for a failure of the network (`tests/runtimes/network.mjs` compares them). A message decides
//! only by a fixed phrase, and is never part of an error: runtimes quote URLs with their queries in messages, and the
//! caller's `fetch` may quote the request.

use js_sys::{JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::client::Reason;

/// A request that the runtime could not complete.
pub(super) struct NetworkFailure {
    pub(super) reason: Reason,
    /// The names and codes of the error and its cause, as in `TypeError ECONNREFUSED`.
    pub(super) names: String,
}

impl NetworkFailure {
    pub(super) fn read(thrown: &JsValue) -> Self {
        let cause = Reflect::get(thrown, &"cause".into()).unwrap_or(JsValue::UNDEFINED);
        let names: Vec<String> = [(thrown, "name"), (thrown, "code"), (&cause, "code")]
            .into_iter()
            .filter_map(|(error, property)| word(error, property))
            .collect();
        // The cause is the most specific one, so it comes first.
        let named = names.iter().rev().find_map(|name| reason_of_name(name));
        let described = || [&cause, thrown].into_iter().find_map(reason_of_message);
        Self {
            reason: named.or_else(described).unwrap_or(Reason::Unknown),
            names: if names.is_empty() {
                "unknown error".to_owned()
            } else {
                names.join(" ")
            },
        }
    }

    /// The predicate of the message about the request.
    pub(super) fn predicate(&self) -> String {
        let Self { reason, names } = self;
        match reason {
            Reason::Unknown => ["could not be completed (", names, ")"].concat(),
            _ => ["could not be completed: ", reason.word(), " (", names, ")"].concat(),
        }
    }
}

/// A name or a code. Other texts are ignored, because they may be a part of the request.
fn word(error: &JsValue, property: &str) -> Option<String> {
    let text: JsString = Reflect::get(error, &property.into())
        .ok()?
        .dyn_into()
        .ok()?;
    let text = (text.length() <= MAX_NAME_LENGTH).then(|| String::from(text))?;
    let mut bytes = text.bytes();
    let is_plain = bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_plain.then_some(text)
}

fn reason_of_name(name: &str) -> Option<Reason> {
    let mut rows = NAMES.iter();
    rows.find(|(start, _)| name.starts_with(start))
        .map(|(_, reason)| *reason)
}

/// Searches the message in JavaScript. A message may be long, and wasm memory never shrinks.
fn reason_of_message(error: &JsValue) -> Option<Reason> {
    let message: JsString = Reflect::get(error, &"message".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let mut rows = PHRASES.iter();
    rows.find(|(phrase, _)| message.includes(phrase, 0))
        .map(|(_, reason)| *reason)
}

const MAX_NAME_LENGTH: u32 = 40;

/// The start of a name or a code, and its reason. The codes are those of libuv, OpenSSL, undici and Bun.
const NAMES: [(&str, Reason); 24] = [
    ("ECONNREFUSED", Reason::ConnectionRefused),
    ("ECONNRESET", Reason::ConnectionReset),
    ("EPIPE", Reason::ConnectionReset),
    ("UND_ERR_SOCKET", Reason::ConnectionReset),
    ("ENOTFOUND", Reason::Dns),
    ("EAI_", Reason::Dns),
    ("EPROTO", Reason::Tls),
    ("ERR_SSL_", Reason::Tls),
    ("ERR_TLS_", Reason::Tls),
    ("CERT_", Reason::Tls),
    ("DEPTH_ZERO_SELF_SIGNED_CERT", Reason::Tls),
    ("SELF_SIGNED_CERT_IN_CHAIN", Reason::Tls),
    ("UNABLE_TO_", Reason::Tls),
    ("ETIMEDOUT", Reason::Timeout),
    ("UND_ERR_CONNECT_TIMEOUT", Reason::Timeout),
    ("UND_ERR_HEADERS_TIMEOUT", Reason::Timeout),
    ("UND_ERR_BODY_TIMEOUT", Reason::Timeout),
    ("TimeoutError", Reason::Timeout),
    ("AbortError", Reason::Aborted),
    ("UND_ERR_ABORTED", Reason::Aborted),
    // The server sent a response that is not HTTP, or whose compression is invalid.
    ("HPE_", Reason::ApiUnavailable),
    ("Malformed_HTTP", Reason::ApiUnavailable),
    ("Z_", Reason::ApiUnavailable),
    ("ZlibError", Reason::ApiUnavailable),
];

/// A phrase of a message, and its reason. Each phrase has a space, so a URL in the message cannot contain it.
const PHRASES: [(&str, Reason); 15] = [
    // Deno. The numbers are the codes of Windows, which translates its messages.
    ("onnection refused (", Reason::ConnectionRefused),
    ("(os error 10061)", Reason::ConnectionRefused),
    ("onnection reset by peer", Reason::ConnectionReset),
    ("(os error 10054)", Reason::ConnectionReset),
    (
        "connection closed before message completed",
        Reason::ConnectionReset,
    ),
    (
        "error reading a body from connection",
        Reason::ConnectionReset,
    ),
    ("dns error", Reason::Dns),
    ("invalid peer certificate", Reason::Tls),
    ("received corrupt message", Reason::Tls),
    ("received fatal alert", Reason::Tls),
    ("tls handshake eof", Reason::Tls),
    ("invalid HTTP version", Reason::ApiUnavailable),
    ("Invalid gzip header", Reason::ApiUnavailable),
    // workerd. A refused connection has the same message as a reset one.
    ("Network connection lost", Reason::ConnectionReset),
    ("Gzip decompression failed", Reason::ApiUnavailable),
];
