//! One request of a flow and its response: the body of a success, or the failure.

use super::{Answer, ApiRefusal, Core, Error};
use crate::client::{AnswerKind, OutgoingRequest, Reason, RequestError, classify};

impl Core {
    /// Sends a request, and returns the body of a success.
    pub(super) async fn exchange(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Result<Body, Error> {
        let shown = Shown::of(&request);
        let Answer { status, text } = self.platform.send(request, timeout_ms).await?;
        let request = shown;
        match classify(status) {
            AnswerKind::Success => Ok(Body {
                text,
                status,
                request,
            }),
            AnswerKind::Redirect => {
                Err(request.unusable("was answered with a redirect, which is not followed"))
            }
            AnswerKind::ApiError => {
                let what = format!(
                    "was answered with status {status} and a body that is not an error of the API"
                );
                let refusal = ApiRefusal::read(status, text);
                Err(refusal.map_or_else(
                    || request.unusable(&what),
                    |refusal| Error::Api(Box::new(refusal)),
                ))
            }
        }
    }
}

/// The body of a success.
pub(super) struct Body {
    pub(super) text: String,
    status: u16,
    request: Shown,
}

impl Body {
    /// The failure of a success that is not what was asked for; `what` names what it should be.
    pub(super) fn is_not(&self, what: &str) -> Error {
        let status = self.status;
        self.request
            .unusable(&format!("was answered with status {status} and no {what}"))
    }
}

/// The failure of a request whose response cannot be used.
pub(super) fn unusable(request: &OutgoingRequest<String>, what: &str) -> Error {
    Shown::of(request).unusable(what)
}

/// What errors may show of a request.
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
        let Self { method, url } = self;
        Error::from(RequestError {
            method,
            url: url.clone(),
            reason: Reason::ApiUnavailable,
            message: format!("{method} {url} {what}"),
        })
    }
}
