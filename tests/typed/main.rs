//! The typed clients at their border, natively: every type against samples made from
//! the description, and calls against the emulator's pure handler.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod requests;
mod round_trips;

mod stand;

mod abandoned;
mod access_tokens;
mod calls;
mod checks;
mod client_options;
mod events;
mod failures;
mod provided_keys;
mod rights;
mod services;
mod store;
mod token_provider;
