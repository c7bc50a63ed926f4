//! The only module that knows a JavaScript runtime: its `fetch`, its timers and its clock.
//!
//! It performs what flows decide, and decides nothing. The exports of the npm package are a crate of their own
//! (`npm/`): a Worker in Rust that depends on this crate gets no exports that it did not ask for.

mod fetch;
pub use fetch::{Answer, Host, Settling, exchange, send, stringify, unanswered};

#[cfg(feature = "client")]
mod timer;

#[cfg(feature = "client")]
mod platform;
