//! A promise that is fulfilled after a number of milliseconds.
//!
//! The executor of the promise is not a function of this wasm. `new Promise` turns every exception of its executor into a
//! rejection. A trap would become a rejection as well, and the call would continue in a wasm instance that must not be
//! used after a trap. The executor is the `push` of an array instead: it stores `resolve` and `reject` in the array.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// A running timer. Dropping it stops the timer, which would otherwise keep the process alive.
pub(super) struct Timer {
    handle: JsValue,
    /// Is fulfilled when the time has passed.
    pub(super) promise: Promise,
}

impl Timer {
    pub(super) fn start(milliseconds: u32) -> Self {
        let settlers = Array::new();
        let keep = settlers.unchecked_ref::<Settlers>().push().bind0(&settlers);
        let promise = PromiseOf::new(&keep).unchecked_into();
        let resolve = settlers.get(0).unchecked_into();
        // At module scope of workerd `setTimeout` throws. The exception is ignored: `fetch` throws there as well, and the
        // call fails with that error.
        let handle = set_timeout(&resolve, milliseconds).unwrap_or(JsValue::UNDEFINED);
        Self { handle, promise }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let _ = clear_timeout(&self.handle);
    }
}

#[wasm_bindgen]
extern "C" {
    /// `Promise`, constructed with a JavaScript function as its executor.
    #[wasm_bindgen(js_name = Promise)]
    type PromiseOf;

    #[wasm_bindgen(constructor, js_class = "Promise")]
    fn new(executor: &Function) -> PromiseOf;

    /// An array that stores `resolve` and `reject`.
    type Settlers;

    #[wasm_bindgen(method, getter)]
    fn push(this: &Settlers) -> Function;

    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}
