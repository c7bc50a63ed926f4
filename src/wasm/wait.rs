//! Waiting for a JavaScript promise.
//!
//! In a Rust Worker that is wasm-bindgen-futures' `JsFuture`. The npm package
//! polls its futures itself (see [`super::tasks`]), so there a wait hands the
//! promise out and is told how it ended.

#[cfg(not(feature = "npm"))]
pub(super) use wasm_bindgen_futures::JsFuture;

#[cfg(not(feature = "npm"))]
pub(super) fn settled(promise: js_sys::Promise) -> JsFuture {
    JsFuture::from(promise)
}

#[cfg(feature = "npm")]
pub(super) use super::tasks::settled;
