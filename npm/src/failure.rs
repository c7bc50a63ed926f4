//! Failures as they cross to JavaScript: plain objects, from which it makes the error classes and throws them.

use serde::Serialize;
use stytch_edge::{
    client::{ClientError, ClientErrorCode, RequestError},
    flow::{ApiRefusal, Error, LoadFailure},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// A failure. `kind` is the error class.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Failure {
    /// A call that cannot be made, or a refused token.
    Client {
        code: &'static str,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cause: Option<Box<Failure>>,
    },
    /// A request without a usable response.
    Request {
        message: String,
        reason: &'static str,
        request: Request,
        details: Details,
    },
    /// The API's own error, with its body.
    Stytch {
        status: u16,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        body: JsValue,
    },
}

/// The part of a request that errors display.
#[derive(Serialize)]
pub(crate) struct Request {
    method: &'static str,
    url: String,
}

/// The fields of a request error about its responses.
#[derive(Serialize)]
pub(crate) struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    attempts: u32,
}

impl Failure {
    /// A defect of this package.
    pub(crate) fn internal(message: &str) -> Self {
        ClientError::new(ClientErrorCode::Internal, None, message).into()
    }
}

/// The object from which JavaScript makes an error.
pub(crate) fn to_js(failure: Failure) -> JsValue {
    serde_wasm_bindgen::to_value(&failure).unwrap_or(JsValue::UNDEFINED)
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Client {
            code: error.code.word(),
            message: error.message.clone(),
            reason: error.reason.map(|reason| reason.word()),
            cause: None,
        }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::Request {
            message: error.message,
            reason: error.reason.word(),
            request: Request {
                method: error.method,
                url: error.url,
            },
            details: Details {
                status_code: error.status_code,
                retry_after_seconds: error.retry_after,
                request_id: error.request_id,
                attempts: error.attempts,
            },
        }
    }
}

impl From<ApiRefusal> for Failure {
    fn from(refusal: ApiRefusal) -> Self {
        Self::Stytch {
            status: refusal.status,
            body: parse(&refusal.body).unwrap_or(JsValue::UNDEFINED),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Api(refusal) => (*refusal).into(),
            Error::Request(error) => (*error).into(),
            Error::Client(error) => error.into(),
            Error::Caused(error, cause) => Self::Client {
                code: error.code.word(),
                message: error.message.clone(),
                reason: error.reason.map(|reason| reason.word()),
                cause: Some(Box::new((*cause).into())),
            },
        }
    }
}

impl From<LoadFailure> for Failure {
    fn from(failure: LoadFailure) -> Self {
        failure.error.into()
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &str) -> Result<JsValue, JsValue>;
}
