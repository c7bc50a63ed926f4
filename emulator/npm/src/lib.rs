//! The exports of the npm package `stytch-emulator`: conversions between JavaScript and the crate `stytch-emulator`.
//!
//! Decides nothing. TypeScript in `emulator/pkg/src` provides the time and the randomness, and delivers the responses.
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod emulator;

#[cfg(any(target_arch = "wasm32", test))]
mod delivery;

#[cfg(any(target_arch = "wasm32", test))]
mod message;

#[cfg(any(target_arch = "wasm32", test))]
mod setup;
