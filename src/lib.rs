//! A client of the Stytch authentication API for edge runtimes and browsers.
#![cfg_attr(feature = "client", doc = "")]
#![cfg_attr(feature = "client", doc = include_str!("typed/guide.md"))]
//!
//! The crate is built in rooms, and every arrow between them points left:
//!
//! ```text
//! crypto <- jwt <- session <- client <- typed <- wasm   (generated/ is data for client and typed)
//! ```
//!
//! Everything but `wasm` runs natively: it takes time, answers and key sets
//! as parameters and says what to do next. Only `wasm` knows a JavaScript runtime.
#![forbid(unsafe_code)]

extern crate alloc;

pub mod crypto;
pub mod jwt;
pub mod session;

pub mod client;
pub mod flow;
pub mod generated;

#[cfg(feature = "client")]
mod typed;
#[cfg(feature = "client")]
pub use generated::{b2b, consumer, saml_shield, shared};
#[cfg(feature = "client")]
pub use typed::*;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
