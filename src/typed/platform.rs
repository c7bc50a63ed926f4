//! What the place where a client runs has to provide: a network and a clock.

use std::{future::Future, pin::Pin};

use crate::{
    client::{OutgoingRequest, RequestError},
    jwt::UnixSeconds,
};

/// A network and a clock. On wasm32 the runtime's `fetch` and `Date` are one, and
/// `Client::new` takes them; tests bring their own.
pub trait Platform: Send + Sync {
    /// Sends a request and reads the whole answer, in `timeout_ms` for both together.
    /// Redirects are not followed: one could carry a password to another place.
    fn send(&self, request: OutgoingRequest<String>, timeout_ms: u32) -> Answering;

    /// The current time.
    fn now(&self) -> UnixSeconds;
}

/// The answer to come. What a JavaScript runtime promises stays on its thread, so
/// this cannot be sent to another.
pub type Answering = Pin<Box<dyn Future<Output = Result<Answer, RequestError>>>>;

/// An answer that has arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, never that of a redirect.
    pub status: u16,
    /// The body.
    pub text: String,
}

/// Shows the status, and nothing of the body.
impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Answer with status {}", self.status)
    }
}
