//! One HTTP exchange by the runtime's own `fetch`: the only place that calls it.
//!
//! Knows requests and answers; does not know which operation they belong to.

use std::cell::Cell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, Request, RequestCache, RequestInit, RequestRedirect, Response};

use super::{timer::Timer, wait::settled};
use crate::client::{AnswerKind, OutgoingRequest, Reason, RequestError, classify};

/// What the caller's runtime provides beside its globals.
#[derive(Default)]
pub struct Host {
    /// A `fetch` to use instead of the global one.
    pub fetch: Option<Function>,
    /// Node's undici dispatcher; other runtimes ignore it.
    pub dispatcher: Option<JsValue>,
}

/// An answer whose body has arrived.
pub struct Answer {
    /// The HTTP status, never that of a redirect.
    pub status: u16,
    /// The body, a JavaScript string: it is parsed by the runtime where it is
    /// JSON for the caller, and never copied into wasm for that.
    pub text: JsValue,
}

/// A request without an answer, and the runtime's own error if there is one.
pub struct Unanswered {
    /// What happened.
    pub error: RequestError,
    /// What the runtime said.
    pub cause: JsValue,
}

/// Sends a request and reads the answer, in `timeout_ms` for both together.
///
/// # Errors
/// [`Unanswered`] if the network fails, time runs out, or the answer is a redirect,
/// which is not followed.
pub async fn exchange(
    host: &Host,
    request: &OutgoingRequest,
    timeout_ms: u32,
) -> Result<Answer, Unanswered> {
    let timer = Timer::start(timeout_ms);
    let abort = AbortOnDrop(AbortController::new().ok());
    let init = init(host, request, &abort);
    let sent = match &host.fetch {
        Some(fetch) => fetch
            .call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init)
            .map(|promise| Promise::resolve(&promise)),
        None => fetch(&request.url, &init),
    };
    let response = in_time(request, &timer, sent).await?;
    let response: Response = response.unchecked_into();
    let status = response.status();
    if classify(status) == AnswerKind::Redirect {
        return Err(unanswered(
            request,
            Reason::ApiUnavailable,
            "answered with a redirect, which is not followed",
        ));
    }
    let text = in_time(request, &timer, response.text()).await?;
    Ok(Answer { status, text })
}

/// An error about this request that the runtime has no part in.
pub(super) fn unanswered(request: &OutgoingRequest, reason: Reason, what: &str) -> Unanswered {
    let (method, url) = (request.method.word(), request.shown_url().to_owned());
    let message = format!("{method} {url} {what}");
    Unanswered {
        error: RequestError {
            method,
            url,
            reason,
            message,
        },
        cause: JsValue::UNDEFINED,
    }
}

/// What `step` brings, unless the timer is first.
async fn in_time(
    request: &OutgoingRequest,
    timer: &Timer,
    step: Result<Promise, JsValue>,
) -> Result<JsValue, Unanswered> {
    let raced = match step {
        Ok(promise) => settled(Promise::race(&Array::of2(&promise, &timer.promise))).await,
        Err(thrown) => Err(thrown),
    };
    match raced {
        Ok(value) if value.is_undefined() => {
            Err(unanswered(request, Reason::Timeout, "took too long"))
        }
        Ok(value) => Ok(value),
        Err(cause) => Err(Unanswered {
            cause,
            ..unanswered(request, Reason::ApiUnavailable, "could not be completed")
        }),
    }
}

fn init(host: &Host, request: &OutgoingRequest, abort: &AbortOnDrop) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(request.method.word());
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &value.as_str().into());
    }
    init.set_headers(&headers);
    if let Some(body) = &request.body {
        init.set_body(&body.as_str().into());
    }
    // "error" throws at once in workerd, and "follow" would send the request on.
    init.set_redirect(RequestRedirect::Manual);
    if cache_can_be_set() {
        // Next.js, for one, caches what fetch brings unless told not to.
        init.set_cache(RequestCache::NoStore);
    }
    init.set_signal(abort.0.as_ref().map(AbortController::signal).as_ref());
    if let Some(dispatcher) = &host.dispatcher {
        set(&init, "dispatcher", dispatcher);
    }
    init
}

/// workerd throws at `cache` before its compatibility date 2024-11-11.
fn cache_can_be_set() -> bool {
    thread_local! {
        static CAN_BE_SET: Cell<Option<bool>> = const { Cell::new(None) };
    }
    CAN_BE_SET.get().unwrap_or_else(|| {
        let init = RequestInit::new();
        init.set_cache(RequestCache::NoStore);
        let can_be_set = Request::new_with_str_and_init("https://test.stytch.com/", &init).is_ok();
        CAN_BE_SET.set(Some(can_be_set));
        can_be_set
    })
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
pub(super) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

#[wasm_bindgen]
extern "C" {
    /// The global one: a Worker has no `Window` to ask.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}
