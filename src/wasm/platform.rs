//! The JavaScript runtime as a [`Platform`], for the typed clients in Rust Workers.

use std::sync::Arc;

use js_sys::{Date, Promise};
use wasm_bindgen_futures::JsFuture;

use super::{
    fetch::{Host, send},
    timer::Timer,
};
use crate::{
    client::{OutgoingRequest, RequestError},
    flow::{Answer, Pending, Platform},
    jwt::UnixSeconds,
    typed::{B2bClient, Client, ClientConfig, Result, SamlShieldClient, SamlShieldClientConfig},
};

impl Client {
    /// Creates a client that calls the API with the runtime's `fetch`. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the option that is invalid.
    pub fn new(config: &ClientConfig) -> Result<Self> {
        Self::on(Arc::new(Runtime), config)
    }
}

impl B2bClient {
    /// Creates a client that calls the API with the runtime's `fetch`. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the option that is invalid.
    pub fn new(config: &ClientConfig) -> Result<Self> {
        Self::on(Arc::new(Runtime), config)
    }
}

impl SamlShieldClient {
    /// Creates a client that calls SAML Shield with the runtime's `fetch`. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the option that is invalid.
    pub fn new(config: &SamlShieldClientConfig) -> Result<Self> {
        Self::on(Arc::new(Runtime), config)
    }
}

/// The JavaScript runtime in which the wasm runs.
struct Runtime;

impl Platform for Runtime {
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<std::result::Result<Answer, RequestError>> {
        Box::pin(async move { send(&HOST, request, timeout_ms).await })
    }

    fn now(&self) -> UnixSeconds {
        Date::now() / 1000.0
    }

    fn sleep(&self, milliseconds: u32) -> Pending<()> {
        sleep(milliseconds)
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn secret_bytes(&self) -> Option<[u8; 32]> {
        super::secret_bytes()
    }
}

fn sleep(milliseconds: u32) -> Pending<()> {
    Box::pin(async move {
        let timer = Timer::start(milliseconds);
        let _ = JsFuture::from(timer.promise.clone()).await;
    })
}

const HOST: Host = Host {
    settled: |value| Box::pin(JsFuture::from(Promise::resolve(&value))),
    sleep,
    fetch: None,
    dispatcher: None,
    resends_text: false,
};
