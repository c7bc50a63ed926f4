//! JSON objects with their duplicates, compared with serde_json's maps (RFC 8259).

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use stytch_edge::jwt::{JsonObject, Refusal};

/// Both parsers accept the same texts as objects and read the same values from them.
pub fn holds(data: &[u8]) {
    let Ok(ours) = JsonObject::parse(data) else {
        assert!(members(data).is_none(), "only serde_json accepts it");
        return;
    };
    compare(&ours, data, 0);
}

fn members(text: &[u8]) -> Option<BTreeMap<String, &RawValue>> {
    serde_json::from_slice(text).ok()
}

fn compare(ours: &JsonObject<'_>, text: &[u8], depth: usize) {
    let expected = members(text).expect("only JsonObject accepts it");
    for (name, _) in ours.members() {
        assert!(expected.contains_key(name), "only JsonObject has {name:?}");
    }
    for (name, expected) in &expected {
        let same = ours.members().filter(|(other, _)| other == name);
        let same: Vec<&RawValue> = same.map(|(_, value)| value).collect();
        // serde_json's map keeps the last of several members with the same name.
        let value = same.last().expect("only serde_json has the member");
        assert_eq!(value.get(), expected.get());
        match ours.raw(name) {
            Ok(Some(found)) => assert!(same.len() == 1 && found.get() == value.get()),
            Ok(None) => panic!("JsonObject::raw does not return {name:?}"),
            Err(refusal) => {
                assert!(same.len() > 1 && refusal == Refusal::DuplicateMember);
                continue;
            }
        }
        compare_value(ours, name, expected.get());
        if depth < MAX_DEPTH
            && let Ok(nested) = JsonObject::nested(value)
        {
            compare(&nested, expected.get().as_bytes(), depth + 1);
        }
    }
}

/// Reads one value as each type, whatever type it has, and compares the results.
fn compare_value(ours: &JsonObject<'_>, name: &str, expected: &str) {
    let other = Refusal::InvalidClaim;
    let string: Option<String> = serde_json::from_str(expected).ok();
    let string = string.map(|text| Some(text.into()));
    assert_eq!(ours.string(name, other), string.ok_or(other));
    let list: Option<Vec<&RawValue>> = serde_json::from_str(expected).ok();
    let found = ours.list(name, other).ok().flatten();
    assert_eq!(found.is_some(), list.is_some());
    for (value, expected) in found.iter().flatten().zip(list.iter().flatten()) {
        assert_eq!(value.get(), expected.get());
    }
    assert_eq!(found.map(|found| found.len()), list.map(|list| list.len()));
    let strings: Option<Vec<String>> = serde_json::from_str(expected).ok();
    assert_eq!(ours.strings(name, other), strings.map(Some).ok_or(other));
    let number: Option<f64> = serde_json::from_str(expected).ok();
    match (ours.number(name, other).ok().flatten(), number) {
        (None, None) => {}
        (Some(ours), Some(expected)) => assert_eq!(ours, expected),
        (Some(only), None) => panic!("only JsonObject reads the number {only}"),
        (None, Some(only)) => panic!("only serde_json reads the number {only}"),
    }
}

const MAX_DEPTH: usize = 3;
