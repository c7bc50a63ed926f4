//! Adds the caller's store, event handler and `wait_until` to the platform of the runtime.

use std::sync::Arc;

use crate::{
    client::{OutgoingRequest, RequestError},
    flow::{Answer, Event, Pending, Platform, Store},
    jwt::UnixSeconds,
};

/// The options of a configuration that contain the caller's code.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) store: Option<Arc<dyn Store>>,
    pub(super) on_event: Option<OnEvent>,
    pub(super) wait_until: Option<WaitUntil>,
}

/// A function that is called with failures that do not make a call fail.
pub type OnEvent = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

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
        if hooks.store.is_none() && hooks.on_event.is_none() && hooks.wait_until.is_none() {
            return platform;
        }
        Arc::new(Self { platform, hooks })
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
