//! One HTTP exchange by the runtime's own `fetch`: the only place that calls it.
//!
//! Knows requests and answers; does not know which operation they belong to.

use alloc::{borrow::ToOwned, boxed::Box, string::String};
use core::{
    pin::Pin,
    sync::atomic::{AtomicU8, Ordering},
};

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, Request, RequestInit};

use super::timer::Timer;
use crate::client::{AnswerKind, Body, OutgoingRequest, Reason, RequestError, classify};

/// What the caller's runtime provides beside its globals.
pub struct Host {
    /// How a promise is awaited.
    pub settled: fn(Promise) -> Settling,
    /// A `fetch` to use instead of the global one.
    pub fetch: Option<Function>,
    /// Node's undici dispatcher; other runtimes ignore it.
    pub dispatcher: Option<JsValue>,
}

/// The value of a promise, or what it was rejected with.
pub type Settling = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// An answer whose body has arrived.
pub struct Answer {
    /// The HTTP status, never that of a redirect.
    pub status: u16,
    /// The body, a JavaScript string: it is parsed by the runtime where it is
    /// JSON for the caller, and never copied into wasm for that.
    pub text: JsValue,
}

/// Sends a request and reads the answer, in `timeout_ms` for both together.
///
/// # Errors
/// [`RequestError`] if the network fails, time runs out, or the answer is a
/// redirect, which is not followed.
pub async fn exchange(
    host: &Host,
    request: &OutgoingRequest<JsValue>,
    timeout_ms: u32,
) -> Result<Answer, Box<RequestError>> {
    let timer = Timer::start(timeout_ms);
    let abort = AbortOnDrop(AbortController::new().ok());
    let init = init(host, request, &abort);
    let mut step = match &host.fetch {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init),
        None => fetch(&request.url, &init),
    };
    // The status first, then the text. One await serves both: each is a state of the future, and
    // weighs as much as what is done there.
    let mut known = None;
    loop {
        let raced = match step {
            Ok(promise) => {
                (host.settled)(Promise::race(&Array::of2(&promise, &timer.promise))).await
            }
            Err(thrown) => Err(thrown),
        };
        let brought = in_time(request, &timer, raced)?;
        if let Some(status) = known {
            let text = if brought.is_string() {
                brought
            } else {
                stringify(&brought)
                    .map_err(|_| unanswered(request, "was answered with a body that is not JSON"))?
            };
            return Ok(Answer { status, text });
        }
        let status = status_of(&brought)
            .ok_or_else(|| unanswered(request, "was answered by something that is no Response"))?;
        if classify(status) == AnswerKind::Redirect {
            return Err(unanswered(
                request,
                "was answered with a redirect, which is not followed",
            ));
        }
        known = Some(status);
        step = body_of(&brought);
    }
}

/// A response's body, or the promise of it: its text, or its JSON, because that is all that the
/// responses of a caller's own `fetch` have in many tests.
fn body_of(response: &JsValue) -> Result<JsValue, JsValue> {
    let method = |name: &str| Reflect::get(response, &name.into())?.dyn_into::<Function>();
    let read = method("text").or_else(|_| method("json"))?;
    read.call0(response)
}

/// An error about a request that got no usable answer.
pub fn unanswered(request: &OutgoingRequest<JsValue>, what: &str) -> Box<RequestError> {
    let (method, url) = (request.method.word(), request.shown_url().to_owned());
    let message = [method, " ", &url, " ", what].concat();
    Box::new(RequestError {
        method,
        url,
        reason: Reason::ApiUnavailable,
        message,
    })
}

/// What a step brought, unless the timer was first.
fn in_time(
    request: &OutgoingRequest<JsValue>,
    timer: &Timer,
    raced: Result<JsValue, JsValue>,
) -> Result<JsValue, Box<RequestError>> {
    match raced {
        Ok(value) if value == timer.sentinel => {
            let mut error = unanswered(request, "took too long");
            error.reason = Reason::Timeout;
            Err(error)
        }
        Ok(value) => Ok(value),
        Err(thrown) => Err(unanswered(
            request,
            &["could not be completed (", &names_of(&thrown), ")"].concat(),
        )),
    }
}

/// The status of what a fetch brought. A caller's own `fetch` may bring anything; one without a
/// status counts as a success unless its `ok` says otherwise, as with npm `stytch`.
fn status_of(response: &JsValue) -> Option<u16> {
    let status = Reflect::get(response, &"status".into()).ok()?;
    if status.is_undefined() && response.is_object() {
        let ok = Reflect::get(response, &"ok".into()).ok()?;
        return (ok != JsValue::FALSE).then_some(200);
    }
    let status = status.as_f64()?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in range"
    )]
    (0.0..1000.0).contains(&status).then_some(status as u16)
}

/// The names and codes of an error and its cause, as in `TypeError ECONNREFUSED`.
/// The messages stay behind: runtimes quote URLs with their queries in them, and a
/// caller's own `fetch` may quote what it was given.
fn names_of(thrown: &JsValue) -> String {
    let word = |object: &JsValue, name: &str| {
        let word = Reflect::get(object, &name.into()).ok()?.as_string()?;
        let plain = word.len() <= 40
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        plain.then_some(word)
    };
    let cause = Reflect::get(thrown, &"cause".into()).unwrap_or(JsValue::UNDEFINED);
    let words = [
        word(thrown, "name"),
        word(thrown, "code"),
        word(&cause, "code"),
    ];
    let mut names = String::new();
    for word in words.iter().flatten() {
        if !names.is_empty() {
            names.push(' ');
        }
        names += word;
    }
    if names.is_empty() {
        names += "no reason given";
    }
    names
}

fn init(host: &Host, request: &OutgoingRequest<JsValue>, abort: &AbortOnDrop) -> RequestInit {
    let init = Object::new();
    set(&init, "method", &request.method.word().into());
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &value.as_str().into());
    }
    set(&init, "headers", &headers);
    match &request.body {
        Some(Body::Json(json)) => set(&init, "body", json),
        Some(Body::Form(form)) => set(&init, "body", &form.as_str().into()),
        None => {}
    }
    // "error" throws at once in workerd, and "follow" would send the request on.
    set(&init, "redirect", &"manual".into());
    if cache_can_be_set() {
        // Next.js, for one, caches what fetch brings unless told not to.
        forbid_caching(&init);
    }
    if let Some(controller) = &abort.0 {
        set(&init, "signal", &controller.signal());
    }
    if let Some(dispatcher) = &host.dispatcher {
        set(&init, "dispatcher", dispatcher);
    }
    init.unchecked_into()
}

fn forbid_caching(init: &Object) {
    set(init, "cache", &"no-store".into());
}

/// workerd throws at `cache` before its compatibility date 2024-11-11.
fn cache_can_be_set() -> bool {
    static KNOWN: AtomicU8 = AtomicU8::new(0);
    match KNOWN.load(Ordering::Relaxed) {
        0 => {
            let init = Object::new();
            forbid_caching(&init);
            let init: RequestInit = init.unchecked_into();
            let request = Request::new_with_str_and_init("https://test.stytch.com/", &init);
            KNOWN.store(1 + u8::from(request.is_ok()), Ordering::Relaxed);
            request.is_ok()
        }
        known => known == 2,
    }
}

/// Ends whatever is still open of an exchange: a request nobody waits for, a body
/// nobody reads.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // On workerd this may be a request that another one outlived, whose I/O
        // must not be touched: what `abort` throws then is the right answer.
        if let Some(controller) = &self.0
            && let Ok(abort) = Reflect::get(controller, &"abort".into())
            && let Some(abort) = abort.dyn_ref::<Function>()
        {
            let _ = abort.call0(controller);
        }
    }
}

/// Sets a property of an object made here, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

#[wasm_bindgen]
extern "C" {
    /// The global one: a Worker has no `Window` to ask.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;

    /// JSON text of a value; undefined if there is none.
    ///
    /// # Errors
    /// What the value's own code throws, and a `TypeError` for a value that JSON cannot hold.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    pub fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;
}
