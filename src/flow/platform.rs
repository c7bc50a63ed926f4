//! What flows need of the place where they run: a network, a clock, timers, a store, background work and a place for
//! events.

use std::{fmt, future::Future, pin::Pin};

use super::Error;
use crate::{
    client::{OutgoingRequest, RequestError},
    jwt::UnixSeconds,
};

/// A result that is still to come. What a JavaScript runtime promises stays on its thread, so
/// this cannot be sent to another one.
pub type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// The place where flows run.
pub trait Platform: Send + Sync {
    /// Sends a request and reads the whole response, in `timeout_ms` for both together.
    /// Redirects are not followed: one could carry a password elsewhere.
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>>;

    /// The current time.
    fn now(&self) -> UnixSeconds;

    /// Completes after this many milliseconds.
    fn sleep(&self, milliseconds: u32) -> Pending<()>;

    /// Whether one call may await what another call does. Not on workerd, where a request must not await another
    /// request's I/O. Default: no.
    fn may_await_others(&self) -> bool {
        false
    }

    /// Whether this client's requests are equal to those of other clients: not if it has a network of its own.
    /// Default: yes.
    fn has_common_network(&self) -> bool {
        true
    }

    /// Whether this client's calls and those of other clients may await each other's requests.
    fn shares_requests(&self) -> bool {
        self.may_await_others() && self.has_common_network()
    }

    /// Whether work may continue after the call that started it. Default: no.
    fn has_background(&self) -> bool {
        false
    }

    /// Continues `work` after the call; returns it if the call has to await it. Default: returns it.
    fn run_in_background(&self, work: Pending<()>) -> Option<Pending<()>> {
        Some(work)
    }

    /// Where isolates keep keys and policies for each other. Default: nowhere.
    fn store(&self) -> Option<&dyn Store> {
        None
    }

    /// Reports something that does not make a call fail. Default: ignores it.
    fn report(&self, event: &Event<'_>) {
        let _ = event;
    }
}

/// A place for text that isolates share. A store that fails or takes longer than 250 milliseconds is skipped.
pub trait Store: Send + Sync {
    /// The text that was put under a key; nothing if there is none.
    fn get(&self, key: &str) -> Pending<Result<Option<String>, StoreError>>;

    /// Keeps a text for about as long as it is useful.
    fn put(&self, key: &str, value: &str, ttl_seconds: f64) -> Pending<Result<(), StoreError>>;
}

/// Why a store failed: a text for a developer, which is shown in events and must hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// Something that happened and did not make a call fail.
#[derive(Debug)]
pub enum Event<'a> {
    /// The key set could not be fetched. Keys that are available remain valid.
    KeysRefreshFailed {
        /// What happened.
        error: &'a Error,
    },
    /// A policy could not be fetched. One that is available remains valid.
    PolicyRefreshFailed {
        /// The organization whose policy it is, if it is not the project's.
        organization_id: Option<&'a str>,
        /// What happened.
        error: &'a Error,
    },
    /// The store failed, or took too long.
    StoreFailed {
        /// Which of its methods.
        operation: StoreOperation,
        /// What happened.
        error: &'a StoreError,
    },
    /// A cookie of a session is longer than browsers keep, and was cleared.
    CookieTooLarge {
        /// The cookie's name.
        cookie: &'a str,
    },
}

/// A method of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreOperation {
    /// Reading.
    Get,
    /// Writing.
    Put,
}

/// A response whose body has arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, never that of a redirect.
    pub status: u16,
    /// The body.
    pub text: String,
}

/// Shows the status, and nothing of the body.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Answer with status {}", self.status)
    }
}
