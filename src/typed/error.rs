//! The errors of calls, in one type: errors of the API, of the network and of the client.

use std::{error, fmt};

use serde_json::{Map, Value};

use crate::{
    client::{ClientError, RequestError},
    flow,
};

/// The result of a call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The API refused the request: it responded with status 400 or above.
    Api(Box<ApiError>),
    /// The request got no usable response: the network failed, the request timed out, or the body does not match its
    /// documented type.
    Request(RequestError),
    /// The call is invalid, or a token is refused.
    Client(ClientError),
}

/// An error of the API.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    pub status_code: u16,
    /// The id of the request. Include it in support requests to Stytch.
    pub request_id: Option<String>,
    /// The stable identifier of the error, such as `unable_to_auth_magic_link`. The field `error` of OAuth 2.0 routes.
    pub error_type: Option<String>,
    /// A description for developers. The field `error_description` of OAuth 2.0 routes.
    pub error_message: Option<String>,
    /// The URL of documentation about the error. The field `error_uri` of OAuth 2.0 routes.
    pub error_url: Option<String>,
    /// Further details, if the API sends any.
    pub error_details: Option<Value>,
    /// The whole body of the response.
    pub details: Map<String, Value>,
}

impl ApiError {
    /// Reads the error in a body.
    pub(crate) fn new(status_code: u16, details: Map<String, Value>) -> Self {
        // OAuth 2.0 routes use the field names of RFC 6749, section 5.2.
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

/// Writes the text of [`Display`](fmt::Display), without the body of the response: the body may repeat the request.
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
