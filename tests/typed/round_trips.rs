//! Every type that an answer may hold, read from a sample and written again.
//!
//! The samples come from the description, by another way than the types: what a
//! field is called, whether it may be absent and which words it may say has to agree.

use std::{collections::BTreeMap, fmt::Debug};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

#[path = "../generated/answers.rs"]
mod answers;
use answers::ANSWERS;

/// Reads a type and writes it again; or what is wrong with the text.
type RoundTrip = fn(&str) -> Result<Value, String>;

fn round_trip<T: Serialize + DeserializeOwned + Debug>(text: &str) -> Result<Value, String> {
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let shown = format!("{read:?} {read:#?}");
    assert!(
        !shown.contains("text"),
        "Debug shows what is in it: {shown}"
    );
    Ok(serde_json::to_value(&read).unwrap())
}

#[test]
fn every_type_reads_and_writes_what_the_description_says() {
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
fn what_each_operation_answers_is_among_them() {
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
    // Written by hand: the results of authenticate_jwt, and the pages of a search.
    let by_hand = [
        "{ member_session: MemberSession; session_jwt: string }",
        "{ session: Session; session_jwt: string }",
        "UserSearchIterator",
    ];
    assert_eq!(missing, by_hand);
}

#[test]
fn unknown_fields_and_nulls_fit_everywhere_and_are_left_out() {
    let samples = Samples::read();
    for (name, round_trip) in ANSWERS {
        let plain = samples.expand(name, Form::Required);
        let mut grown = samples.expand(name, Form::NullForAbsent);
        grow(&mut grown);
        assert_ne!(grown, plain, "{name}");
        assert_eq!(round_trip(&grown.to_string()), Ok(plain), "{name}");
    }
}

#[test]
fn a_required_field_that_is_missing_or_of_another_type_is_named() {
    let samples = Samples::read();
    let mut spoiled = 0;
    for (name, round_trip) in ANSWERS {
        let Value::Object(whole) = samples.expand(name, Form::Required) else {
            panic!("{name} is no object");
        };
        for field in whole.keys() {
            let mut without = whole.clone();
            without.remove(field);
            let complaint = round_trip(&json!(without).to_string()).unwrap_err();
            assert!(
                complaint.starts_with(&format!("{field} must be")),
                "{name}: {complaint}"
            );
            let mut other = whole.clone();
            // Nothing is described that may be this.
            other.insert(field.clone(), json!([[["x"]]]));
            let complaint = round_trip(&json!(other).to_string()).unwrap_err();
            assert!(complaint.starts_with(field), "{name}: {complaint}");
            spoiled += 1;
        }
    }
    assert!(spoiled > 1_000, "{spoiled}");
}

/// How a sample is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Every field, and the first word of each list.
    Whole,
    /// Every field, and the last word of each list.
    LastWords,
    /// Every field, and words that nobody knows yet.
    UnknownWords,
    /// Only fields that must be there.
    Required,
    /// Null for all others.
    NullForAbsent,
}

const FORMS: [Form; 4] = [
    Form::Whole,
    Form::LastWords,
    Form::UnknownWords,
    Form::Required,
];

/// The fields of each type; an optional one has a question mark at its end.
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
                        Form::UnknownWords => json!("a word of next year"),
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

/// Adds a field that nobody knows to each object, but for those that hold anything.
fn grow(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(grow),
        Value::Object(members) if !members.contains_key("any") && !members.contains_key("one") => {
            members.values_mut().for_each(grow);
            members.insert("a_field_of_next_year".to_owned(), json!({"x": [1, null]}));
        }
        _ => {}
    }
}
