//! The classes that JavaScript holds.

use stytch_emulator::{Delivery, Emulator, Front, Request, Response, UnixSeconds};
use wasm_bindgen::prelude::*;

use crate::message;
use crate::setup::{self, Arguments};

/// One emulator.
#[wasm_bindgen]
pub struct NativeEmulator {
    emulator: Emulator,
}

#[wasm_bindgen]
impl NativeEmulator {
    /// `arguments` is JSON, `entropy` are 32 random bytes, `now` is in seconds since 1970.
    #[wasm_bindgen(constructor)]
    pub fn new(arguments: &str, entropy: &[u8], now: f64) -> Result<NativeEmulator, JsError> {
        let random = entropy.try_into().map_err(|_| JsError::new(ENTROPY))?;
        let arguments = Arguments::read(arguments).map_err(|message| JsError::new(&message))?;
        let emulator = arguments.emulator(random, seconds(now));
        Ok(Self {
            emulator: emulator.map_err(|message| JsError::new(&message))?,
        })
    }

    /// JSON: `{ "consumer": { "project_id", "secret" }, "b2b": { "project_id", "secret" }, "public_tokens": { "consumer", "b2b" } }`.
    pub fn credentials(&self) -> String {
        setup::credentials(self.emulator.settings())
    }

    /// Answers a request. `head` is JSON: `{ "method", "target", "headers": [["name", "value"]] }`. `now` is in seconds since
    /// 1970.
    pub fn handle(
        &mut self,
        head: &str,
        body: Vec<u8>,
        now: f64,
    ) -> Result<NativeResponse, JsError> {
        let response = self.emulator.handle(&read(head, body)?, seconds(now));
        Ok(response.into())
    }
}

/// Whether an emulator with these arguments generates signing keys, unless `signing_keys` contains them.
#[wasm_bindgen]
pub fn needs_signing_keys(arguments: &str) -> Result<bool, JsError> {
    let seed = Arguments::read(arguments).and_then(|arguments| arguments.seed());
    let seed = seed.map_err(|message| JsError::new(&message))?;
    Ok(seed.needs_signing_keys())
}

/// The requests that a server around the emulator accepts.
#[wasm_bindgen]
pub struct NativeFront {
    front: Front,
}

#[wasm_bindgen]
impl NativeFront {
    /// `host` and `port` are the address of the server. `more_hosts` are separated by spaces.
    #[wasm_bindgen(constructor)]
    pub fn new(
        host: &str,
        port: u16,
        more_hosts: &str,
        cors: Option<String>,
    ) -> Result<NativeFront, JsError> {
        let more_hosts: Vec<String> = more_hosts.split_whitespace().map(str::to_owned).collect();
        let front = Front::new(host, port, &more_hosts, cors.as_deref());
        Ok(Self {
            front: front.map_err(|error| JsError::new(&error.to_string()))?,
        })
    }

    /// Returns the response to a request that must not reach the emulator.
    pub fn check(&self, head: &str) -> Result<Option<NativeResponse>, JsError> {
        let request = read(head, Vec::new())?;
        Ok(self.front.check(&request).map(NativeResponse::from))
    }

    /// Returns the headers that each response must have in addition, as JSON: `[["name", "value"]]`.
    pub fn headers(&self, head: &str) -> Result<String, JsError> {
        let mut response = Response {
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
            delivery: Delivery::Whole,
        };
        self.front.finish(&read(head, Vec::new())?, &mut response);
        Ok(message::headers(&response))
    }
}

/// A response.
#[wasm_bindgen]
pub struct NativeResponse {
    response: Response,
}

#[wasm_bindgen]
impl NativeResponse {
    /// JSON: `{ "status", "headers": [["name", "value"]], "delivery": { "kind", ... } }`.
    pub fn head(&self) -> String {
        message::head(&self.response)
    }

    /// Returns the bytes of the body. The response is not usable afterwards.
    pub fn into_body(self) -> Vec<u8> {
        self.response.body
    }
}

impl From<Response> for NativeResponse {
    fn from(response: Response) -> Self {
        Self { response }
    }
}

fn read(head: &str, body: Vec<u8>) -> Result<Request, JsError> {
    message::request(head, body).map_err(|message| JsError::new(&message))
}

/// A number outside of the range of `i64` becomes the nearest, and NaN becomes 0.
fn seconds(now: f64) -> UnixSeconds {
    UnixSeconds(now as i64)
}

/// Nothing calls this: the emulator draws its randomness from the entropy of JavaScript.
fn no_randomness(_: &mut [u8]) -> Result<(), getrandom::Error> {
    Err(getrandom::Error::UNSUPPORTED)
}

getrandom::register_custom_getrandom!(no_randomness);

const ENTROPY: &str = "the entropy must have 32 bytes";
