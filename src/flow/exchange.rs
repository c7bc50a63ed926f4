//! One request of a flow and its response. The result is the body of a successful response, or an error.

use super::{Answer, ApiRefusal, Core, Error};
use crate::client::{OutgoingRequest, Reason, RequestError, ResponseKind, classify};

impl Core {
    /// Sends a request and returns the body of a successful response.
    ///
    /// # Errors
    /// [`Error::Api`] for an error of the API, [`Error::Request`] if the response is missing or unusable.
    pub(super) async fn exchange(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Result<Body, Error> {
        let shown = Shown::of(&request);
        let response = self.platform.send(request, timeout_ms).await?;
        let Answer {
            status,
            text,
            retry_after,
        } = response;
        let request = shown;
        match classify(status) {
            ResponseKind::Success => Ok(Body {
                text,
                status,
                request,
            }),
            ResponseKind::Redirect => {
                Err(request.unusable("was answered with a redirect, which is not followed"))
            }
            ResponseKind::ApiError => {
                let what = format!(
                    "was answered with status {status} and a body that is not an error of the API"
                );
                match ApiRefusal::read(status, text, retry_after) {
                    Some(refusal) => Err(Error::Api(Box::new(refusal))),
                    // A proxy in front of the API responds to too many requests with a page.
                    None if status == 429 => Err(Error::from(RequestError {
                        reason: Reason::RateLimited,
                        retry_after,
                        ..request.error(&what)
                    })),
                    None => Err(request.unusable(&what)),
                }
            }
        }
    }
}

/// The body of a successful response.
pub(super) struct Body {
    pub(super) text: String,
    status: u16,
    request: Shown,
}

impl Body {
    /// The error for a successful response whose body is unusable. `what` is a noun phrase that describes the body.
    pub(super) fn unusable(&self, what: &str) -> Error {
        let status = self.status;
        self.request
            .unusable(&format!("was answered with status {status} and {what}"))
    }
}

/// The error for a request whose response is unusable. `what` is the predicate of the message.
pub(super) fn unusable(request: &OutgoingRequest<String>, what: &str) -> Error {
    Shown::of(request).unusable(what)
}

/// The parts of a request that errors may show: the method, and the URL without its query.
struct Shown {
    method: &'static str,
    url: String,
}

impl Shown {
    fn of(request: &OutgoingRequest<String>) -> Self {
        Self {
            method: request.method.word(),
            url: request.shown_url().to_owned(),
        }
    }

    fn unusable(&self, what: &str) -> Error {
        Error::from(self.error(what))
    }

    fn error(&self, what: &str) -> RequestError {
        let Self { method, url } = self;
        RequestError {
            method,
            url: url.clone(),
            reason: Reason::ApiUnavailable,
            message: format!("{method} {url} {what}"),
            retry_after: None,
        }
    }
}
