//! Native tests of the typed clients: all types with samples that codegen writes from the API's description, and calls with
//! the emulator's handler as the API.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod requests;
mod round_trips;

#[path = "../../emulator/tests/devices/mod.rs"]
mod devices;
mod scripted;
mod test_platform;

mod abandoned;
mod access_tokens;
mod call_options;
mod calls;
mod checks;
mod client_options;
mod doctor;
mod events;
mod failures;
mod fault_matrix;
mod flows;
mod hooks;
mod kinds;
mod log_in;
mod provided_keys;
mod rights;
mod services;
mod shared_refreshes;
mod store;
mod token_provider;
