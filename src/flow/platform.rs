//! The interface between flows and their runtime: network, clock, timers, store, background work and events.

use std::{
    fmt,
    future::Future,
    hash::{BuildHasher, Hasher, RandomState},
    pin::Pin,
};

use super::{
    Error,
    observed::{RequestEvent, ResponseEvent, RetryEvent},
};
use crate::{
    client::{OutgoingRequest, RefreshClass, RequestError},
    jwt::UnixSeconds,
};

/// A future of a platform. It is not [`Send`], because promises of a JavaScript runtime cannot move to another thread.
pub type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// The runtime in which flows run.
pub trait Platform: Send + Sync {
    /// Sends a request and reads the whole response within `timeout_ms` milliseconds.
    ///
    /// Must not follow redirects: a redirect could send a password to another host.
    ///
    /// # Errors
    /// [`RequestError`] if the network fails or the time limit passes.
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>>;

    /// Returns the current time.
    fn now(&self) -> UnixSeconds;

    /// Completes after this many milliseconds.
    fn sleep(&self, milliseconds: u32) -> Pending<()>;

    /// Whether a call may await the I/O of another call. On workerd it may not: a request must not await the I/O of
    /// another request. If it may, every future of a client must be polled until it is ready or dropped: other calls may
    /// await it. Default: `false`.
    fn may_await_others(&self) -> bool {
        false
    }

    /// The number of the network through which this client sends its requests. Calls of clients with different numbers
    /// never await each other's requests. Default: 0, the runtime's own `fetch`.
    fn network(&self) -> u64 {
        0
    }

    /// Whether work may continue after the call that started it returns. Default: `false`.
    fn has_background(&self) -> bool {
        false
    }

    /// Runs `work` after the call returns. Returns `work` if the call must await it instead. Default: returns `work`.
    fn run_in_background(&self, work: Pending<()>) -> Option<Pending<()>> {
        Some(work)
    }

    /// Returns the store through which isolates share keys and policies. Default: `None`.
    fn store(&self) -> Option<&dyn Store> {
        None
    }

    /// Returns a random number of at least 0 and below 1, for the delays before retries. It need not be secret. Default:
    /// from the random keys of the standard library's hash maps, which are constant in wasm.
    fn random(&self) -> f64 {
        let bits = RandomState::new().build_hasher().finish();
        f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / 4_294_967_296.0
    }

    /// Returns 32 bytes from a cryptographically secure source, for secrets. Default: `None`: then
    /// no log-in can be started.
    fn secret_bytes(&self) -> Option<[u8; 32]> {
        None
    }

    /// Whether one of the hooks for requests is set, so that their events are created. Default: `false`.
    fn observes(&self) -> bool {
        false
    }

    /// Called before an attempt to send a request.
    fn on_request(&self, event: &RequestEvent<'_>) {
        let _ = event;
    }

    /// Called after each attempt.
    fn on_response(&self, event: &ResponseEvent<'_>) {
        let _ = event;
    }

    /// Called before the delay of a retry.
    fn on_retry(&self, event: &RetryEvent<'_>) {
        let _ = event;
    }

    /// Receives events: failures that do not make a call fail. Default: ignores them.
    fn report(&self, event: &Event<'_>) {
        let _ = event;
    }
}

/// A store for key sets and policies that isolates share. A store that fails, or that does not respond within 250
/// milliseconds, is skipped.
///
/// An attacker who can write to the store can forge sessions. Protect it like the project's secret.
pub trait Store: Send + Sync {
    /// Returns the text that was stored under `key`, or `None`.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read.
    fn get(&self, key: &str) -> Pending<Result<Option<String>, StoreError>>;

    /// Stores `value` under `key`. After `ttl_seconds` the value is not used any more, and the store may delete it.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be written.
    fn put(&self, key: &str, value: &str, ttl_seconds: f64) -> Pending<Result<(), StoreError>>;
}

/// The error of a store: a message for developers. Events contain the message, so it must not contain a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// A failure that does not make a call fail, or a limit that is reached. New events may be added.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The key set could not be fetched. The keys that are loaded remain valid until `keys_max_stale_seconds` pass.
    KeysRefreshFailed {
        /// The error of the request.
        error: &'a Error,
    },
    /// A policy could not be fetched. The policy that is loaded remains valid until `keys_max_stale_seconds` pass.
    PolicyRefreshFailed {
        /// The organization of the policy. `None` for the project's policy.
        organization_id: Option<&'a str>,
        /// The error of the request.
        error: &'a Error,
    },
    /// The store failed, or did not respond within 250 milliseconds.
    StoreFailed {
        /// The method that failed.
        operation: StoreOperation,
        /// The error of the store.
        error: &'a StoreError,
    },
    /// A refresh failed: the API is unavailable, or refused this client.
    RefreshFailed {
        /// The error of the request.
        error: &'a Error,
    },
    /// Refreshes pause because of failures. Reported at most once per 10 seconds.
    RefreshesPaused {
        /// The class of the refreshes that pause.
        class: RefreshClass,
        /// The length of the pause.
        seconds: f64,
    },
    /// The limit for refreshes without a verified JWT is reached. Reported at most once per 10 seconds.
    RefreshLimitReached,
    /// A JWT is not valid yet, by more than the tolerance: the clocks of this host and of the API differ. Reported at
    /// most once per 10 seconds.
    ClockSkew,
    /// A session cookie is larger than browsers accept, so it is cleared.
    CookieTooLarge {
        /// The name of the cookie.
        cookie: &'a str,
    },
    /// A session cookie of the other `mode` arrives, which this client does not read: another part of the application has
    /// other options. Reported at most once per 10 seconds.
    OtherCookieMode {
        /// The name of the cookie.
        cookie: &'a str,
    },
}

/// A method of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreOperation {
    /// [`Store::get`].
    Get,
    /// [`Store::put`].
    Put,
}

/// A response with its whole body.
#[derive(Clone, Default, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub text: String,
    /// The header `Retry-After` in seconds (RFC 9110, section 10.2.3), if the response has it in this form.
    pub retry_after: Option<u32>,
    /// The header `Date` (RFC 9110, section 6.6.1), if the request needs it and the platform
    /// reads it.
    pub date: Option<UnixSeconds>,
}

/// Shows the status and not the body.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Answer with status {}", self.status)
    }
}
