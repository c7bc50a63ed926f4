//! The input and output of the emulator: HTTP messages without a socket.

use serde_json::Value;

/// An HTTP request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path in its percent-encoded form, without the query.
    pub path: String,
    /// The query without its question mark; empty if the request has no query.
    pub query: String,
    /// Names and values in the order of the request. Names are case-insensitive.
    pub headers: Vec<(String, String)>,
    /// The complete body.
    pub body: Vec<u8>,
}

impl Request {
    /// Returns the value of the first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the path belongs to the routes of the browser SDKs.
    pub(crate) fn is_of_browser_sdk(&self) -> bool {
        self.path.starts_with("/sdk/v1/")
    }

    /// Returns the URL of the emulator without a path, as the client has it: `http://` and the `Host` header. Without
    /// this header, which only a caller in the same process leaves out, it is that of the Test environment.
    pub(crate) fn origin(&self) -> String {
        match self.header("host").filter(|host| is_authority(host)) {
            Some(host) => format!("http://{host}"),
            None => "https://test.stytch.com".to_owned(),
        }
    }

    /// Whether the content type of the body is a form.
    pub(crate) fn has_form(&self) -> bool {
        let media_type = self.header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

/// Whether the text can be a host with a port. The emulator writes it into URLs.
fn is_authority(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

/// The largest body of a request to the API, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// An HTTP response, and how the server delivers it.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The complete body.
    pub body: Vec<u8>,
    /// Any value except [`Delivery::Whole`] is a fault that a test requested.
    pub delivery: Delivery,
}

/// How the server delivers a response. All values except [`Delivery::Whole`] are faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Send the complete response.
    Whole,
    /// Send the complete response after this many milliseconds.
    Late(u32),
    /// Send the complete response, compress the body with gzip, and add the header `content-encoding`.
    Gzip,
    /// Send nothing and keep the connection open until the client closes it.
    Hangs,
    /// Close the connection without a response.
    Closes,
    /// Reset the connection without a response.
    Resets,
    /// Send the head and the given body in one chunk, then keep the body open until the client closes the connection.
    BodyHangs,
    /// Send the status line and a part of the headers.
    PartialHead {
        /// The end of the connection.
        end: End,
    },
    /// Send the head with the length of the complete body, then only a part of the body.
    PartialBody {
        /// The number of bytes of the body that are sent. It is at most the length of the body.
        bytes: usize,
        /// The time between the last byte and the end of the connection, in milliseconds.
        delay_ms: u32,
        /// The end of the connection.
        end: End,
    },
    /// Send the complete body with this length in the head, then close the connection.
    ShortLength {
        /// The value of `content-length`. It is at most the length of the body.
        bytes: usize,
    },
    /// Send the complete body in chunks.
    SlowBody {
        /// The length of each chunk except the last.
        chunk_bytes: usize,
        /// The time before each chunk, in milliseconds.
        delay_ms: u32,
    },
    /// Send the body and then spaces in chunks, until the client closes the connection.
    EndlessBody {
        /// The length of each chunk of spaces.
        chunk_bytes: usize,
        /// The time before each chunk, in milliseconds.
        delay_ms: u32,
        /// After this many bytes of the body, the server closes the connection within the body.
        max_bytes: usize,
    },
}

/// How a connection ends after a part of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The server closes the connection (FIN).
    Closes,
    /// The server resets the connection (RST).
    Resets,
    /// The connection stays open until the client closes it.
    Hangs,
}

impl Delivery {
    /// Whether the client receives the status of the response.
    pub(crate) fn sends_status(self) -> bool {
        !matches!(
            self,
            Self::Hangs | Self::Closes | Self::Resets | Self::PartialHead { .. }
        )
    }
}

impl Response {
    /// Creates a JSON response.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    /// Sends the browser to another URL.
    pub(crate) fn redirect(url: String) -> Self {
        let mut response = Self::new(302, "text/plain; charset=utf-8", "");
        response.headers.push(("location".into(), url));
        response
    }

    /// Creates a response of any content type, with [`Delivery::Whole`].
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
