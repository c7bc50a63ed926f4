//! A promise that is fulfilled when time is up.
//!
//! There is no function of ours in it: what a function throws that is given to `new
//! Promise`, a trap for instance, becomes that promise's rejection, and the call would
//! go on in a wasm that must not be used again. An array's own `push` is handed the
//! two functions that settle the promise, and so keeps them where they can be read.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// A running timer; dropping it stops it, so that it keeps no process alive.
pub(super) struct Timer {
    handle: JsValue,
    /// Fulfilled when time is up.
    pub(super) promise: Promise,
}

impl Timer {
    pub(super) fn start(milliseconds: u32) -> Self {
        let settlers = Array::new();
        let keep = settlers.unchecked_ref::<Settlers>().push().bind0(&settlers);
        let promise = PromiseOf::new(&keep).unchecked_into();
        let resolve = settlers.get(0).unchecked_into();
        // workerd has no timers at module scope, and no fetch either: the call fails by
        // itself there.
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
    /// A promise by what is told of the functions that settle it.
    #[wasm_bindgen(js_name = Promise)]
    type PromiseOf;

    #[wasm_bindgen(constructor, js_class = "Promise")]
    fn new(executor: &Function) -> PromiseOf;

    /// An array that functions are put into.
    type Settlers;

    #[wasm_bindgen(method, getter)]
    fn push(this: &Settlers) -> Function;

    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}
