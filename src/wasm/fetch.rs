//! One HTTP exchange by the runtime's own `fetch`: the only place that calls it.
//!
//! Knows requests and responses; does not know which operations they belong to.

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
    client::{AnswerKind, Body, OutgoingRequest, Reason, RequestError, classify},
    flow::{self, Pending},
};

/// What the caller's runtime provides, and what the caller provides beside it.
pub struct Host {
    /// How a promise is awaited.
    pub settled: fn(Promise) -> Settling,
    /// How time is awaited, in milliseconds.
    pub sleep: fn(u32) -> Pending<()>,
    /// A `fetch` to use in place of the global one.
    pub fetch: Option<Function>,
    /// Node's undici dispatcher; other runtimes ignore it.
    pub dispatcher: Option<JsValue>,
}

/// The value of a promise, or what it was rejected with.
pub type Settling = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// A response whose body has arrived.
pub struct Answer {
    /// The HTTP status, never that of a redirect.
    pub status: u16,
    /// The body, a JavaScript string: it is parsed by the runtime if it is
    /// JSON for the caller, and never copied into wasm for that.
    pub text: JsValue,
}

/// Sends a request of a flow, whose response is read here.
///
/// # Errors
/// As [`exchange`]'s.
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
    let Answer { status, text } = answer.map_err(|error| *error)?;
    Ok(flow::Answer {
        status,
        // A body that was read as text is a string, whatever its bytes were.
        text: text.as_string().unwrap_or_default(),
    })
}

/// Sends a request and reads the response, in `timeout_ms` for both together.
///
/// # Errors
/// [`RequestError`] if the network fails, time runs out, or the response is a
/// redirect, which is not followed.
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
        .ok_or_else(|| unanswered(request, "was answered by something that is not a Response"))?;
    if classify(status) == AnswerKind::Redirect {
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
    Ok(Answer { status, text })
}

/// What a step brings, unless time runs out first.
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
    // What is no promise is its own result, as for `await`.
    let begun = promise_of(&begun).map_err(|thrown| failed(&thrown))?;
    let mut step = (host.settled)(begun);
    poll_fn(|context| {
        if let Poll::Ready(outcome) = step.as_mut().poll(context) {
            return Poll::Ready(outcome.map_err(|thrown| failed(&thrown)));
        }
        limit.as_mut().poll(context).map(|()| {
            let mut error = unanswered(request, "took too long");
            error.reason = Reason::Timeout;
            Err(error)
        })
    })
    .await
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
    let init = RequestInit::new();
    init.set_method(request.method.word());
    let headers = serde_json::to_string(&HeaderObject(&request.headers)).unwrap_or_default();
    init.set_headers(&parse(&headers).unwrap_or(JsValue::UNDEFINED));
    match &request.body {
        Some(Body::Json(json)) => init.set_body(json),
        Some(Body::Form(form)) => init.set_body(&form.as_str().into()),
        None => {}
    }
    // "error" throws at once in workerd, and "follow" would send the request on.
    init.set_redirect(RequestRedirect::Manual);
    if cache_can_be_set() {
        // Next.js, for one, caches what fetch brings unless told not to.
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

/// workerd throws at `cache` before its compatibility date 2024-11-11.
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

/// Ends what is still open of an exchange: a request that nothing awaits, a body
/// that nothing reads.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Nothing is open any more.
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // On workerd this may be a request that another one outlived, whose I/O
        // must not be touched: what `abort` throws then is the right answer.
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

    /// `Promise.resolve`, which reads the `constructor` of a promise: that may be the caller's code, and throw.
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    fn promise_of(value: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &str) -> Result<JsValue, JsValue>;

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
