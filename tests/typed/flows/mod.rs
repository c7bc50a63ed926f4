//! Whole flows with the Rust client and the emulator in process: log-ins of every kind and the sessions after them,
//! resets of passwords, directories, machines and Connected Apps.
//!
//! Each flow reads its effect back, and is refused at least once. `tests/official/flows/` runs the same list with npm
//! `stytch` and `stytch-edge`, `tests/official/python/` with PyPI `stytch`.

mod browser;
mod stand;

mod accounts;
mod apps;
mod directories;
mod keys;
mod member_passwords;
mod members;
mod services;
mod sso;
mod users;
