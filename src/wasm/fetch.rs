//! One HTTP exchange with the runtime's `fetch`. No other module calls `fetch`.
//!
//! Does not know the operations to which requests and responses belong.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use js_sys::{Array, Date, Function, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, Blob, Request, RequestCache, RequestInit, RequestRedirect};

use super::{body, network_failure::NetworkFailure};
use crate::{
    client::{Body, OutgoingRequest, Reason, RequestError, ResponseKind, ShownRequest, classify},
    flow::{self, Pending},
    jwt::UnixSeconds,
};

/// The functions of the JavaScript runtime and of the caller that an exchange uses.
pub struct Host {
    /// Awaits a value as `await` does: a value that is not a promise is the result.
    pub settled: fn(JsValue) -> Settling,
    /// Waits for a number of milliseconds.
    pub sleep: fn(u32) -> Pending<()>,
    /// The caller's `fetch`. Default: the global `fetch`.
    pub fetch: Option<Function>,
    /// The undici dispatcher for Node. Other runtimes ignore it. Default: none.
    pub dispatcher: Option<JsValue>,
    /// Whether `fetch` may send a request a second time if its body is text, as the global one of Deno.
    pub resends_text: bool,
}

/// A value of JavaScript as a future. The error is the rejection of a promise.
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
        operation: request.operation,
        path_template: request.path_template,
        is_safe_to_repeat: request.is_safe_to_repeat,
        url: request.url,
        headers: request.headers,
        body: request.body.map(|body| match body {
            Body::Json(text) => Body::Json(JsValue::from(text)),
            Body::Form(text) => Body::Form(text),
        }),
        max_response_bytes: request.max_response_bytes,
        needs_date: request.needs_date,
    };
    let answered = respond(host, &request, timeout_ms).await;
    let (answer, response) = answered.map_err(|error| *error)?;
    let Answer {
        status,
        text,
        retry_after,
    } = answer;
    Ok(flow::Answer {
        status,
        retry_after,
        date: request.needs_date.then(|| date(&response)).flatten(),
        // `Response.text` always returns a string: bytes that are not UTF-8 become U+FFFD.
        text: text.as_string().unwrap_or_default(),
    })
}

/// Sends a request and reads the whole response within `timeout_ms` milliseconds.
///
/// # Errors
/// [`RequestError`] if the network fails, the time limit passes, the response is a redirect, which is not followed, or
/// its body has more than `max_response_bytes`.
pub async fn exchange(
    host: &Host,
    request: &OutgoingRequest<JsValue>,
    timeout_ms: u32,
) -> Result<Answer, Box<RequestError>> {
    let (answer, _) = respond(host, request, timeout_ms).await?;
    Ok(answer)
}

/// The exchange, with the `Response` for its other headers.
async fn respond(
    host: &Host,
    request: &OutgoingRequest<JsValue>,
    timeout_ms: u32,
) -> Result<(Answer, JsValue), Box<RequestError>> {
    let mut exchange = Exchange {
        host,
        request,
        limit: (host.sleep)(timeout_ms),
    };
    let abort = AbortOnDrop(AbortController::new().ok());
    let init = init(host, request, &abort);
    let begun = match &host.fetch {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init),
        None => fetch(&request.url, &init),
    };
    let response = exchange.step(begun).await?;
    let status = status_of(&response)
        .ok_or_else(|| exchange.unusable("was answered with a value that is not a Response"))?;
    if classify(status) == ResponseKind::Redirect {
        return Err(exchange.unusable("was answered with a redirect, which is not followed"));
    }
    let retry_after = retry_after(&response, status);
    let text = body::read(&mut exchange, &response).await;
    let text = text.map_err(|error| Box::new(error.of_response(status, retry_after)))?;
    abort.disarm();
    let answer = Answer {
        status,
        text,
        retry_after,
    };
    Ok((answer, response))
}

/// An exchange whose response is not complete.
pub(super) struct Exchange<'a> {
    host: &'a Host,
    pub(super) request: &'a OutgoingRequest<JsValue>,
    /// The time limit of all steps together.
    limit: Pending<()>,
}

impl Exchange<'_> {
    /// Awaits the result of a function, unless the time limit passes first.
    pub(super) async fn step(
        &mut self,
        begun: Result<JsValue, JsValue>,
    ) -> Result<JsValue, Box<RequestError>> {
        let begun = begun.map_err(|thrown| self.failed(&thrown))?;
        let mut step = (self.host.settled)(begun);
        poll_fn(|context| {
            if let Poll::Ready(outcome) = step.as_mut().poll(context) {
                return Poll::Ready(outcome.map_err(|thrown| self.failed(&thrown)));
            }
            self.limit.as_mut().poll(context).map(|()| {
                let mut error = self.unusable("timed out");
                error.reason = Reason::Timeout;
                Err(error)
            })
        })
        .await
    }

    /// The error for a step that threw this value.
    pub(super) fn failed(&self, thrown: &JsValue) -> Box<RequestError> {
        let failure = NetworkFailure::read(thrown);
        let mut error = self.unusable(&failure.predicate());
        error.reason = failure.reason;
        error
    }

    /// The error for an unusable response. `what` is the predicate of the message.
    pub(super) fn unusable(&self, what: &str) -> Box<RequestError> {
        unanswered(self.request, what)
    }
}

/// Creates the error for a request without a usable response. `what` is the predicate of the message.
pub fn unanswered(request: &OutgoingRequest<JsValue>, what: &str) -> Box<RequestError> {
    Box::new(ShownRequest::of(request).unanswered(what))
}

/// The status of a response. The caller's `fetch` may return any value. As in npm `stytch`, an object without a `status`
/// counts as status 200 unless its `ok` is `false`.
fn status_of(response: &JsValue) -> Option<u16> {
    let status = Reflect::get(response, &"status".into()).ok()?;
    let Some(number) = status.as_f64() else {
        let is_absent = status.is_undefined() && response.is_object();
        let ok = is_absent.then(|| Reflect::get(response, &"ok".into()));
        return (ok?.ok()? != JsValue::FALSE).then_some(200);
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in range"
    )]
    (0.0..1000.0).contains(&number).then_some(number as u16)
}

/// Reads `Retry-After` as a number of seconds. Its other form, a date, is ignored. A number above `u32::MAX` becomes
/// `u32::MAX`.
fn retry_after(response: &JsValue, status: u16) -> Option<u32> {
    if !matches!(status, 429 | 503) {
        return None;
    }
    let value = String::from(header(response, "retry-after")?);
    let value = value.trim_ascii();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| value.parse().unwrap_or(u32::MAX))
}

/// Reads `Date` (RFC 9110, section 5.6.7), in the only form that senders may use: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(response: &JsValue) -> Option<UnixSeconds> {
    let value = String::from(header(response, "date")?);
    let is_imf_fixdate = value.len() == 29 && value.ends_with(" GMT");
    let seconds = is_imf_fixdate.then(|| Date::parse(&value) / 1000.0)?;
    seconds.is_finite().then_some(seconds)
}

/// A header of a response, if it is short. Headers of the caller's `fetch` without `get` count as absent.
fn header(response: &JsValue, name: &str) -> Option<JsString> {
    let headers = Reflect::get(response, &"headers".into()).ok()?;
    let value = headers.unchecked_ref::<HeaderMap>().get(name);
    let value: JsString = value.ok()?.dyn_into().ok()?;
    (value.length() <= MAX_HEADER_LENGTH).then_some(value)
}

fn init(host: &Host, request: &OutgoingRequest<JsValue>, abort: &AbortOnDrop) -> RequestInit {
    // Without a prototype: `fetch` also reads inherited members, and one on `Object.prototype`, such as a dispatcher, would
    // receive the secret.
    let nothing: Object = JsValue::NULL.unchecked_into();
    let bare: Object = Object::create(&nothing);
    let init: RequestInit = bare.unchecked_into();
    init.set_method(request.method.word());
    let headers = serde_json::to_string(&HeaderObject(&request.headers)).unwrap_or_default();
    init.set_headers(&parse(&headers).unwrap_or(JsValue::UNDEFINED));
    let body = match &request.body {
        Some(Body::Json(json)) => Some(json.clone()),
        Some(Body::Form(form)) => Some(form.as_str().into()),
        None => None,
    };
    if let Some(body) = body {
        init.set_body(&if host.resends_text {
            sent_once(body)
        } else {
            body
        });
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

/// Returns a body that `fetch` sends at most once. If a server closes the connection instead of responding, Deno's `fetch`
/// sends a request again if it can clone the body. It cannot clone a `Blob`.
fn sent_once(text: JsValue) -> JsValue {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text));
    blob.map_or(text, JsValue::from)
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

    /// The `Headers` of a response.
    type HeaderMap;

    #[wasm_bindgen(method, catch)]
    fn get(this: &HeaderMap, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON)]
    pub(super) fn parse(text: &str) -> Result<JsValue, JsValue>;

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

/// Longer values of the headers that are read are ignored.
const MAX_HEADER_LENGTH: u32 = 29;
