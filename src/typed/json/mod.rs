//! Converts Rust values to JSON and back. An error names the path of the value that does
//! not fit.
//!
//! Both directions go through a parsed [`Value`]; parsing text is serde_json's work. The
//! traits [`ToJson`] and [`FromJson`] take the place of serde's derives, which make a Rust
//! Worker larger and slower to compile (ARCHITECTURE.md has the measurements). Responses
//! are read leniently where the API varies: null for an absent field or an empty list,
//! `7.0` for `7`, unknown fields, unknown words.

mod values;

use std::fmt;

use serde_json::{Map, Value};

/// A value that a request can hold.
pub(crate) trait ToJson {
    /// The value in JSON; `None` leaves the field out of its object.
    fn to_json(&self) -> Option<Value>;
}

/// A value that a response can hold.
pub(crate) trait FromJson: Sized {
    fn from_json(value: Value) -> Result<Self, Unexpected>;

    /// The value of a field that the object does not have; `None` if the field is
    /// required.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value in a response that is not of the described type. The error names its path and
/// the expected type, and never the value, which may be a secret.
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

    /// The path of the value, such as `user.emails[0].email`; empty for the whole body.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same error, seen from the object or list that holds the value.
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
        let place = if path.is_empty() { "the body" } else { path };
        write!(formatter, "{place} must be {expected}")
    }
}

impl fmt::Debug for Unexpected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Reads an object field by field. Fields that are never taken are unknown to this
/// version of the crate, and are ignored.
pub(crate) struct ObjectReader(Map<String, Value>);

impl ObjectReader {
    pub(crate) fn of(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Unexpected::new("an object")),
        }
    }

    /// Reads the field of this Rust name.
    pub(crate) fn take<T: FromJson>(&mut self, field: &str) -> Result<T, Unexpected> {
        let name = json_name(field);
        match self.0.remove(name) {
            Some(value) => T::from_json(value),
            None => T::absent().ok_or(Unexpected::new("there")),
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

/// The JSON name of a Rust field, which may be a raw identifier such as `r#type`.
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
    fn names_the_path_of_a_value_that_does_not_fit() {
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
        let mut fields = ObjectReader::of(json!({"there": "x"})).unwrap();
        assert_eq!(fields.take::<Option<String>>("not_there"), Ok(None));
        let missing = fields.take::<String>("r#not_there").unwrap_err();
        assert_eq!(missing.to_string(), "not_there must be there");
        assert_eq!(fields.take("there"), Ok("x".to_owned()));
    }
}
