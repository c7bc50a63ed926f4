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
            ResponseKind::Success => {
                let is_object = begins_an_object(&text);
                let body = Body {
                    text,
                    status,
                    request,
                };
                if is_object {
                    Ok(body)
                } else {
                    Err(body.unusable("a body that is not a JSON object"))
                }
            }
            ResponseKind::Redirect => {
                let what = "was answered with a redirect, which is not followed";
                Err(request.unusable(Some(status), what))
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
                        ..request.error(Some(status), &what)
                    })),
                    None => Err(Error::from(RequestError {
                        retry_after,
                        ..request.error(Some(status), &what)
                    })),
                }
            }
        }
    }
}

/// Every response of the API is an object (RFC 8259, section 2). The reader of the body checks the rest.
fn begins_an_object(text: &str) -> bool {
    let space = [' ', '\t', '\n', '\r'];
    text.trim_start_matches(space).starts_with('{')
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
        let what = format!("was answered with status {status} and {what}");
        self.request.unusable(Some(status), &what)
    }
}

/// The error for a request whose response is unusable. `what` is the predicate of the message.
pub(super) fn unusable(request: &OutgoingRequest<String>, what: &str) -> Error {
    Shown::of(request).unusable(None, what)
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

    fn unusable(&self, status_code: Option<u16>, what: &str) -> Error {
        Error::from(self.error(status_code, what))
    }

    fn error(&self, status_code: Option<u16>, what: &str) -> RequestError {
        let Self { method, url } = self;
        RequestError {
            method,
            url: url.clone(),
            reason: Reason::ApiUnavailable,
            message: format!("{method} {url} {what}"),
            status_code,
            retry_after: None,
        }
    }
}
