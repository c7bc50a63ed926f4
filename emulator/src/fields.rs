//! Reads the fields of a JSON body one by one, so that a field of the wrong type is refused by its name.
//!
//! `null` and a missing field are the same, and so is an empty string: callers of the API send all three when they mean
//! "not given". Fields that no operation asks for are left alone.

use serde_json::Value;

use crate::errors::{self, Failure};
use crate::merge::Object;

/// The body of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Object);

impl Fields {
    /// Reads a body. An empty one has no fields; anything else must be a JSON object.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Failure> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(errors::BAD_REQUEST.because("The request body must be a JSON object.")),
            Err(_) => Err(errors::BAD_REQUEST.because("The request body is not valid JSON.")),
        }
    }

    /// Reads a form (RFC 6749, section 3.2: a parameter comes once at most). All its fields are texts.
    pub(crate) fn parse_form(body: &[u8]) -> Result<Self, Failure> {
        let mut fields = Object::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields
                .insert(name.to_string(), Value::from(value))
                .is_some()
            {
                return Err(errors::BAD_REQUEST.because(format!("The field {name} comes twice.")));
            }
        }
        Ok(Self(fields))
    }

    /// Whether the field is there and not `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let text = self.typed(name, "a string", Value::as_str)?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    /// A whole number. Its own error type is left to the caller, as the API has one for each number it takes.
    pub(crate) fn whole_number(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.typed(name, "a whole number", Value::as_i64)
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<&Object>, Failure> {
        self.typed(name, "an object", Value::as_object)
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        self.typed(name, "a list of strings", |value| {
            value
                .as_array()?
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect()
        })
    }

    /// An object's fields, read the same way.
    pub(crate) fn inner(&self, name: &str) -> Result<Option<Self>, Failure> {
        Ok(self.object(name)?.map(|object| Self(object.clone())))
    }

    /// The field as it came.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn typed<'a, T>(
        &'a self,
        name: &str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let refusal =
            || errors::INVALID_ARGUMENT.because(format!("The field {name} must be {wanted}."));
        read(value).map(Some).ok_or_else(refusal)
    }
}
