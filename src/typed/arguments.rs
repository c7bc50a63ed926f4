//! A typed request as the client room reads the argument of a call.

use serde_json::{Map, Value};

use crate::client::{Arguments, ClientError, MAX_TEXT_LENGTH};

/// The fields of a request; none where a method takes no request.
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

    fn text(&self, name: &str) -> Option<String> {
        let text = self.0.as_ref()?.get(name)?.as_str()?;
        is_within(text, MAX_TEXT_LENGTH).then(|| text.to_owned())
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
                        "{name} goes into a query or form, and has no text, or too much"
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

/// As JavaScript writes it: a list is its items, with commas.
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
