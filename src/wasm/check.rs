//! The session check and its keys, for the npm package. The state behind it is
//! this isolate's, whatever client object asks.

use std::cell::RefCell;

use js_sys::{Date, JsString};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    call::{host_of, parse},
    fetch::{Answer, exchange},
    tasks, thrown,
};
use crate::{
    client::{
        AnswerKind, CheckRequest, Checked, ClientError, ClientErrorCode, KEY_FETCH_TIMEOUT_MS,
        Reason, Scopes, check, classify, key_set_request,
    },
    jwt::{JwkSet, MAX_TOKEN_BYTES, Refusal as JwtRefusal},
    session::{CheckOptions, Issuer, Product, Refusal},
};

thread_local! {
    static SCOPES: RefCell<Scopes> = const { RefCell::new(Scopes::new()) };
}

/// Checks a session JWT with the keys that are there. Gives the session, or
/// `undefined` if the key set has to be fetched first, by [`load_keys`].
#[wasm_bindgen]
pub fn check_session(
    product: &str,
    project_id: &str,
    base_url: &str,
    token: &JsValue,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
    now_ms: f64,
) -> Result<JsValue, JsValue> {
    let failed = |error: &ClientError| thrown::client_error(error, &JsValue::UNDEFINED);
    let token = text_of(token).map_err(|error| failed(&error))?;
    let request = CheckRequest {
        issuer: &issuer(product, project_id, base_url),
        token: &token,
        options: CheckOptions {
            now: now_ms / 1000.0,
            clock_tolerance,
            max_token_age,
        },
        clock: Date::now() / 1000.0,
    };
    match SCOPES.with_borrow_mut(|scopes| check(scopes, &request)) {
        Ok(Checked::Session(json)) => parse(&json.into()),
        Ok(Checked::KeysNeeded) => Ok(JsValue::UNDEFINED),
        Err(error) => Err(failed(&error)),
    }
}

/// Fetches the key set of a project. Gives a step of a task without a value.
#[wasm_bindgen]
pub fn load_keys(
    product: &str,
    project_id: &str,
    base_url: &str,
    host: &JsValue,
    timeout_ms: u32,
) -> Result<JsValue, JsValue> {
    let issuer = issuer(product, project_id, base_url);
    let host = host_of(host);
    let timeout_ms = timeout_ms.min(KEY_FETCH_TIMEOUT_MS);
    SCOPES.with_borrow_mut(|scopes| scopes.keys_of(&issuer).note_attempt(Date::now() / 1000.0));
    tasks::begin(timeout_ms, async move {
        let request = key_set_request(&issuer);
        let answer = exchange(&host, &request, timeout_ms)
            .await
            .map_err(|failure| {
                let reason = match failure.error.reason {
                    Reason::Timeout => Reason::Timeout,
                    _ => Reason::KeysUnavailable,
                };
                keys_unavailable(reason, &thrown::request_error(&failure))
            })?;
        let set = key_set(&answer)
            .ok_or_else(|| keys_unavailable(Reason::KeysUnavailable, &JsValue::UNDEFINED))?;
        SCOPES.with_borrow_mut(|scopes| scopes.keys_of(&issuer).store(set, Date::now() / 1000.0));
        Ok(JsValue::UNDEFINED)
    })
}

fn key_set(answer: &Answer) -> Option<JwkSet> {
    match classify(answer.status) {
        AnswerKind::Success => JwkSet::parse(&answer.text.as_string()?).ok(),
        AnswerKind::ApiError | AnswerKind::Redirect => None,
    }
}

fn keys_unavailable(reason: Reason, cause: &JsValue) -> JsValue {
    let error = ClientError {
        code: ClientErrorCode::JwksUnavailable,
        reason: Some(reason),
        message: "the project's key set could not be fetched".to_owned(),
    };
    thrown::client_error(&error, cause)
}

fn issuer(product: &str, project_id: &str, base_url: &str) -> Issuer {
    let product = match product {
        "b2b" => Product::B2b,
        _ => Product::Consumer,
    };
    Issuer {
        product,
        project_id: project_id.to_owned(),
        base_url: base_url.to_owned(),
    }
}

/// Whatever a visitor sent in place of a token. One that is too long is not even
/// copied into wasm, whose memory never shrinks.
fn text_of(token: &JsValue) -> Result<String, ClientError> {
    let malformed = ClientError::refused(Reason::Token(Refusal::Jwt(JwtRefusal::Malformed)));
    if token.is_null_or_undefined() {
        return Err(ClientError::refused(Reason::NoCredentials));
    }
    match token.dyn_ref::<JsString>() {
        Some(text) if text.length() as usize <= MAX_TOKEN_BYTES => Ok(text.into()),
        _ => Err(malformed),
    }
}
