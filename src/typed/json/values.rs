//! The values of fields: strings, numbers, lists, maps and optional values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{FromJson, ToJson, Unexpected};

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Option<Value> {
        self.as_ref()?.to_json()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::Null => Ok(None),
            value => T::from_json(value).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Option<Value> {
        Some(self.iter().filter_map(ToJson::to_json).collect())
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        let items = match value {
            Value::Array(items) => items,
            // An empty list may be null in responses of the API.
            Value::Null => Vec::new(),
            _ => return Err(Unexpected::new("a list")),
        };
        let items = items.into_iter().enumerate();
        items
            .map(|(number, item)| {
                T::from_json(item).map_err(|unexpected| unexpected.inside(&format!("[{number}]")))
            })
            .collect()
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self) -> Option<Value> {
        let members = self.iter();
        let members = members.filter_map(|(name, value)| Some((name.clone(), value.to_json()?)));
        Some(Value::Object(members.collect()))
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        let members = <Map<String, Value>>::from_json(value)?.into_iter();
        members
            .map(|(name, value)| match T::from_json(value) {
                Ok(value) => Ok((name, value)),
                Err(unexpected) => Err(unexpected.inside(&name)),
            })
            .collect()
    }
}

impl ToJson for Map<String, Value> {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.clone()))
    }
}

impl FromJson for Map<String, Value> {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::Object(members) => Ok(members),
            Value::Null => Ok(Self::new()),
            _ => Err(Unexpected::new("an object")),
        }
    }
}

impl ToJson for String {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.clone()))
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(Unexpected::new("a string")),
        }
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Bool(*self))
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        value.as_bool().ok_or(Unexpected::new("true or false"))
    }
}

impl ToJson for i64 {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(*self))
    }
}

impl FromJson for i64 {
    /// Accepts `1.0` and `1e3` as well: JSON has only one type of numbers, so a whole number may have any notation.
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        #[allow(clippy::cast_possible_truncation, reason = "in range, and whole")]
        let whole = |number: f64| {
            (number.fract() == 0.0 && number.abs() <= MAX_EXACT).then_some(number as i64)
        };
        let number = value.as_i64().or_else(|| value.as_f64().and_then(whole));
        number.ok_or(Unexpected::new("a whole number"))
    }
}

impl ToJson for f64 {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(*self))
    }
}

impl FromJson for f64 {
    fn from_json(value: Value) -> Result<Self, Unexpected> {
        value.as_f64().ok_or(Unexpected::new("a number"))
    }
}

/// 2^53: a float represents every whole number up to this limit exactly.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
