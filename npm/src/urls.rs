//! URLs as the runtime's own parser reads them.

use stytch_edge::client::is_safe_origin;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// The serialized form of an absolute URL, if it is an https URL, or an http URL of a loopback host.
pub(crate) fn secure_href(url: &str) -> Option<String> {
    let url = Url::new(url).ok()?;
    is_safe_origin(&url.origin()).then(|| url.href())
}

/// The origin of an absolute URL.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    Some(Url::new(url).ok()?.origin())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type Url;

    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new(url: &str) -> Result<Url, JsValue>;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn href(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn origin(this: &Url) -> String;
}

/// The URLs that options accept. Errors do not mention http on loopback hosts, which is for tests.
pub(crate) const ACCEPTED: &str = "an https URL";
