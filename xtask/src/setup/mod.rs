//! Finds or fetches what the other commands need, by package managers only.
//!
//! Each part looks first and fetches only what is missing, so that a second run
//! touches no network.

pub mod chromium;
pub mod debian;
pub mod node;
pub mod python;
pub mod wasm_std;
