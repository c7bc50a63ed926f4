//! Failures as they cross to JavaScript: plain objects with a `kind`, from which it
//! makes the error classes and throws them.

use js_sys::Object;
use wasm_bindgen::JsValue;

use stytch_edge::client::{ClientError, ClientErrorCode, Reason, RequestError};
use stytch_edge::wasm::set;

pub(crate) fn client_error(error: &ClientError, cause: &JsValue) -> JsValue {
    let failure = object("client", &error.message, error.reason, cause);
    set(&failure, "code", &error.code.word().into());
    failure.into()
}

pub(crate) fn request_error(error: &RequestError) -> JsValue {
    let failure = object(
        "request",
        &error.message,
        Some(error.reason),
        &JsValue::UNDEFINED,
    );
    let request = Object::new();
    set(&request, "method", &error.method.into());
    set(&request, "url", &error.url.as_str().into());
    set(&failure, "request", &request);
    failure.into()
}

/// The API's own error body, as it came.
pub(crate) fn api_error(status: u16, body: &JsValue) -> JsValue {
    let failure = Object::new();
    set(&failure, "kind", &"stytch".into());
    set(&failure, "status", &status.into());
    set(&failure, "body", body);
    failure.into()
}

pub(crate) fn internal(message: &str) -> JsValue {
    client_error(
        &ClientError::new(ClientErrorCode::Internal, None, message),
        &JsValue::UNDEFINED,
    )
}

fn object(kind: &str, message: &str, reason: Option<Reason>, cause: &JsValue) -> Object {
    let failure = Object::new();
    set(&failure, "kind", &kind.into());
    set(&failure, "message", &message.into());
    if let Some(reason) = reason {
        set(&failure, "reason", &reason.word().into());
    }
    if !cause.is_undefined() {
        set(&failure, "cause", cause);
    }
    failure
}
