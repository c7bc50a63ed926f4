//! How flows fail: the API refused, a request got no usable response, or the call cannot be made.

use std::fmt;

use crate::client::{
    ApiBody, ClientError, Denial, Purpose, Reason, RequestError, Trouble, outcome_of,
};

/// Why a flow failed.
#[derive(Clone, PartialEq)]
pub enum Error {
    /// The API refused: a response with status 400 or above.
    Api(Box<ApiRefusal>),
    /// There was no usable response.
    Request(Box<RequestError>),
    /// The call cannot be made, or a token is refused.
    Client(ClientError),
    /// The same, because of another failure.
    Caused(ClientError, Box<Error>),
}

/// A response with which the API refused.
#[derive(Clone, PartialEq)]
pub struct ApiRefusal {
    /// The HTTP status.
    pub status: u16,
    /// The body, a JSON object.
    pub body: String,
    /// Which error it is, if the body says so.
    pub error_type: String,
}

/// What a load or a check failed of.
#[derive(Clone, PartialEq)]
pub struct LoadFailure {
    /// What the request was for; nothing if the token itself is refused.
    pub purpose: Option<Purpose>,
    /// The failure, as callers get it.
    pub error: Error,
}

impl ApiRefusal {
    /// The refusal that a body describes; nothing if it is not a JSON object.
    pub(super) fn read(status: u16, body: String) -> Option<Self> {
        let members = ApiBody::read(&body)?;
        // OAuth2 routes call the type `error` (RFC 6749, section 5.2).
        let error_type = members.text("error_type").or_else(|| members.text("error"));
        Some(Self {
            status,
            body,
            error_type: error_type.unwrap_or_default(),
        })
    }
}

impl Error {
    /// The error of this crate that it is, or that stands for it.
    #[must_use]
    pub fn client(&self) -> Option<&ClientError> {
        match self {
            Self::Client(error) | Self::Caused(error, _) => Some(error),
            Self::Api(_) | Self::Request(_) => None,
        }
    }

    pub(super) fn trouble(&self) -> Trouble<'_> {
        match self {
            Self::Api(refusal) => Trouble::Status(refusal.status, &refusal.error_type),
            Self::Request(error) => Trouble::Unanswered(error.reason),
            Self::Client(error) | Self::Caused(error, _) => {
                Trouble::Unanswered(error.reason.unwrap_or(Reason::Internal))
            }
        }
    }

    /// What a failed request for `purpose` says about a token or a user.
    #[must_use]
    pub fn denial(&self, purpose: Purpose) -> Denial {
        outcome_of(purpose, self.trouble()).denial
    }

    /// Whether the same call would fail again with newer keys and policies because the caller made a mistake.
    pub(super) fn is_invalid_argument(&self) -> bool {
        use crate::client::ClientErrorCode::InvalidArgument;
        self.client()
            .is_some_and(|error| error.code == InvalidArgument)
    }
}

impl LoadFailure {
    /// What it says about a token or a user.
    #[must_use]
    pub fn denial(&self) -> Denial {
        match (self.purpose, self.error.client()) {
            (Some(Purpose::KeySet) | None, Some(error)) => Denial::of(error),
            (purpose, _) => self.error.denial(purpose.unwrap_or(Purpose::Session)),
        }
    }
}

impl From<ClientError> for LoadFailure {
    fn from(error: ClientError) -> Self {
        Self {
            purpose: None,
            error: error.into(),
        }
    }
}

impl From<LoadFailure> for Error {
    fn from(failure: LoadFailure) -> Self {
        failure.error
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::Request(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(refusal) => write!(formatter, "{} {}", refusal.status, refusal.error_type),
            Self::Request(error) => error.fmt(formatter),
            Self::Client(error) | Self::Caused(error, _) => error.fmt(formatter),
        }
    }
}

/// As [`Display`](fmt::Display): a body may quote what was sent.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

impl fmt::Debug for ApiRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ApiRefusal({} {})", self.status, self.error_type)
    }
}

impl fmt::Debug for LoadFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LoadFailure({})", self.error)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Api(_) => None,
            Self::Request(error) => Some(error.as_ref()),
            Self::Client(error) => Some(error),
            Self::Caused(_, cause) => Some(cause.as_ref()),
        }
    }
}
