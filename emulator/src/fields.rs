//! Reads the fields of a JSON body one by one, so that the error for a wrong type names the field.
//!
//! A missing field and `null` are equal. For a text field, an empty string is equal to both: callers of the API send
//! all three for "not given". Fields that the operation does not read are ignored.

use serde_json::Value;

use crate::errors::{self, Failure};
use crate::merge::Object;

/// The fields of a request body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Object);

impl Fields {
    /// Parses a JSON body. An empty body has no fields. Any other body must be a JSON object.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Failure> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            // Responses and snapshots contain values of the body in other objects. They must stay readable, too.
            Ok(value) if depth(&value) > MAX_DEPTH => Err(errors::BAD_REQUEST.with_message(format!(
                "The request body must not have more than {MAX_DEPTH} levels of lists and objects."
            ))),
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => {
                Err(errors::BAD_REQUEST.with_message("The request body must be a JSON object."))
            }
            Err(_) => Err(errors::BAD_REQUEST.with_message("The request body is not valid JSON.")),
        }
    }

    /// Parses a form. Each parameter may occur once (RFC 6749, section 3.2). All fields are strings.
    pub(crate) fn parse_form(body: &[u8]) -> Result<Self, Failure> {
        let mut fields = Object::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields
                .insert(name.to_string(), Value::from(value))
                .is_some()
            {
                return Err(errors::BAD_REQUEST
                    .with_message(format!("The field {name} occurs more than once.")));
            }
        }
        Ok(Self(fields))
    }

    /// Returns all fields.
    pub(crate) fn all(&self) -> &Object {
        &self.0
    }

    /// Returns the fields with these names.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let given = self.0.iter();
        let kept = given.filter(|(name, _)| names.contains(&name.as_str()));
        Self(
            kept.map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }

    /// Whether the field is present and not `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let text = self.typed(name, "a string", Value::as_str)?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// Validates the types of texts that have no effect in the emulator.
    pub(crate) fn ignored_texts(&self, names: &[&str]) -> Result<(), Failure> {
        names.iter().try_for_each(|name| self.text(name).map(drop))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    /// Reads a whole number. The caller checks the range, because the API has a separate error type for each number.
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

    /// Reads a list of objects.
    pub(crate) fn rows(&self, name: &str) -> Result<Option<Vec<Self>>, Failure> {
        self.typed(name, "a list of objects", |value| {
            let rows = value.as_array()?.iter();
            rows.map(|row| row.as_object().cloned().map(Self)).collect()
        })
    }

    /// Reads an object as fields.
    pub(crate) fn inner(&self, name: &str) -> Result<Option<Self>, Failure> {
        Ok(self.object(name)?.map(|object| Self(object.clone())))
    }

    /// Returns the field unchanged, or `None` if it is missing. Only control routes distinguish `null` from a missing
    /// field.
    pub(crate) fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns the field unchanged, or `None` if it is missing or `null`.
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
            || errors::INVALID_ARGUMENT.with_message(format!("The field {name} must be {wanted}."));
        read(value).map(Some).ok_or_else(refusal)
    }
}

impl From<Object> for Fields {
    fn from(fields: Object) -> Self {
        Self(fields)
    }
}

/// Returns the number of levels of lists and objects. The parser limits it to 128.
fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        _ => return 0,
    };
    inner.unwrap_or(0).saturating_add(1)
}

const MAX_DEPTH: usize = 100;
