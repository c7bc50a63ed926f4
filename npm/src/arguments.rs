//! A caller's objects as calls of API operations read them.
//!
//! The body of a request is the caller's and stays a JavaScript object until the runtime writes it as JSON.

use js_sys::{Array, JsString, Object, Reflect};
use stytch_edge::{
    client::{Arguments, ClientError, MAX_TEXT_LENGTH},
    wasm::stringify,
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// The first argument of a method, whatever the caller passed.
pub(crate) struct JsArguments(JsValue);

impl JsArguments {
    /// Takes an object, or nothing.
    pub(crate) fn new(value: JsValue) -> Result<Self, ClientError> {
        let acceptable = value.is_null_or_undefined()
            || (value.is_object() && !is_array(&value).map_err(|_| unreadable())?);
        if !acceptable {
            return Err(ClientError::invalid_argument(
                "the first argument must be an object",
            ));
        }
        Ok(Self(value))
    }

    /// Names and values of the fields that are not taken.
    fn rest(&self, taken: &[&str]) -> Result<Array, ClientError> {
        let entries = entries(&self.0).map_err(|_| unreadable())?;
        let rest = Array::new();
        for place in 0..entries.length() {
            let entry: Array = entries.get(place).unchecked_into();
            if !taken.contains(&name_of(&entry).as_str()) {
                rest.push(&entry);
            }
        }
        Ok(rest)
    }
}

impl Arguments for JsArguments {
    type Json = JsValue;

    fn is_absent(&self) -> bool {
        self.0.is_null_or_undefined()
    }

    fn text(&self, name: &str) -> Option<String> {
        text_up_to(MAX_TEXT_LENGTH, property(&self.0, name)?.dyn_ref()?)
    }

    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let mut pairs = Vec::new();
        let rest = self.rest(taken)?;
        for place in 0..rest.length() {
            let entry: Array = rest.get(place).unchecked_into();
            let (name, value) = (name_of(&entry), entry.get(1));
            if value.is_undefined() {
                continue;
            }
            let text = text_of(&value)
                .ok()
                .and_then(|text| text_up_to(longest, &text));
            let text = text.ok_or_else(|| {
                ClientError::invalid_argument(
                    "a field that goes into the query or a form has no text, or too much",
                )
            })?;
            pairs.push((name, text));
        }
        Ok(pairs)
    }

    fn json_without(&self, taken: &[&str]) -> Result<JsValue, ClientError> {
        let json = if taken.is_empty() {
            stringify(&self.0)
        } else {
            from_entries(&self.rest(taken)?).and_then(|rest| stringify(&rest))
        };
        let json = json.ok().filter(JsValue::is_string);
        json.ok_or_else(|| ClientError::invalid_argument("the arguments cannot be written as JSON"))
    }
}

/// A property that has a value; reading one may run the caller's code and throw. What something put on
/// `Object.prototype` is a property of every object, and counts as absent.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    let name = JsValue::from_str(name);
    let value = Reflect::get(object, &name).ok()?;
    let is_there = !value.is_null_or_undefined();
    let is_own = || has_own(object, &name).is_ok_and(|is_own| is_own);
    let of_all = || Reflect::get(&Object::new(), &name).is_ok_and(|of_all| of_all == value);
    (is_there && (is_own() || !of_all())).then_some(value)
}

fn name_of(entry: &Array) -> String {
    entry.get(0).as_string().unwrap_or_default()
}

/// A text that is not too long. A longer one is not even copied into wasm, whose
/// memory never shrinks.
fn text_up_to(longest: u32, text: &JsString) -> Option<String> {
    (text.length() <= longest).then(|| text.into())
}

fn unreadable() -> ClientError {
    ClientError::invalid_argument("the arguments cannot be read")
}

// Each of these may run the caller's code (getters, proxies, toString, toJSON), and
// what that throws must not pass for a trap.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object)]
    fn entries(value: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = fromEntries)]
    fn from_entries(entries: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = hasOwn)]
    fn has_own(object: &JsValue, name: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn text_of(value: &JsValue) -> Result<JsString, JsValue>;
}
