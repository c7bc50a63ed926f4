//! Devices of users for the tests: an authenticator app, a browser, a security key and crypto wallets. Shares no code with the
//! emulator.

// Each crate of tests uses a part of them.
#![allow(dead_code)]

pub mod authenticator_app;
pub mod browser;
pub mod security_key;
pub mod wallet;
