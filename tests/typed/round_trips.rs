//! Each type of a response is read from a sample and written again.
//!
//! Codegen writes the samples from the API's description with other code than the types. Names of fields, optional fields
//! and lists of words must agree.

use std::{collections::BTreeMap, fmt::Debug};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

#[path = "../generated/answers.rs"]
mod answers;
use answers::ANSWERS;

/// Reads a type and writes it again. Returns the message of the error if the text does not match the type.
type RoundTrip = fn(&str) -> Result<Value, String>;

fn round_trip<T: Serialize + DeserializeOwned + Debug>(text: &str) -> Result<Value, String> {
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let shown = format!("{read:?} {read:#?}");
    assert!(
        !shown.contains("text"),
        "Debug shows the value of a field: {shown}"
    );
    Ok(serde_json::to_value(&read).unwrap())
}

#[test]
fn every_type_reads_and_writes_its_samples() {
    let samples = Samples::read();
    for (name, round_trip) in ANSWERS {
        for form in FORMS {
            let expected = samples.expand(name, form);
            let found = round_trip(&expected.to_string());
            assert_eq!(found, Ok(expected), "{name} with {form:?}");
        }
    }
    assert_eq!(ANSWERS.len(), samples.0.len());
}

#[test]
fn the_response_type_of_every_operation_is_tested() {
    let text = include_str!("../facts/operations.json");
    let operations: Map<String, Value> = serde_json::from_str(text).unwrap();
    let names: Vec<&str> = ANSWERS
        .iter()
        .filter_map(|(path, _)| path.split("::").last())
        .collect();
    let missing: Vec<&str> = operations
        .values()
        .map(|operation| operation["returns"].as_str().unwrap())
        .filter(|returns| {
            let name = returns.split('#').next_back().unwrap();
            !names.contains(&name.strip_prefix("B2B").unwrap_or(name))
        })
        .collect();
    assert_eq!(operations.len(), 196);
    // These types are not generated: the results of authenticate_jwt, and the pages of a search.
    let hand_written = [
        "{ member_session: MemberSession; session_jwt: string }",
        "{ session: Session; session_jwt: string }",
        "UserSearchIterator",
    ];
    assert_eq!(missing, hand_written);
}

#[test]
fn unknown_fields_and_nulls_are_ignored() {
    let samples = Samples::read();
    for (name, round_trip) in ANSWERS {
        let plain = samples.expand(name, Form::Required);
        let mut extended = samples.expand(name, Form::NullForAbsent);
        add_unknown_fields(&mut extended);
        assert_ne!(extended, plain, "{name}");
        assert_eq!(round_trip(&extended.to_string()), Ok(plain), "{name}");
    }
}

#[test]
fn a_required_field_that_is_missing_or_of_another_type_is_named() {
    let samples = Samples::read();
    let mut tried = 0;
    for (name, round_trip) in ANSWERS {
        let Value::Object(whole) = samples.expand(name, Form::Required) else {
            panic!("{name} is not an object");
        };
        for field in whole.keys() {
            let mut without = whole.clone();
            without.remove(field);
            let message = round_trip(&json!(without).to_string()).unwrap_err();
            assert!(
                message.starts_with(&format!("{field} must be")),
                "{name}: {message}"
            );
            let mut other = whole.clone();
            // This value does not match any type of the description.
            other.insert(field.clone(), json!([[["x"]]]));
            let message = round_trip(&json!(other).to_string()).unwrap_err();
            assert!(message.starts_with(field), "{name}: {message}");
            tried += 1;
        }
    }
    assert!(tried > 1_000, "{tried}");
}

/// The form of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Every field, and the first word of each list.
    Whole,
    /// Every field, and the last word of each list.
    LastWords,
    /// Every field, and unknown words.
    UnknownWords,
    /// Required fields only.
    Required,
    /// Required fields, and null for optional fields.
    NullForAbsent,
}

const FORMS: [Form; 4] = [
    Form::Whole,
    Form::LastWords,
    Form::UnknownWords,
    Form::Required,
];

/// The fields of each type, by name. The name of an optional field ends with a question mark.
struct Samples(BTreeMap<String, Map<String, Value>>);

impl Samples {
    fn read() -> Self {
        let text = include_str!("../generated/samples.json");
        let mut all: Map<String, Value> = serde_json::from_str(text).unwrap();
        all.remove("$about");
        let fields = |shape: Value| shape.as_object().unwrap().clone();
        Self(
            all.into_iter()
                .map(|(name, shape)| (name, fields(shape)))
                .collect(),
        )
    }

    fn expand(&self, name: &str, form: Form) -> Value {
        let shape = &self.0[name];
        let mut fields = Map::new();
        for (field, value) in shape {
            match (field.strip_suffix('?'), form) {
                (Some(_), Form::Required) => None,
                (Some(field), Form::NullForAbsent) => fields.insert(field.to_owned(), Value::Null),
                (Some(field), _) => fields.insert(field.to_owned(), self.value(value, form)),
                (None, _) => fields.insert(field.clone(), self.value(value, form)),
            };
        }
        Value::Object(fields)
    }

    fn value(&self, value: &Value, form: Form) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(item, form)).collect(),
            Value::Object(members) => {
                if let Some(name) = members.get("$type") {
                    return self.expand(name.as_str().unwrap(), form);
                }
                if let Some(words) = members.get("$words").and_then(Value::as_array) {
                    return match form {
                        Form::UnknownWords => json!("an unknown word"),
                        Form::LastWords => words.last().unwrap().clone(),
                        _ => words[0].clone(),
                    };
                }
                let members = members.iter();
                members
                    .map(|(name, value)| (name.clone(), self.value(value, form)))
                    .collect()
            }
            plain => plain.clone(),
        }
    }
}

/// Adds an unknown field to each object, except to objects whose fields are not described.
fn add_unknown_fields(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(add_unknown_fields),
        Value::Object(members) if !members.contains_key("any") && !members.contains_key("one") => {
            members.values_mut().for_each(add_unknown_fields);
            members.insert("unknown_field".to_owned(), json!({"x": [1, null]}));
        }
        _ => {}
    }
}
