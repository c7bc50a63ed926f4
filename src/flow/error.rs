//! The errors of flows: the API refused a request, a request got no usable response, or a call is invalid.

use std::fmt;

use crate::client::{
    ApiBody, ApiRefusalDetails, ClientError, Denial, Purpose, Reason, RequestError, RequestFailure,
    outcome_of,
};

/// Why a flow failed.
#[derive(Clone, PartialEq)]
pub enum Error {
    /// The API refused the request: it responded with status 400 or above.
    Api(Box<ApiRefusal>),
    /// The request got no usable response.
    Request(Box<RequestError>),
    /// The call is invalid, or a token is refused.
    Client(ClientError),
    /// As [`Client`](Self::Client), with the error that caused it.
    Caused(ClientError, Box<Error>),
}

/// A response by which the API refuses a request.
#[derive(Clone, PartialEq)]
pub struct ApiRefusal {
    /// The HTTP status.
    pub status: u16,
    /// The body, a JSON object.
    pub body: String,
    /// The error type of the API, such as `unauthorized_credentials`. Empty if the body does not contain one.
    pub error_type: String,
    /// Whether the error type is that of an OAuth 2.0 route (RFC 6749, section 5.2).
    pub is_oauth: bool,
    /// The header `Retry-After` in seconds.
    pub retry_after: Option<u32>,
}

/// The failure of a load or of a check.
#[derive(Clone, PartialEq)]
pub struct LoadFailure {
    /// The purpose of the request that failed. `None` if the token itself is refused.
    pub purpose: Option<Purpose>,
    /// The error that the caller receives.
    pub error: Error,
}

impl ApiRefusal {
    /// Reads the body of a refusal. Returns `None` if the body is not a JSON object.
    pub(super) fn read(status: u16, body: String, retry_after: Option<u32>) -> Option<Self> {
        let members = ApiBody::read(&body)?;
        let own = members.text("error_type");
        let is_oauth = own.is_none();
        let error_type = own.or_else(|| members.text("error"));
        Some(Self {
            status,
            body,
            error_type: error_type.unwrap_or_default(),
            is_oauth,
            retry_after,
        })
    }
}

impl Error {
    /// Returns the [`ClientError`] of [`Client`](Self::Client) and [`Caused`](Self::Caused), else `None`.
    #[must_use]
    pub fn client(&self) -> Option<&ClientError> {
        match self {
            Self::Client(error) | Self::Caused(error, _) => Some(error),
            Self::Api(_) | Self::Request(_) => None,
        }
    }

    pub(super) fn request_failure(&self) -> RequestFailure<'_> {
        match self {
            // The routes that decide about sessions are not OAuth 2.0 routes.
            Self::Api(refusal) if refusal.is_oauth => RequestFailure::Status(refusal.status, ""),
            Self::Api(refusal) => RequestFailure::Status(refusal.status, &refusal.error_type),
            Self::Request(error) => RequestFailure::NoResponse(error.reason),
            Self::Client(error) | Self::Caused(error, _) => {
                RequestFailure::NoResponse(error.reason.unwrap_or(Reason::Internal))
            }
        }
    }

    /// The time in seconds after which the API accepts requests again, as it says.
    pub(super) fn retry_after(&self) -> Option<f64> {
        match self {
            Self::Api(refusal) => refusal.retry_after.map(f64::from),
            Self::Request(error) => error.retry_after.map(f64::from),
            Self::Client(_) | Self::Caused(..) => None,
        }
    }

    /// The fields that identify the error response of the API, if there is one.
    pub(super) fn refusal_details(&self) -> Option<ApiRefusalDetails> {
        let Self::Api(refusal) = self else {
            return None;
        };
        let members = ApiBody::read(&refusal.body);
        let request_id = members.and_then(|members| members.text("request_id"));
        Some(ApiRefusalDetails {
            status_code: refusal.status,
            error_type: refusal.error_type.clone(),
            request_id: request_id.unwrap_or_default(),
        })
    }

    /// Returns the verdict on a token or a user if a request for `purpose` fails with this error.
    #[must_use]
    pub fn denial(&self, purpose: Purpose) -> Denial {
        outcome_of(purpose, self.request_failure()).denial
    }

    /// Whether the caller passed an invalid argument, so that newer keys or policies cannot make the call succeed.
    pub(super) fn is_invalid_argument(&self) -> bool {
        use crate::client::ClientErrorCode::InvalidArgument;
        self.client()
            .is_some_and(|error| error.code == InvalidArgument)
    }
}

impl LoadFailure {
    /// Returns the verdict on a token or a user that follows from this failure.
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

/// Writes the text of [`Display`](fmt::Display), without the body of the response: the body may repeat the request.
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
