//! Devices of users for the tests: an authenticator app. Shares no code with the emulator.

pub mod authenticator_app;
