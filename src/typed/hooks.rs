//! Adds the caller's store, event handler and `wait_until` to the platform of the runtime.

use std::sync::Arc;

use crate::{
    client::{OutgoingRequest, RequestError},
    flow::{Answer, Event, Pending, Platform, RequestEvent, ResponseEvent, RetryEvent, Store},
    jwt::UnixSeconds,
};

/// The options of a configuration that contain the caller's code.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) store: Option<Arc<dyn Store>>,
    pub(super) on_event: Option<OnEvent>,
    pub(super) on_request: Option<OnRequest>,
    pub(super) on_response: Option<OnResponse>,
    pub(super) on_retry: Option<OnRetry>,
    pub(super) wait_until: Option<WaitUntil>,
}

/// A function that is called with failures that do not make a call fail.
pub type OnEvent = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// A function that is called before each attempt to send a request.
pub type OnRequest = Arc<dyn Fn(&RequestEvent<'_>) + Send + Sync>;

/// A function that is called after each attempt.
pub type OnResponse = Arc<dyn Fn(&ResponseEvent<'_>) + Send + Sync>;

/// A function that is called before the delay of each retry.
pub type OnRetry = Arc<dyn Fn(&RetryEvent<'_>) + Send + Sync>;

/// A function that runs work after the response, such as `Context::wait_until` of a Worker.
pub type WaitUntil = Arc<dyn Fn(Pending<()>) + Send + Sync>;

/// A platform with hooks of the caller.
pub(super) struct WithHooks {
    platform: Arc<dyn Platform>,
    hooks: Hooks,
}

impl WithHooks {
    /// Adds hooks to a platform. Returns the platform unchanged if all hooks are `None`.
    pub(super) fn around(platform: Arc<dyn Platform>, hooks: Hooks) -> Arc<dyn Platform> {
        let has_code = hooks.store.is_some() || hooks.wait_until.is_some();
        if !has_code && hooks.on_event.is_none() && !hooks.observe() {
            return platform;
        }
        Arc::new(Self { platform, hooks })
    }
}

impl Hooks {
    fn observe(&self) -> bool {
        self.on_request.is_some() || self.on_response.is_some() || self.on_retry.is_some()
    }
}

impl Platform for WithHooks {
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>> {
        self.platform.send(request, timeout_ms)
    }

    fn now(&self) -> UnixSeconds {
        self.platform.now()
    }

    fn sleep(&self, milliseconds: u32) -> Pending<()> {
        self.platform.sleep(milliseconds)
    }

    fn may_await_others(&self) -> bool {
        self.platform.may_await_others()
    }

    fn network(&self) -> u64 {
        self.platform.network()
    }

    fn random(&self) -> f64 {
        self.platform.random()
    }

    fn secret_bytes(&self) -> Option<[u8; 32]> {
        self.platform.secret_bytes()
    }

    fn observes(&self) -> bool {
        self.hooks.observe() || self.platform.observes()
    }

    fn on_request(&self, event: &RequestEvent<'_>) {
        match &self.hooks.on_request {
            Some(on_request) => on_request(event),
            None => self.platform.on_request(event),
        }
    }

    fn on_response(&self, event: &ResponseEvent<'_>) {
        match &self.hooks.on_response {
            Some(on_response) => on_response(event),
            None => self.platform.on_response(event),
        }
    }

    fn on_retry(&self, event: &RetryEvent<'_>) {
        match &self.hooks.on_retry {
            Some(on_retry) => on_retry(event),
            None => self.platform.on_retry(event),
        }
    }

    fn has_background(&self) -> bool {
        self.hooks.wait_until.is_some() || self.platform.has_background()
    }

    fn run_in_background(&self, work: Pending<()>) -> Option<Pending<()>> {
        match &self.hooks.wait_until {
            Some(wait_until) => {
                wait_until(work);
                None
            }
            None => self.platform.run_in_background(work),
        }
    }

    fn store(&self) -> Option<&dyn Store> {
        self.hooks
            .store
            .as_deref()
            .or_else(|| self.platform.store())
    }

    fn report(&self, event: &Event<'_>) {
        match &self.hooks.on_event {
            Some(on_event) => on_event(event),
            None => self.platform.report(event),
        }
    }
}
