//! The only room that knows a JavaScript runtime: the runtime's `fetch`, its timers and its clock.
//!
//! It performs what the client room decides, and decides nothing itself. The exports of the npm
//! package are a crate of their own (`npm/`): a Rust Worker that depends on this crate gets no
//! exports that it did not ask for.

mod fetch;
pub use fetch::{Answer, Host, Settling, exchange, set, stringify, unanswered};

mod timer;

#[cfg(feature = "client")]
mod platform;
