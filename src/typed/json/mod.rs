//! Converts Rust values to JSON and back. Errors name the path of the value that does not match its type.
//!
//! Both directions use a parsed [`Value`]; serde_json parses text. The traits [`ToJson`] and [`FromJson`] replace serde's
//! derives, which make a Rust Worker larger and slower to compile (see docs/internals/decisions/0028-types-do-not-derive-serde.md). Responses may
//! vary in these ways: null for an absent field or an empty list, `7.0` for `7`, unknown fields, unknown words.

mod values;

use std::fmt;

use serde_json::{Map, Value};

/// A value in a request.
pub(crate) trait ToJson {
    /// Converts the value to JSON. If the result is `None`, the field is omitted from its object.
    fn to_json(&self) -> Option<Value>;
}

/// A value in a response.
pub(crate) trait FromJson: Sized {
    fn from_json(value: Value) -> Result<Self, Unexpected>;

    /// The value of an absent field. `None` if the field is required.
    fn absent() -> Option<Self> {
        None
    }
}

/// The error for a value in a response that does not match its documented type. The message contains the path of the value
/// and the expected type, and never the value, which may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Unexpected {
    path: String,
    expected: &'static str,
}

impl Unexpected {
    pub(crate) fn new(expected: &'static str) -> Self {
        Self {
            path: String::new(),
            expected,
        }
    }

    /// Returns the path of the value, such as `user.emails[0].email`. The path of the whole body is empty.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Prepends a step to the path: the field or the index of the value in its object or list.
    fn inside(self, step: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        Self {
            path: format!("{step}{dot}{}", self.path),
            ..self
        }
    }
}

impl std::error::Error for Unexpected {}

impl fmt::Display for Unexpected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, expected } = self;
        let name = if path.is_empty() { "the body" } else { path };
        write!(formatter, "{name} must be {expected}")
    }
}

impl fmt::Debug for Unexpected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Reads an object field by field. Fields that this version of the crate does not know are ignored.
pub(crate) struct ObjectReader(Map<String, Value>);

impl ObjectReader {
    pub(crate) fn of(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Unexpected::new("an object")),
        }
    }

    /// Reads a field by its Rust name.
    pub(crate) fn take<T: FromJson>(&mut self, field: &str) -> Result<T, Unexpected> {
        let name = json_name(field);
        match self.0.remove(name) {
            Some(value) => T::from_json(value),
            None => T::absent().ok_or(Unexpected::new("present")),
        }
        .map_err(|unexpected| unexpected.inside(name))
    }
}

/// Writes an object field by field.
#[derive(Default)]
pub(crate) struct ObjectWriter(Map<String, Value>);

impl ObjectWriter {
    pub(crate) fn put(&mut self, field: &str, value: &dyn ToJson) {
        if let Some(value) = value.to_json() {
            self.0.insert(json_name(field).to_owned(), value);
        }
    }

    pub(crate) fn finish(self) -> Option<Value> {
        Some(Value::Object(self.0))
    }
}

/// The JSON name of a Rust field. The Rust name may be a raw identifier such as `r#type`.
fn json_name(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn error_of<T: FromJson>(value: Value) -> String {
        match T::from_json(value) {
            Ok(_) => panic!("the value was accepted"),
            Err(unexpected) => unexpected.to_string(),
        }
    }

    #[test]
    fn names_the_path_of_a_value_of_another_type() {
        assert_eq!(
            error_of::<Vec<i64>>(json!([1, "2"])),
            "[1] must be a whole number"
        );
        let nested = json!({"a": [{"b": true}, {"b": 7}]});
        let path = error_of::<BTreeMap<String, Vec<BTreeMap<String, bool>>>>(nested);
        assert_eq!(path, "a[1].b must be true or false");
        assert_eq!(error_of::<String>(json!(null)), "the body must be a string");
    }

    #[test]
    fn reads_whole_numbers_in_any_notation() {
        for (value, number) in [(json!(7), 7), (json!(7.0), 7), (json!(-1e3), -1000)] {
            assert_eq!(i64::from_json(value), Ok(number));
        }
        for value in [json!(7.5), json!(1e300), json!("7"), json!(null)] {
            assert_eq!(error_of::<i64>(value), "the body must be a whole number");
        }
    }

    #[test]
    fn reads_null_as_an_absent_field_or_an_empty_list() {
        assert_eq!(<Option<String>>::from_json(json!(null)), Ok(None));
        assert_eq!(<Vec<String>>::from_json(json!(null)), Ok(Vec::new()));
        let mut fields = ObjectReader::of(json!({"name": "x"})).unwrap();
        assert_eq!(fields.take::<Option<String>>("type"), Ok(None));
        let missing = fields.take::<String>("r#type").unwrap_err();
        assert_eq!(missing.to_string(), "type must be present");
        assert_eq!(fields.take("name"), Ok("x".to_owned()));
    }
}
