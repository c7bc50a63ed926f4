//! The session check and its keys, for the npm package. The state behind it is
//! this isolate's, whatever client object asks.

use std::cell::RefCell;

use js_sys::{Array, Date, JsString};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    arguments::host_of,
    call::parse,
    failure,
    fetch::{Answer, exchange, unanswered},
    tasks,
};
use crate::{
    client::{
        AnswerKind, CheckRequest, Checked, ClientError, KEY_FETCH_TIMEOUT_MS, Reason, RequestError,
        Scopes, check, classify, key_set_request,
    },
    jwt::{JwkSet, MAX_TOKEN_BYTES, Refusal as JwtRefusal, UnixSeconds},
    session::{CheckOptions, Issuer, Product, Refusal},
};

thread_local! {
    static SCOPES: RefCell<Scopes> = const { RefCell::new(Scopes::new()) };
}

/// Checks a session JWT with the keys that are there. Gives `["done", session]`, or
/// `["keys"]` if the key set has to be fetched first, by [`load_keys`].
#[wasm_bindgen]
pub fn check_session(
    product: &str,
    project_id: &str,
    base_url: &str,
    token: &JsValue,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
    now_ms: f64,
) -> JsValue {
    let checked = text_of(token).and_then(|token| {
        let request = CheckRequest {
            issuer: &issuer(product, project_id, base_url),
            token: &token,
            options: CheckOptions {
                now: now_ms / 1000.0,
                clock_tolerance,
                max_token_age,
            },
            clock: now(),
        };
        SCOPES.with_borrow_mut(|scopes| check(scopes, &request))
    });
    match checked {
        Ok(Checked::Session(json)) => tasks::finished(
            // Written by this crate; only a runtime's own limits could refuse it.
            parse(&json.into()).map_err(|_| failure::internal("the session cannot be parsed here")),
        ),
        Ok(Checked::KeysNeeded) => Array::of1(&"keys".into()).into(),
        Err(error) => tasks::finished(Err(failure::client_error(&error, &JsValue::UNDEFINED))),
    }
}

/// Fetches the key set of a project. Gives the first step of a task without a value.
#[wasm_bindgen]
pub fn load_keys(
    product: &str,
    project_id: &str,
    base_url: &str,
    origin: String,
    host: &JsValue,
    timeout_ms: u32,
) -> JsValue {
    let issuer = issuer(product, project_id, base_url);
    let host = host_of(host);
    let timeout_ms = timeout_ms.min(KEY_FETCH_TIMEOUT_MS);
    let began = now();
    SCOPES.with_borrow_mut(|scopes| scopes.keys_of(&issuer).note_attempt(began));
    tasks::begin(timeout_ms, async move {
        let request = key_set_request(&issuer, &origin);
        let fetched = exchange(&host, &request, timeout_ms)
            .await
            .and_then(|answer| {
                key_set(&answer).ok_or_else(|| {
                    let status = answer.status;
                    unanswered(
                        &request,
                        &format!("was answered with status {status} and no key set"),
                    )
                })
            });
        SCOPES.with_borrow_mut(|scopes| match fetched {
            Ok(set) => {
                scopes.keys_of(&issuer).store(set, began);
                Ok(JsValue::UNDEFINED)
            }
            Err(error) => {
                scopes.keys_of(&issuer).note_failure(began);
                Err(keys_unavailable(&error))
            }
        })
    })
}

fn key_set(answer: &Answer) -> Option<JwkSet> {
    match classify(answer.status) {
        AnswerKind::Success => JwkSet::parse(&answer.text.as_string()?).ok(),
        AnswerKind::ApiError | AnswerKind::Redirect => None,
    }
}

fn keys_unavailable(error: &RequestError) -> JsValue {
    let reason = match error.reason {
        Reason::Timeout => Reason::Timeout,
        _ => Reason::KeysUnavailable,
    };
    failure::client_error(
        &ClientError::keys_unavailable(reason),
        &failure::request_error(error),
    )
}

fn issuer(product: &str, project_id: &str, base_url: &str) -> Issuer {
    Issuer {
        product: Product::from(product),
        project_id: project_id.to_owned(),
        base_url: base_url.to_owned(),
    }
}

fn now() -> UnixSeconds {
    Date::now() / 1000.0
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
