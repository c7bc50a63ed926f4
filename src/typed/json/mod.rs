//! Rust values from JSON and back, with the place of what does not fit.
//!
//! Not serde's derive: for some six hundred types it would compile for minutes, and
//! each would bring visitors of its own into a Worker's wasm. Reading from a parsed
//! [`Value`] is one small function a type, and knows the path of a field for free.

mod values;

use std::fmt;

use serde_json::{Map, Value};

/// What may be sent.
pub(crate) trait ToJson {
    /// The value, or nothing where the field is to be left out.
    fn to_json(&self) -> Option<Value>;
}

/// What may be answered.
pub(crate) trait FromJson: Sized {
    fn from_json(value: Value) -> Result<Self, Unexpected>;

    /// What stands for a field that is not there.
    fn absent() -> Option<Self> {
        None
    }
}

/// A part of an answer that has not the described shape. Names the place, and
/// nothing of what was found there.
#[derive(Clone, PartialEq, Eq)]
pub struct Unexpected {
    path: String,
    wanted: &'static str,
}

impl Unexpected {
    pub(crate) fn new(wanted: &'static str) -> Self {
        Self {
            path: String::new(),
            wanted,
        }
    }

    /// The place, such as `user.emails[0].email`; empty for the whole answer.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn below(self, step: &str) -> Self {
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

impl fmt::Display for Unexpected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, wanted } = self;
        let place = if path.is_empty() { "the body" } else { path };
        write!(formatter, "{place} must be {wanted}")
    }
}

impl fmt::Debug for Unexpected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// An answer's object, from which fields are taken; what is left over is unknown and
/// does not matter.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn of(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Unexpected::new("an object")),
        }
    }

    /// Takes the field that a Rust field is named after.
    pub(crate) fn take<T: FromJson>(&mut self, field: &str) -> Result<T, Unexpected> {
        let name = plain(field);
        match self.0.remove(name) {
            Some(value) => T::from_json(value),
            None => T::absent().ok_or(Unexpected::new("there")),
        }
        .map_err(|unexpected| unexpected.below(name))
    }
}

/// An object to send, to which fields are added.
#[derive(Default)]
pub(crate) struct Written(Map<String, Value>);

impl Written {
    pub(crate) fn put(&mut self, field: &str, value: &dyn ToJson) {
        if let Some(value) = value.to_json() {
            self.0.insert(plain(field).to_owned(), value);
        }
    }

    pub(crate) fn finish(self) -> Option<Value> {
        Some(Value::Object(self.0))
    }
}

/// The name in JSON of a Rust field, which may be a raw identifier.
fn plain(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn complaint<T: FromJson>(value: Value) -> String {
        match T::from_json(value) {
            Ok(_) => panic!("it was accepted"),
            Err(unexpected) => unexpected.to_string(),
        }
    }

    #[test]
    fn names_the_place_of_what_does_not_fit() {
        assert_eq!(
            complaint::<Vec<i64>>(json!([1, "2"])),
            "[1] must be a whole number"
        );
        let nested = json!({"a": [{"b": true}, {"b": 7}]});
        let path = complaint::<BTreeMap<String, Vec<BTreeMap<String, bool>>>>(nested);
        assert_eq!(path, "a[1].b must be true or false");
        assert_eq!(
            complaint::<String>(json!(null)),
            "the body must be a string"
        );
    }

    #[test]
    fn takes_whole_numbers_however_they_are_written() {
        for (value, number) in [(json!(7), 7), (json!(7.0), 7), (json!(-1e3), -1000)] {
            assert_eq!(i64::from_json(value), Ok(number));
        }
        for value in [json!(7.5), json!(1e300), json!("7"), json!(null)] {
            assert_eq!(complaint::<i64>(value), "the body must be a whole number");
        }
    }

    #[test]
    fn takes_null_for_what_is_not_there() {
        assert_eq!(<Option<String>>::from_json(json!(null)), Ok(None));
        assert_eq!(<Vec<String>>::from_json(json!(null)), Ok(Vec::new()));
        let mut fields = Fields::of(json!({"there": "x"})).unwrap();
        assert_eq!(fields.take::<Option<String>>("not_there"), Ok(None));
        let missing = fields.take::<String>("r#not_there").unwrap_err();
        assert_eq!(missing.to_string(), "not_there must be there");
        assert_eq!(fields.take("there"), Ok("x".to_owned()));
    }
}
