//! A type for anonymous alternatives in the API's description.

use serde_json::Value;

use super::json::{FromJson, ToJson, Unexpected};

/// A field that is a single value or a list in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMany<T> {
    /// A single value.
    One(T),
    /// A list.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// Returns the values as a slice. A single value is a slice of length 1.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T: ToJson> ToJson for OneOrMany<T> {
    fn to_json(&self) -> Option<Value> {
        match self {
            Self::One(value) => value.to_json(),
            Self::Many(values) => values.to_json(),
        }
    }
}

impl<T: FromJson> FromJson for OneOrMany<T> {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::Array(_) | Value::Null => Vec::from_json(value).map(Self::Many),
            value => T::from_json(value).map(Self::One),
        }
    }
}
