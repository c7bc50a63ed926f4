//! One request of a flow and its response, with retries. The result is the body of a successful response, or an error.

use super::{Answer, ApiRefusal, Core, Error, attempts::CallLimits};
use crate::client::{ApiBody, OutgoingRequest, ResponseKind, ShownRequest, classify};

impl Core {
    /// Sends a request and returns the body of a successful response.
    ///
    /// # Errors
    /// [`Error::Api`] for an error of the API, [`Error::Request`] if the response is missing or unusable.
    pub(super) async fn exchange(
        &self,
        request: OutgoingRequest<String>,
        limits: &CallLimits<'_>,
    ) -> Result<Body, Error> {
        let (answer, attempts) = self.send(&request, limits).await?;
        read_body(ShownRequest::of(&request).after(attempts), answer)
    }
}

/// Returns the body of a successful response, or the error that the response is.
pub(super) fn read_body(request: ShownRequest, answer: Answer) -> Result<Body, Error> {
    let Answer {
        status,
        text,
        retry_after,
        ..
    } = answer;
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
            Err(request.answered(status, what).into())
        }
        ResponseKind::ApiError => {
            if let Some(refusal) = ApiRefusal::read(status, text, retry_after) {
                return Err(Error::Api(Box::new(refusal)));
            }
            let what = format!(
                "was answered with status {status} and a body that is not an error of the API"
            );
            let error = request.answered(status, &what);
            Err(error.of_response(status, retry_after).into())
        }
    }
}

/// Every response of the API is an object (RFC 8259, section 2). The reader of the body checks the rest.
fn begins_an_object(text: &str) -> bool {
    let space = [' ', '\t', '\n', '\r'];
    text.trim_start_matches(space).starts_with('{')
}

/// The `request_id` in the body of a response.
pub(super) fn request_id_in(text: &str) -> Option<String> {
    ApiBody::read(text)?.text("request_id")
}

/// The body of a successful response.
pub(super) struct Body {
    pub(super) text: String,
    status: u16,
    request: ShownRequest,
}

impl Body {
    /// The error for a successful response whose body is unusable. `what` is a noun phrase that describes the body.
    pub(super) fn unusable(&self, what: &str) -> Error {
        let status = self.status;
        let what = format!("was answered with status {status} and {what}");
        let mut error = self.request.answered(status, &what);
        error.request_id = request_id_in(&self.text);
        error.into()
    }
}

/// The error for a request whose response is unusable. `what` is the predicate of the message.
pub(super) fn unusable(request: &OutgoingRequest<String>, what: &str) -> Error {
    ShownRequest::of(request).unanswered(what).into()
}
