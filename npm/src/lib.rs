//! The exports of the npm package: conversions between JavaScript and the stytch-edge crate.
//!
//! Decides nothing. TypeScript in `pkg/src` calls these exports, and `cargo xtask build` makes the
//! package's wasm of this crate.
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

mod arguments;

mod call;

mod check;

mod failure;

mod load;

mod outcome;

mod tasks;

mod visit;
