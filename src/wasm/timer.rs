//! A promise that is fulfilled when time is up.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// A running timer; dropping it stops it, so that it keeps no process alive.
pub(super) struct Timer {
    handle: JsValue,
    /// Fulfilled with the sentinel when time is up.
    pub(super) promise: Promise,
    /// A value that nothing else can bring.
    pub(super) sentinel: JsValue,
}

impl Timer {
    pub(super) fn start(milliseconds: u32) -> Self {
        let mut handle = JsValue::UNDEFINED;
        let sentinel = JsValue::symbol(None);
        let promise = Promise::new(&mut |resolve, _| {
            // workerd has no timers at module scope, and no fetch either: the call
            // fails by itself there.
            handle = set_timeout(&resolve, milliseconds, &sentinel).unwrap_or(JsValue::UNDEFINED);
        });
        Self {
            handle,
            promise,
            sentinel,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let _ = clear_timeout(&self.handle);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(
        callback: &Function,
        milliseconds: u32,
        argument: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}
