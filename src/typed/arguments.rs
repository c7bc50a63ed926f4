//! Implements the trait of `client` by which it reads the arguments of a call from a typed request.

use serde_json::{Map, Value};

use crate::client::{Arguments, ClientError, MAX_TEXT_LENGTH, NotText};

/// The fields of a request. `None` if the method does not have a request.
pub(super) struct JsonArguments(pub(super) Option<Map<String, Value>>);

impl JsonArguments {
    fn rest<'a>(&'a self, taken: &'a [&str]) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let fields = self.0.iter().flatten();
        fields.filter(|(name, _)| !taken.contains(&name.as_str()))
    }
}

impl Arguments for JsonArguments {
    type Json = String;

    fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    fn text(&self, name: &str) -> Result<Option<String>, NotText> {
        let value = self.0.as_ref().and_then(|fields| fields.get(name));
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let text = value
            .as_str()
            .filter(|text| is_within(text, MAX_TEXT_LENGTH));
        text.map(|text| Some(text.to_owned())).ok_or(NotText)
    }

    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError> {
        self.rest(taken)
            .map(|(name, value)| {
                let text = text_of(value).filter(|text| is_within(text, longest));
                let text = text.ok_or_else(|| {
                    ClientError::invalid_argument(format!(
                        "{name} must be a string, a number, a boolean or a list of these, \
                         of at most {longest} characters"
                    ))
                })?;
                Ok((name.clone(), text))
            })
            .collect()
    }

    fn json_without(&self, taken: &[&str]) -> Result<String, ClientError> {
        let rest = self.rest(taken);
        let rest: Map<String, Value> = rest
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        Ok(Value::Object(rest).to_string())
    }
}

/// The text of a value as JavaScript's `String()` returns it. The items of a list are joined by commas.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(text_of).collect();
            Some(items?.join(","))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn is_within(text: &str, longest: u32) -> bool {
    text.encode_utf16().count() <= longest as usize
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pairs(value: Value) -> Result<Vec<(String, String)>, String> {
        let fields = Map::from_iter([("limit".to_owned(), value)]);
        let pairs = JsonArguments(Some(fields)).pairs_without(&[], 5);
        pairs.map_err(|error| error.message.to_string())
    }

    #[test]
    fn writes_strings_numbers_booleans_and_lists_into_a_query() {
        for (value, text) in [
            (json!("a b"), "a b"),
            (json!(7), "7"),
            (json!(true), "true"),
            (json!(["a", 1, []]), "a,1,"),
        ] {
            assert_eq!(pairs(value), Ok(vec![("limit".into(), text.into())]));
        }
    }

    #[test]
    fn names_a_field_that_a_query_cannot_contain() {
        let message = "limit must be a string, a number, a boolean or a list of these, \
                       of at most 5 characters";
        for value in [json!(null), json!({}), json!([null]), json!("123456")] {
            assert_eq!(pairs(value), Err(message.to_owned()));
        }
    }
}
