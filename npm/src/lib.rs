//! The exports of the npm package: conversions between JavaScript and the stytch-edge crate.
//!
//! Decides nothing. TypeScript in `pkg/src` calls these exports with numbers, bytes and JSON text, and
//! `cargo xtask build` makes the package's wasm of this crate.
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod options;

#[cfg(target_arch = "wasm32")]
mod access_tokens;

#[cfg(target_arch = "wasm32")]
mod arguments;

#[cfg(target_arch = "wasm32")]
mod call;

#[cfg(target_arch = "wasm32")]
mod checks;

#[cfg(target_arch = "wasm32")]
mod cookie_options;

#[cfg(target_arch = "wasm32")]
mod doctor;

#[cfg(target_arch = "wasm32")]
mod failure;

#[cfg(target_arch = "wasm32")]
mod given;

#[cfg(target_arch = "wasm32")]
mod introspection;

#[cfg(target_arch = "wasm32")]
mod platform;

#[cfg(target_arch = "wasm32")]
mod registry;

#[cfg(target_arch = "wasm32")]
mod requests;

#[cfg(target_arch = "wasm32")]
mod rights;

#[cfg(target_arch = "wasm32")]
mod services;

#[cfg(target_arch = "wasm32")]
mod tasks;

#[cfg(target_arch = "wasm32")]
mod urls;
