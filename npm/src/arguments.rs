//! The first argument of a call of an API operation.
//!
//! The body of a request is the caller's object, and stays a JavaScript object until the runtime writes it as JSON.

use js_sys::{Array, JsString, Object, Reflect};
use stytch_edge::{
    client::{Arguments, ClientError, MAX_FORM_TEXT_LENGTH, MAX_TEXT_LENGTH, NotText},
    wasm::stringify,
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// The first argument of a method: an object, or nothing.
pub(crate) struct JsArguments(JsValue);

impl JsArguments {
    /// Accepts an object, or nothing. An error names the `operation`.
    pub(crate) fn new(
        value: JsValue,
        operation: impl FnOnce() -> String,
    ) -> Result<Self, ClientError> {
        let is_array = is_array(&value).map_err(|_| unreadable())?;
        if value.is_null_or_undefined() || (value.is_object() && !is_array) {
            return Ok(Self(value));
        }
        let kind = if is_array {
            "Array".to_owned()
        } else {
            value.js_typeof().as_string().unwrap_or_default()
        };
        Err(ClientError::invalid_argument(
            [
                "the first argument of ",
                &operation(),
                " must be an object, but is of type ",
                &kind,
            ]
            .concat(),
        ))
    }

    /// The fields of a form. An `optional` field without a length is omitted.
    pub(crate) fn form(&self, optional: &[&str]) -> Result<Vec<(String, String)>, ClientError> {
        if self.is_absent() {
            return Ok(Vec::new());
        }
        self.pairs(&[], MAX_FORM_TEXT_LENGTH, optional)
    }

    /// The fields that are not taken, as texts. An `optional` field without a length is omitted.
    fn pairs(
        &self,
        taken: &[&str],
        longest: u32,
        optional: &[&str],
    ) -> Result<Vec<(String, String)>, ClientError> {
        let mut pairs = Vec::new();
        let rest = self.rest(taken)?;
        for index in 0..rest.length() {
            let entry: Array = rest.get(index).unchecked_into();
            let (name, value) = (name_of(&entry), entry.get(1));
            let is_optional = optional.contains(&name.as_str());
            if value.is_undefined() || (is_optional && !has_length(&value)) {
                continue;
            }
            let text = text_of(&value)
                .ok()
                .and_then(|text| text_up_to(longest, &text));
            let text = text.ok_or_else(|| {
                let rule = " must be a string that is not too long";
                ClientError::invalid_argument([&name, rule].concat())
            })?;
            pairs.push((name, text));
        }
        Ok(pairs)
    }

    /// The names and values of the fields that are not taken.
    fn rest(&self, taken: &[&str]) -> Result<Array, ClientError> {
        let entries = entries(&self.0).map_err(|_| unreadable())?;
        let rest = Array::new();
        for index in 0..entries.length() {
            let entry: Array = entries.get(index).unchecked_into();
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

    fn text(&self, name: &str) -> Result<Option<String>, NotText> {
        let Some(value) = property(&self.0, name) else {
            return Ok(None);
        };
        let text = value.dyn_ref().ok_or(NotText)?;
        text_up_to(MAX_TEXT_LENGTH, text).ok_or(NotText).map(Some)
    }

    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError> {
        self.pairs(taken, longest, &[])
    }

    fn json_without(&self, taken: &[&str]) -> Result<JsValue, ClientError> {
        let json = if taken.is_empty() {
            stringify(&self.0)
        } else {
            from_entries(&self.rest(taken)?).and_then(|rest| stringify(&rest))
        };
        let json = json.ok().filter(JsValue::is_string);
        json.ok_or_else(|| ClientError::invalid_argument(NOT_JSON))
    }
}

/// A property that has a value. Reading it may run the caller's code, which may throw. A property of `Object.prototype`
/// belongs to every object, and counts as absent.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    let name = JsValue::from_str(name);
    let value = Reflect::get(object, &name).ok()?;
    let has_value = !value.is_null_or_undefined();
    let is_own = || has_own(object, &name).is_ok_and(|is_own| is_own);
    let of_all = || Reflect::get(&Object::new(), &name).is_ok_and(|of_all| of_all == value);
    (has_value && (is_own() || !of_all())).then_some(value)
}

/// Whether a value has a `length` other than 0. npm `stytch` decides by it whether to send a field.
fn has_length(value: &JsValue) -> bool {
    let length = Reflect::get(value, &JsValue::from_str("length"));
    let text = value.dyn_ref::<JsString>();
    text.map_or_else(
        || length.is_ok_and(|length| length.is_truthy()),
        |text| text.length() > 0,
    )
}

fn name_of(entry: &Array) -> String {
    entry.get(0).as_string().unwrap_or_default()
}

/// A text that is not too long. A longer text is not copied into wasm, because the memory of wasm never shrinks.
fn text_up_to(longest: u32, text: &JsString) -> Option<String> {
    (text.length() <= longest).then(|| text.into())
}

fn unreadable() -> ClientError {
    ClientError::invalid_argument("the arguments cannot be read: a property throws")
}

const NOT_JSON: &str = "the arguments cannot be written as JSON";

// Each of these may run the caller's code (getters, proxies, toString, toJSON). An error of that code must not count as a
// trap.
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
