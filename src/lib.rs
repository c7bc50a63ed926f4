//! A client of the Stytch authentication API for edge runtimes and browsers.
//!
//! The crate is built in rooms, and every arrow between them points left:
//!
//! ```text
//! crypto <- jwt <- session <- client <- wasm        (generated/ is data that client reads)
//! ```
//!
//! Everything but [`mod@wasm`] runs natively: it takes time, answers and key sets
//! as parameters and says what to do next. Only `wasm` knows a JavaScript runtime.
#![forbid(unsafe_code)]

pub mod crypto;
pub mod jwt;
pub mod session;

pub mod client;
pub mod generated;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
