//! A promise that is fulfilled when time is up.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: u32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// A running timer; dropping it stops it, so that it keeps no process alive.
pub(super) struct Timer {
    handle: JsValue,
    /// Fulfilled with `undefined` when time is up.
    pub(super) promise: Promise,
}

impl Timer {
    pub(super) fn start(milliseconds: u32) -> Self {
        let mut handle = JsValue::UNDEFINED;
        let promise = Promise::new(&mut |resolve, _| {
            handle = set_timeout(&resolve, milliseconds);
        });
        Self { handle, promise }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}
