//! One HTTP exchange with the runtime's `fetch`. No other module calls `fetch`.
//!
//! Does not know the operations to which requests and responses belong.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, Request, RequestCache, RequestInit, RequestRedirect};

use crate::{
    client::{Body, OutgoingRequest, Reason, RequestError, ResponseKind, classify},
    flow::{self, Pending},
};

/// The functions of the JavaScript runtime and of the caller that an exchange uses.
pub struct Host {
    /// Awaits a promise.
    pub settled: fn(Promise) -> Settling,
    /// Waits for a number of milliseconds.
    pub sleep: fn(u32) -> Pending<()>,
    /// The caller's `fetch`. Default: the global `fetch`.
    pub fetch: Option<Function>,
    /// The undici dispatcher for Node. Other runtimes ignore it. Default: none.
    pub dispatcher: Option<JsValue>,
}

/// A promise as a future. The error is the rejection of the promise.
pub type Settling = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// A response with its whole body.
pub struct Answer {
    /// The HTTP status, never a redirect status.
    pub status: u16,
    /// The body, a JavaScript string. If the caller receives the body as JSON, the runtime parses it, and the body is
    /// not copied into wasm.
    pub text: JsValue,
    /// The header `Retry-After` in seconds, of a response with status 429 or 503.
    pub retry_after: Option<u32>,
}

/// Sends a request of a flow, and copies the body of the response into wasm.
///
/// # Errors
/// The errors of [`exchange`].
pub async fn send(
    host: &Host,
    request: OutgoingRequest<String>,
    timeout_ms: u32,
) -> Result<flow::Answer, RequestError> {
    let request = OutgoingRequest {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: request.body.map(|body| match body {
            Body::Json(text) => Body::Json(JsValue::from(text)),
            Body::Form(text) => Body::Form(text),
        }),
    };
    let answer = exchange(host, &request, timeout_ms).await;
    let Answer {
        status,
        text,
        retry_after,
    } = answer.map_err(|error| *error)?;
    Ok(flow::Answer {
        status,
        retry_after,
        // `Response.text` always returns a string: bytes that are not UTF-8 become U+FFFD.
        text: text.as_string().unwrap_or_default(),
    })
}

/// Sends a request and reads the whole response within `timeout_ms` milliseconds.
///
/// # Errors
/// [`RequestError`] if the network fails, the time limit passes, or the response is a redirect, which is not followed.
pub async fn exchange(
    host: &Host,
    request: &OutgoingRequest<JsValue>,
    timeout_ms: u32,
) -> Result<Answer, Box<RequestError>> {
    let mut limit = (host.sleep)(timeout_ms);
    let abort = AbortOnDrop(AbortController::new().ok());
    let init = init(host, request, &abort);
    let begun = match &host.fetch {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init),
        None => fetch(&request.url, &init),
    };
    let response = within(host, request, &mut limit, begun).await?;
    let status = status_of(&response)
        .ok_or_else(|| unanswered(request, "was answered with a value that is not a Response"))?;
    if classify(status) == ResponseKind::Redirect {
        return Err(unanswered(
            request,
            "was answered with a redirect, which is not followed",
        ));
    }
    let body = within(host, request, &mut limit, body_of(&response)).await?;
    let text = if body.is_string() {
        body
    } else {
        stringify(&body)
            .map_err(|_| unanswered(request, "was answered with a body that is not JSON"))?
    };
    abort.disarm();
    let is_limited = matches!(status, 429 | 503);
    Ok(Answer {
        status,
        text,
        retry_after: is_limited.then(|| retry_after_of(&response)).flatten(),
    })
}

/// Awaits one step of an exchange, unless the time limit passes first.
async fn within(
    host: &Host,
    request: &OutgoingRequest<JsValue>,
    limit: &mut Pending<()>,
    begun: Result<JsValue, JsValue>,
) -> Result<JsValue, Box<RequestError>> {
    let failed = |thrown: &JsValue| {
        let what = format!("could not be completed ({})", names_of(thrown));
        unanswered(request, &what)
    };
    let begun = begun.map_err(|thrown| failed(&thrown))?;
    // As with `await`, a value that is not a promise is the result.
    let begun = promise_of(&begun).map_err(|thrown| failed(&thrown))?;
    let mut step = (host.settled)(begun);
    poll_fn(|context| {
        if let Poll::Ready(outcome) = step.as_mut().poll(context) {
            return Poll::Ready(outcome.map_err(|thrown| failed(&thrown)));
        }
        limit.as_mut().poll(context).map(|()| {
            let mut error = unanswered(request, "timed out");
            error.reason = Reason::Timeout;
            Err(error)
        })
    })
    .await
}

/// Reads the body of a response with `text`, or with `json` if the response does not have `text`. In many tests the
/// responses of the caller's `fetch` have only `json`.
fn body_of(response: &JsValue) -> Result<JsValue, JsValue> {
    let method = |name: &str| Reflect::get(response, &name.into())?.dyn_into::<Function>();
    let read = method("text").or_else(|_| method("json"))?;
    read.call0(response)
}

/// Creates the error for a request without a usable response. `what` is the predicate of the message.
pub fn unanswered(request: &OutgoingRequest<JsValue>, what: &str) -> Box<RequestError> {
    let (method, url) = (request.method.word(), request.shown_url().to_owned());
    let message = [method, " ", &url, " ", what].concat();
    Box::new(RequestError {
        method,
        url,
        reason: Reason::ApiUnavailable,
        message,
        retry_after: None,
    })
}

/// The header `Retry-After` in seconds (RFC 9110, section 10.2.3). The form with a date is ignored, and so is an object
/// without headers, as the caller's `fetch` may return it.
fn retry_after_of(response: &JsValue) -> Option<u32> {
    let headers = Reflect::get(response, &"headers".into()).ok()?;
    let get: Function = Reflect::get(&headers, &"get".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let value = get
        .call1(&headers, &"retry-after".into())
        .ok()?
        .as_string()?;
    value.trim_ascii().parse().ok()
}

/// The status of a response. The caller's `fetch` may return any value. As in npm `stytch`, an object without a `status`
/// counts as status 200 unless its `ok` is `false`.
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

/// The names and codes of an error and its cause, as in `TypeError ECONNREFUSED`. Messages are omitted: runtimes quote
/// URLs with their queries in messages, and the caller's `fetch` may quote the request.
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
        names += "unknown error";
    }
    names
}

fn init(host: &Host, request: &OutgoingRequest<JsValue>, abort: &AbortOnDrop) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(request.method.word());
    let headers = serde_json::to_string(&HeaderObject(&request.headers)).unwrap_or_default();
    init.set_headers(&parse(&headers).unwrap_or(JsValue::UNDEFINED));
    match &request.body {
        Some(Body::Json(json)) => init.set_body(json),
        Some(Body::Form(form)) => init.set_body(&form.as_str().into()),
        None => {}
    }
    // workerd does not support "error" and throws. "follow" would send the request to another host.
    init.set_redirect(RequestRedirect::Manual);
    if cache_can_be_set() {
        // Some frameworks cache responses of fetch by default, for example Next.js.
        init.set_cache(RequestCache::NoStore);
    }
    if let Some(controller) = &abort.0 {
        init.set_signal(Some(&controller.signal()));
    }
    if let Some(dispatcher) = &host.dispatcher {
        let _ = Reflect::set(&init, &"dispatcher".into(), dispatcher);
    }
    init
}

/// Headers as a JSON object.
struct HeaderObject<'a>(&'a [(&'static str, String)]);

impl serde::Serialize for HeaderObject<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Whether `fetch` supports the option `cache`. workerd throws if the compatibility date is before 2024-11-11.
fn cache_can_be_set() -> bool {
    thread_local! {
        static KNOWN: Cell<Option<bool>> = const { Cell::new(None) };
    }
    KNOWN.get().unwrap_or_else(|| {
        let init = RequestInit::new();
        init.set_cache(RequestCache::NoStore);
        let request = Request::new_with_str_and_init("https://test.stytch.com/", &init);
        KNOWN.set(Some(request.is_ok()));
        request.is_ok()
    })
}

/// Aborts an abandoned exchange when it is dropped: the request, or the body of the response.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Called when the exchange is complete.
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // On workerd the exchange may belong to a request that has ended. `abort` then throws, because another request
        // must not use its I/O. The exception is ignored: the exchange has ended with its request.
        if let Some(controller) = &self.0 {
            let _ = controller.unchecked_ref::<Abortable>().abort();
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// An `AbortController` whose `abort` may throw.
    type Abortable;

    #[wasm_bindgen(method, catch)]
    fn abort(this: &Abortable) -> Result<(), JsValue>;

    /// `Promise.resolve`. It reads the `constructor` of a promise, which may be a getter of the caller that throws.
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    fn promise_of(value: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &str) -> Result<JsValue, JsValue>;

    /// The global `fetch`. `web_sys::Window` does not exist in Workers.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;

    /// Returns the JSON text of a value, or `undefined` for a value that JSON omits, such as a function.
    ///
    /// # Errors
    /// Exceptions of the value's `toJSON` and getters, and a `TypeError` for a cyclic object or a `BigInt`.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    pub fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;
}
