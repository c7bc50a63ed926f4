//! What goes in and out of the emulator: HTTP messages without a socket.

use serde_json::Value;

/// An HTTP request as the server read it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The verb, in capitals.
    pub method: String,
    /// The path as it stood in the request line, still percent-encoded, without the query.
    pub path: String,
    /// The query without its question mark; empty if there is none.
    pub query: String,
    /// Names and values in the order they came. Names compare without case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the body says that it is a form.
    pub(crate) fn has_form(&self) -> bool {
        let media_type = self.header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

/// An HTTP answer, and how much of it the server is to send.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// Anything but [`Delivery::Whole`] is a fault that somebody asked for.
    pub delivery: Delivery,
}

/// How the server treats the connection. Only faults choose something else than the whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Send it all.
    Whole,
    /// Send the head and the body there is, then keep the body open for ever.
    BodyHangs,
    /// Send it all, after so many milliseconds.
    Late(u32),
    /// Keep the connection open and never answer.
    Hangs,
    /// Drop the connection without an answer.
    Closes,
}

impl Response {
    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    /// An answer of any kind, sent whole.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type".into(), content_type.into()),
                ("cache-control".into(), "no-store".into()),
            ],
            body: body.into(),
            delivery: Delivery::Whole,
        }
    }
}
