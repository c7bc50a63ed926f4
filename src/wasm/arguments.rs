//! A caller's objects as the client room reads them.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::client::{Arguments, ClientError, MemberSession};

/// The first argument of a method, whatever the caller passed.
pub(super) struct JsArguments(JsValue);

impl JsArguments {
    /// Takes an object, or nothing.
    pub(super) fn new(value: JsValue) -> Result<Self, ClientError> {
        let acceptable =
            value.is_null_or_undefined() || (value.is_object() && !Array::is_array(&value));
        if !acceptable {
            return Err(ClientError::invalid_argument(
                "the first argument must be an object",
            ));
        }
        Ok(Self(value))
    }

    /// A copy of the fields, without those that are taken.
    fn rest(&self, taken: &[&str]) -> Result<Object, ClientError> {
        let rest = assign(&Object::new(), &self.0).map_err(|_| unreadable())?;
        for name in taken {
            let _ = Reflect::delete_property(&rest, &(*name).into());
        }
        Ok(rest)
    }
}

impl Arguments for JsArguments {
    fn is_absent(&self) -> bool {
        self.0.is_null_or_undefined()
    }

    fn text(&self, name: &str) -> Option<String> {
        property(&self.0, name)?.as_string()
    }

    fn pairs_without(&self, taken: &[&str]) -> Result<Vec<(String, String)>, ClientError> {
        let mut pairs = Vec::new();
        for entry in Object::entries(&self.rest(taken)?).iter() {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0), entry.get(1));
            if value.is_undefined() {
                continue;
            }
            let name = name.as_string().unwrap_or_default();
            let value = text_of(&value)
                .map_err(|_| ClientError::invalid_argument(format!("{name} has no text form")))?;
            pairs.push((name, value.into()));
        }
        Ok(pairs)
    }

    fn json_without(&self, taken: &[&str]) -> Result<String, ClientError> {
        let json = stringify(self.rest(taken)?.as_ref())
            .ok()
            .and_then(|json| json.as_string());
        json.ok_or_else(|| ClientError::invalid_argument("the arguments cannot be written as JSON"))
    }
}

/// The `authorization` of a method's options.
pub(super) fn member_session(options: &JsValue) -> Result<MemberSession, ClientError> {
    let authorization = property(options, "authorization").unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| match property(&authorization, name) {
        None => Ok(None),
        Some(value) => value.as_string().map(Some).ok_or_else(|| {
            ClientError::invalid_argument(format!("authorization.{name} must be a string"))
        }),
    };
    Ok(MemberSession {
        session_token: text("session_token")?,
        session_jwt: text("session_jwt")?,
    })
}

/// A property that is there; reading one may run the caller's code and throw.
pub(super) fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_null_or_undefined()).then_some(value)
}

fn unreadable() -> ClientError {
    ClientError::invalid_argument("the arguments cannot be read")
}

// Each of these may run the caller's code (getters, toString, toJSON), and what
// that throws must not pass for a trap.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn assign(target: &Object, source: &JsValue) -> Result<Object, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn text_of(value: &JsValue) -> Result<JsString, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn stringify(value: &JsValue) -> Result<JsValue, JsValue>;
}
