//! A client of the Stytch authentication API for edge runtimes and browsers.
#![cfg_attr(feature = "client", doc = "")]
#![cfg_attr(feature = "client", doc = include_str!("typed/guide.md"))]
//!
//! # Modules
//!
//! Each module may use the modules to its left:
//!
//! ```text
//! crypto <- jwt <- session <- client <- flow <- typed <- wasm
//! ```
//!
//! `generated` is data for `client` and `typed`. `wasm` is the only module that depends on a JavaScript runtime, and is
//! compiled for wasm32 only. All other modules run natively: `client` and the modules to its left do no I/O, and `flow`
//! uses the network, the clock, timers and stores through a [`flow::Platform`].
#![forbid(unsafe_code)]

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
