//! The three ways in which a call fails, as one type.

use std::{error, fmt};

use serde_json::{Map, Value};

use crate::{
    client::{ClientError, RequestError},
    flow,
};

/// What a call gives.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The API refused: any answer with status 400 and above.
    Api(Box<ApiError>),
    /// There was no usable answer: the network failed, time ran out, or what came is
    /// not what the API is described to answer.
    Request(RequestError),
    /// The call cannot be made, or a token is refused.
    Client(ClientError),
}

/// The API's own error.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    pub status_code: u16,
    /// Identifies the request, for the API's support.
    pub request_id: Option<String>,
    /// Which error it is, in a word that programs compare, such as
    /// `unable_to_auth_magic_link`. OAuth2 routes call it `error`.
    pub error_type: Option<String>,
    /// The same for a developer. OAuth2 routes call it `error_description`.
    pub error_message: Option<String>,
    /// Where more is said about it. OAuth2 routes call it `error_uri`.
    pub error_url: Option<String>,
    /// Further particulars, where there are some.
    pub error_details: Option<Value>,
    /// The whole body.
    pub details: Map<String, Value>,
}

impl ApiError {
    /// The error that a body describes.
    pub(crate) fn new(status_code: u16, details: Map<String, Value>) -> Self {
        // OAuth2 routes name three fields as RFC 6749, section 5.2, does.
        let text = |names: &[&str]| {
            let found = names.iter().filter_map(|name| details.get(*name)?.as_str());
            found.map(str::to_owned).next()
        };
        Self {
            status_code,
            request_id: text(&["request_id"]),
            error_type: text(&["error_type", "error"]),
            error_message: text(&["error_message", "error_description"]),
            error_url: text(&["error_url", "error_uri"]),
            error_details: details.get("error_details").cloned(),
            details,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "…".to_owned());
        write!(
            formatter,
            "{} {}: {} ({})",
            self.status_code,
            shown(&self.error_type),
            shown(&self.error_message),
            shown(&self.request_id)
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(formatter),
            Self::Request(error) => error.fmt(formatter),
            Self::Client(error) => error.fmt(formatter),
        }
    }
}

/// What [`Display`](fmt::Display) shows: the body of an answer may quote what was
/// sent.
impl fmt::Debug for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ApiError({self})")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Api(_) => "Api",
            Self::Request(_) => "Request",
            Self::Client(_) => "Client",
        };
        write!(formatter, "{kind}({self})")
    }
}

impl error::Error for Error {}

impl error::Error for ApiError {}

impl From<flow::Error> for Error {
    fn from(error: flow::Error) -> Self {
        match error {
            flow::Error::Api(refusal) => {
                let details = serde_json::from_str(&refusal.body).unwrap_or_default();
                Self::Api(Box::new(ApiError::new(refusal.status, details)))
            }
            flow::Error::Request(error) => Self::Request(*error),
            flow::Error::Client(error) | flow::Error::Caused(error, _) => Self::Client(error),
        }
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}
