//! The response that a fault delivers: the API's own, or the test's.

use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::{Refusal, numbers};
use crate::errors::{self, ErrorRow};
use crate::fields::Fields;
use crate::message::Response;

#[derive(Clone)]
pub(super) enum Source {
    /// The API's own response. The call changes the state.
    Api,
    /// An error response of the API.
    Error(&'static ErrorRow),
    /// A response that the fault or the test specifies.
    Given(Response),
}

impl Source {
    /// Reads `status`, and `body` or `text`. Returns `None` if all three are missing.
    pub(super) fn read(fields: &Fields) -> Result<Option<Self>, Refusal> {
        // `null` is a body. It differs from a missing body.
        let body = fields.given("body");
        let text = fields.value("text");
        if body.is_none() && text.is_none() {
            return read_error(fields);
        }
        let status = numbers::read(fields, "status", 200..=599)?;
        let status = status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(200);
        match (body, text) {
            (Some(body), None) => Ok(Some(Self::Given(Response::json(status, body)))),
            (None, Some(Value::String(text))) => Ok(Some(Self::Given(Response::new(
                status,
                "text/plain; charset=utf-8",
                text.as_str(),
            )))),
            (None, _) => Err("text must be a string".into()),
            (Some(_), Some(_)) => Err("a fault must not have both body and text".into()),
        }
    }

    /// Returns the response. `None`: the API must answer.
    pub(super) fn response(&self, request_id: impl FnOnce() -> String) -> Option<Response> {
        match self {
            Self::Api => None,
            Self::Error(row) => {
                let failure = row.failure();
                Some(Response::json(
                    failure.status(),
                    &failure.body(&request_id()),
                ))
            }
            Self::Given(response) => Some(response.clone()),
        }
    }
}

/// Without a body, `status` must have an error type, so that the status and the body agree.
fn read_error(fields: &Fields) -> Result<Option<Source>, Refusal> {
    let Some(status) = fields.value("status") else {
        return Ok(None);
    };
    let status = status
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
    let row = status.and_then(errors::row_for_status);
    row.map(|row| Some(Source::Error(row))).ok_or_else(|| {
        "without body and text, status must be 400, 401, 403, 404, 405, 429, 500 or 503".to_owned()
    })
}

/// Header fields that replace those of a response. A header without values is removed.
#[derive(Clone, Default)]
pub(super) struct Headers(Vec<(String, Vec<String>)>);

impl Headers {
    /// Reads `headers`.
    pub(super) fn read(fields: &Fields) -> Result<Self, Refusal> {
        let object = fields
            .object("headers")
            .map_err(|_| "headers must be an object")?;
        let headers = object.into_iter().flatten();
        let headers = headers.map(|(name, value)| read_header(name, value));
        headers.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn apply(&self, response: &mut Response) {
        for (name, values) in &self.0 {
            response.headers.retain(|(known, _)| known != name);
            let values = values.iter();
            response
                .headers
                .extend(values.map(|value| (name.clone(), value.clone())));
        }
    }
}

fn read_header(name: &str, value: &Value) -> Result<(String, Vec<String>), Refusal> {
    let malformed = || format!("the header {name} is malformed");
    let name_read = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed())?;
    if FRAMING.contains(&name_read.as_str()) {
        return Err(format!(
            "the kind of the fault determines the header {name}"
        ));
    }
    let values = match value {
        Value::Null => &[],
        Value::Array(values) => values.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let text = |value: &Value| {
        let text = value.as_str().ok_or_else(malformed)?;
        HeaderValue::from_str(text).map_err(|_| malformed())?;
        Ok(text.to_owned())
    };
    let values = values.iter().map(text).collect::<Result<_, Refusal>>()?;
    Ok((name_read.as_str().to_owned(), values))
}

/// The headers that delimit the body and the connection.
const FRAMING: [&str; 3] = ["connection", "content-length", "transfer-encoding"];
