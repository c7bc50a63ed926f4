//! The exports of the npm package: conversions between JavaScript and the stytch-edge crate.
//!
//! Decides nothing. TypeScript in `pkg/src` calls these exports with numbers, bytes and JSON text, and `cargo xtask build`
//! makes two wasm files of this crate: with the feature `api` for the clients, and without it for the `SessionVerifier` of
//! `stytch-edge/verify`, which only checks sessions.
#![forbid(unsafe_code)]

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod access_tokens;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod api_options;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod arguments;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod call;

#[cfg(target_arch = "wasm32")]
mod checks;

#[cfg(target_arch = "wasm32")]
mod cookie_options;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod doctor;

#[cfg(target_arch = "wasm32")]
mod failure;

#[cfg(target_arch = "wasm32")]
mod given;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod introspection;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod kinds;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod log_in;

#[cfg(target_arch = "wasm32")]
mod numbers;

#[cfg(target_arch = "wasm32")]
mod options;

#[cfg(target_arch = "wasm32")]
mod platform;

#[cfg(target_arch = "wasm32")]
mod registry;

#[cfg(target_arch = "wasm32")]
mod requests;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod rights;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod services;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod session_cookies;

#[cfg(target_arch = "wasm32")]
mod settings;

#[cfg(target_arch = "wasm32")]
mod state;

#[cfg(target_arch = "wasm32")]
mod tasks;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod token_checks;

#[cfg(all(target_arch = "wasm32", feature = "api"))]
mod urls;
