//! The platform of flows: the JavaScript runtime, and the caller's own code that a client uses.

use std::{
    cell::Cell,
    sync::{Arc, OnceLock},
};

use js_sys::{Date, Error, Function, Object, Promise, WeakMap};
use serde::Serialize;
use stytch_edge::{
    client::{Config, OutgoingRequest, Reason, RefreshClass, RequestError},
    flow::{
        Answer, Core, Event, Pending, Platform, RequestEvent, ResponseEvent, RetryEvent, Store,
        StoreError, StoreOperation,
    },
    jwt::UnixSeconds,
    wasm,
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    failure::Failure,
    tasks::{self, Done, settled},
};

#[wasm_bindgen]
extern "C" {
    /// The runtime, and the caller's own code: `Host` in `pkg/src/host.ts`. Of the caller's code, its methods call only
    /// `wait_until` and `on_event`. They do not throw.
    #[derive(Clone)]
    pub type Host;

    #[wasm_bindgen(method, getter)]
    fn hooks(this: &Host) -> Hooks;

    #[wasm_bindgen(method, getter)]
    fn may_await_others(this: &Host) -> bool;

    /// `undefined` counts as `false`.
    #[wasm_bindgen(method, getter)]
    fn resends_text(this: &Host) -> bool;

    #[wasm_bindgen(method, getter)]
    fn wait_until(this: &Host) -> Option<Function>;

    /// The promise of a text or of undefined.
    #[wasm_bindgen(method)]
    fn store_get(this: &Host, key: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn store_put(this: &Host, key: &str, value: &str, ttl_seconds: f64) -> Promise;

    /// Continues a task in the background. Returns a promise if the call has to await it.
    #[wasm_bindgen(method)]
    fn background(this: &Host, task: u32) -> JsValue;

    #[wasm_bindgen(method)]
    fn report(this: &Host, event: &JsValue);

    /// Whether one of the hooks for requests is set.
    #[wasm_bindgen(method, getter)]
    fn observes(this: &Host) -> bool;

    /// Calls a hook for requests, if it is set.
    #[wasm_bindgen(method)]
    fn call(this: &Host, hook: &str, event: &JsValue);

    /// The options of a configuration that stay in JavaScript.
    type Hooks;

    /// Node's undici dispatcher; other runtimes ignore it.
    #[wasm_bindgen(method, getter)]
    fn dispatcher(this: &Hooks) -> Option<Object>;

    /// A `fetch` to use instead of the global one.
    #[wasm_bindgen(method, getter)]
    fn own_fetch(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter)]
    fn store(this: &Hooks) -> Option<Object>;
}

/// The client of flows.
pub(crate) fn core(config: Arc<Config>, host: Host) -> Core {
    let hooks = OnceLock::new();
    Core::new(Arc::new(Runtime { host, hooks }), config)
}

/// The host for [`wasm::exchange`].
#[cfg(feature = "api")]
pub(crate) fn network_of(host: &Host) -> wasm::Host {
    network(host, &host.hooks())
}

fn network(host: &Host, hooks: &Hooks) -> wasm::Host {
    let fetch = hooks.own_fetch();
    wasm::Host {
        settled: |value| settled(value.unchecked_into()),
        sleep: tasks::sleep,
        resends_text: fetch.is_none() && host.resends_text(),
        fetch,
        dispatcher: hooks.dispatcher().map(JsValue::from),
    }
}

struct Runtime {
    host: Host,
    hooks: OnceLock<Hooks>,
}

impl Runtime {
    fn hooks(&self) -> &Hooks {
        self.hooks.get_or_init(|| self.host.hooks())
    }

    fn observe(&self, hook: &str, event: &Observed<'_>) {
        let event = serde_wasm_bindgen::to_value(event);
        self.host.call(hook, &event.unwrap_or(JsValue::UNDEFINED));
    }
}

impl Platform for Runtime {
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>> {
        let network = network(&self.host, self.hooks());
        Box::pin(async move { wasm::send(&network, request, timeout_ms).await })
    }

    fn now(&self) -> UnixSeconds {
        Date::now() / 1000.0
    }

    fn sleep(&self, milliseconds: u32) -> Pending<()> {
        tasks::sleep(milliseconds)
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    #[cfg(feature = "api")]
    fn secret_bytes(&self) -> Option<[u8; 32]> {
        wasm::secret_bytes()
    }

    fn observes(&self) -> bool {
        self.host.observes()
    }

    fn on_request(&self, event: &RequestEvent<'_>) {
        self.observe("on_request", &Observed::from(event));
    }

    fn on_response(&self, event: &ResponseEvent<'_>) {
        self.observe(
            "on_response",
            &Observed {
                duration_ms: Some(event.duration_ms),
                status_code: event.status_code,
                reason: event.reason.map(Reason::word),
                request_id: event.request_id,
                ..Observed::from(&event.request)
            },
        );
    }

    fn on_retry(&self, event: &RetryEvent<'_>) {
        self.observe(
            "on_retry",
            &Observed {
                delay_ms: Some(event.delay_ms),
                status_code: event.status_code,
                reason: event.reason.map(Reason::word),
                ..Observed::from(&event.request)
            },
        );
    }

    fn may_await_others(&self) -> bool {
        self.host.may_await_others()
    }

    fn network(&self) -> u64 {
        let hooks = self.hooks();
        let fetch = hooks.own_fetch().map(JsValue::from);
        let dispatcher = hooks.dispatcher().map(JsValue::from);
        let [fetch, dispatcher] = [fetch, dispatcher].map(|own| u64::from(number_of(own)));
        fetch << 32 | dispatcher
    }

    fn has_background(&self) -> bool {
        self.host.may_await_others() || self.host.wait_until().is_some()
    }

    fn run_in_background(&self, work: Pending<()>) -> Option<Pending<()>> {
        let step = tasks::begin(BACKGROUND_LIMIT_MS, async move {
            work.await;
            Ok(Done::nothing())
        });
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the number of a task"
        )]
        let task = step.as_f64()? as u32;
        let promise = self.host.background(task);
        if promise.is_undefined() {
            return None;
        }
        let promise = settled(promise.unchecked_into());
        Some(Box::pin(async move {
            let _ = promise.await;
        }))
    }

    fn store(&self) -> Option<&dyn Store> {
        self.hooks().store().map(|_| self as &dyn Store)
    }

    fn report(&self, event: &Event<'_>) {
        let event = serde_wasm_bindgen::to_value(&Reported::from(event));
        self.host.report(&event.unwrap_or(JsValue::UNDEFINED));
    }
}

impl Store for Runtime {
    /// `Host` reports the failures of a store itself, with the errors that it threw.
    fn get(&self, key: &str) -> Pending<Result<Option<String>, StoreError>> {
        let entry = settled(self.host.store_get(key));
        Box::pin(async move { Ok(entry.await.ok().and_then(|entry| entry.as_string())) })
    }

    fn put(&self, key: &str, value: &str, ttl_seconds: f64) -> Pending<Result<(), StoreError>> {
        let put = settled(self.host.store_put(key, value, ttl_seconds));
        Box::pin(async move {
            let _ = put.await;
            Ok(())
        })
    }
}

/// The number of a caller's function or object: equal for the same one, and 0 for none.
fn number_of(own: Option<JsValue>) -> u32 {
    thread_local! {
        static NUMBERS: WeakMap = WeakMap::new();
        static LAST: Cell<u32> = const { Cell::new(0) };
    }
    let Some(own) = own else { return 0 };
    let own: Object = own.unchecked_into();
    NUMBERS.with(|numbers| {
        let known = numbers.get(&own).as_f64();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "written below"
        )]
        known.map(|number| number as u32).unwrap_or_else(|| {
            let number = LAST.get().wrapping_add(1).max(1);
            LAST.set(number);
            numbers.set(&own, &number.into());
            number
        })
    })
}

/// An event of a request as it crosses to JavaScript.
#[derive(Serialize)]
struct Observed<'a> {
    operation: &'a str,
    method: &'a str,
    path_template: &'a str,
    origin: &'a str,
    call: u32,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl<'a> From<&RequestEvent<'a>> for Observed<'a> {
    fn from(event: &RequestEvent<'a>) -> Self {
        Self {
            operation: event.operation,
            method: event.method,
            path_template: event.path_template,
            origin: event.origin,
            call: event.call,
            attempt: event.attempt,
            duration_ms: None,
            delay_ms: None,
            status_code: None,
            reason: None,
            request_id: None,
        }
    }
}

/// An event as it crosses to JavaScript.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Reported<'a> {
    KeysRefreshFailed {
        failure: Failure,
    },
    PolicyRefreshFailed {
        #[serde(skip_serializing_if = "Option::is_none")]
        organization_id: Option<&'a str>,
        failure: Failure,
    },
    StoreFailed {
        operation: &'static str,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        error: JsValue,
    },
    CookieTooLarge {
        cookie: &'a str,
    },
    OtherCookieMode {
        cookie: &'a str,
    },
    RefreshFailed {
        failure: Failure,
    },
    RefreshesPaused {
        has_verified_jwt: bool,
        seconds: f64,
    },
    RefreshLimitReached,
    ClockSkew,
    /// An event that this version does not know. None exists.
    Unknown,
}

impl<'a> From<&Event<'a>> for Reported<'a> {
    fn from(event: &Event<'a>) -> Self {
        match event {
            Event::KeysRefreshFailed { error } => Self::KeysRefreshFailed {
                failure: Failure::from((*error).clone()),
            },
            Event::PolicyRefreshFailed {
                organization_id,
                error,
            } => Self::PolicyRefreshFailed {
                organization_id: *organization_id,
                failure: Failure::from((*error).clone()),
            },
            Event::StoreFailed { operation, error } => Self::StoreFailed {
                operation: match operation {
                    StoreOperation::Get => "get",
                    StoreOperation::Put => "put",
                },
                error: Error::new(&error.0).into(),
            },
            Event::CookieTooLarge { cookie } => Self::CookieTooLarge { cookie },
            Event::OtherCookieMode { cookie } => Self::OtherCookieMode { cookie },
            Event::RefreshFailed { error } => Self::RefreshFailed {
                failure: Failure::from((*error).clone()),
            },
            Event::RefreshesPaused { class, seconds } => Self::RefreshesPaused {
                has_verified_jwt: *class == RefreshClass::Verified,
                seconds: *seconds,
            },
            Event::RefreshLimitReached => Self::RefreshLimitReached,
            Event::ClockSkew => Self::ClockSkew,
            _ => Self::Unknown,
        }
    }
}

/// A load, or a write to a store.
const BACKGROUND_LIMIT_MS: u32 = 30_000;
