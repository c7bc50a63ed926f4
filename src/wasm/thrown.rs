//! Failures as the npm package throws them: plain objects with a `kind`, from
//! which its JavaScript makes the error classes. Whatever else comes out of an
//! export is a trap.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::fetch::{Unanswered, set};
use crate::client::{ClientError, ClientErrorCode, Reason, RequestError};

pub(super) fn client_error(error: &ClientError, cause: &JsValue) -> JsValue {
    let thrown = object("client", &error.message, error.reason, cause);
    set(&thrown, "code", &error.code.word().into());
    thrown.into()
}

pub(super) fn request_error(unanswered: &Unanswered) -> JsValue {
    let RequestError {
        method,
        url,
        reason,
        message,
    } = &unanswered.error;
    let thrown = object("request", message, Some(*reason), &unanswered.cause);
    let request = Object::new();
    set(&request, "method", &(*method).into());
    set(&request, "url", &url.as_str().into());
    set(&thrown, "request", &request);
    thrown.into()
}

/// The API's own error body, as it came.
pub(super) fn api_error(status: u16, body: &JsValue) -> JsValue {
    let thrown = Object::new();
    set(&thrown, "kind", &"stytch".into());
    set(&thrown, "status", &status.into());
    set(&thrown, "body", body);
    thrown.into()
}

pub(super) fn internal(message: &str) -> JsValue {
    let (code, reason, message) = (ClientErrorCode::Internal, None, message.to_owned());
    client_error(
        &ClientError {
            code,
            reason,
            message,
        },
        &JsValue::UNDEFINED,
    )
}

fn object(kind: &str, message: &str, reason: Option<Reason>, cause: &JsValue) -> Object {
    let thrown = Object::new();
    set(&thrown, "kind", &kind.into());
    set(&thrown, "message", &message.into());
    if let Some(reason) = reason {
        set(&thrown, "reason", &reason.word().into());
    }
    if !cause.is_undefined() {
        set(&thrown, "cause", cause);
    }
    thrown
}
