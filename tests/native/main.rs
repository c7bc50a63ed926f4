//! Native tests of the crate: RS256 compared with the crate `rsa`, and flows on a scripted platform with the emulator's
//! handler as the API. The tests do not use the network or the system's clock, and do not depend on their order.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod rs256;
mod rs256_vectors;

mod documents;
mod shell;

mod access_tokens;
mod calls;
mod documented_options;
mod options;
mod permissions;
mod reasons;
mod remembered_tokens;
mod requests;
mod rights;
mod session_checks;
mod strict;
mod token_kinds;
