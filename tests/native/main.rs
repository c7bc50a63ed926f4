//! The crate at its borders, natively: RS256 against another implementation, and
//! the client's decisions against the emulator's pure handler. No network, no
//! clock of its own, no order between tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod rs256;
mod rs256_judges;

mod shell;

mod access_tokens;
mod calls;
mod permissions;
mod reasons;
mod remembered_tokens;
mod requests;
mod rights;
mod session_checks;
mod strict;
mod token_kinds;
