//! The only module that depends on a JavaScript runtime: its `fetch`, its timers and its clock.
//!
//! Performs the I/O of flows and makes no decisions. The npm package and Workers in Rust use `fetch`. The platform and
//! its timers are for Workers in Rust only. The exports of the npm package are in the crate `npm/`, so that they do not
//! become exports of a Worker in Rust.

mod body;

mod network_failure;

mod fetch;
pub use fetch::{Answer, Host, Settling, exchange, send, stringify, unanswered};

#[cfg(feature = "api")]
mod random;
#[cfg(feature = "api")]
pub use random::secret_bytes;

#[cfg(feature = "client")]
mod timer;

#[cfg(feature = "client")]
mod platform;
