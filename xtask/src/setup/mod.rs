//! Finds the tools that the other commands need, or installs them with package managers.
//!
//! Installs only missing tools, so a second run does not use the network.

pub mod chromium;
pub mod debian;
pub mod node;
pub mod python;
pub mod wasm_std;
