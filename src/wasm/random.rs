//! Secure randomness of the JavaScript runtime.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Returns 32 bytes of `crypto.getRandomValues` (Web Cryptography, section 10.1.1). `None` if the runtime has none here:
/// workerd has none at module scope.
#[must_use]
pub fn secret_bytes() -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    fill(&mut bytes).ok()?;
    Some(bytes)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &mut [u8]) -> Result<(), JsValue>;
}
