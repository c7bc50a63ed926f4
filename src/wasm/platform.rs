//! The runtime as a [`Platform`] for the typed clients, in Rust Workers.

use std::sync::Arc;

use js_sys::Date;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::fetch::{Host, exchange};
use crate::{
    client::{Body, OutgoingRequest},
    jwt::UnixSeconds,
    typed::{
        Answer, Answering, B2bClient, Client, ClientConfig, Platform, Result, SamlShieldClient,
        SamlShieldClientConfig,
    },
};

impl Client {
    /// A client that calls the API with the runtime's own `fetch`. Constructing one
    /// makes no request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`, naming the
    /// part of the configuration that is wrong.
    pub fn new(config: &ClientConfig) -> Result<Self> {
        Self::on(Arc::new(Runtime), config)
    }
}

impl B2bClient {
    /// A client that calls the API with the runtime's own `fetch`. Constructing one
    /// makes no request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`, naming the
    /// part of the configuration that is wrong.
    pub fn new(config: &ClientConfig) -> Result<Self> {
        Self::on(Arc::new(Runtime), config)
    }
}

impl SamlShieldClient {
    /// A client that calls SAML Shield with the runtime's own `fetch`. Constructing
    /// one makes no request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`, naming the
    /// part of the configuration that is wrong.
    pub fn new(config: &SamlShieldClientConfig) -> Result<Self> {
        Self::on(Arc::new(Runtime), config)
    }
}

fn host() -> Host {
    Host {
        settled: |promise| Box::pin(JsFuture::from(promise)),
        fetch: None,
        dispatcher: None,
    }
}

/// Whatever JavaScript runtime this wasm runs in.
struct Runtime;

impl Platform for Runtime {
    fn send(&self, request: OutgoingRequest<String>, timeout_ms: u32) -> Answering {
        Box::pin(async move {
            let answer = exchange(&host(), &for_runtime(request), timeout_ms)
                .await
                .map_err(|error| *error)?;
            Ok(Answer {
                status: answer.status,
                // A body as text is a string whatever the bytes were.
                text: answer.text.as_string().unwrap_or_default(),
            })
        })
    }

    fn now(&self) -> UnixSeconds {
        Date::now() / 1000.0
    }
}

fn for_runtime(request: OutgoingRequest<String>) -> OutgoingRequest<JsValue> {
    let OutgoingRequest {
        method,
        url,
        headers,
        body,
    } = request;
    let body = body.map(|body| match body {
        Body::Json(text) => Body::Json(JsValue::from(text)),
        Body::Form(text) => Body::Form(text),
    });
    OutgoingRequest {
        method,
        url,
        headers,
        body,
    }
}
