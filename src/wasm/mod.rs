//! The only module that knows a JavaScript runtime: its `fetch`, its timers and its clock.
//!
//! It performs what flows decide, and decides nothing. `fetch` is used by the npm package and by Workers in Rust; the
//! platform and its timers are for Workers in Rust. The exports of the npm package are a crate of their own (`npm/`), so
//! that a Worker in Rust gets no exports that it did not ask for.

mod fetch;
pub use fetch::{Answer, Host, Settling, exchange, send, stringify, unanswered};

#[cfg(feature = "client")]
mod timer;

#[cfg(feature = "client")]
mod platform;
