//! JSON objects with their duplicates, compared with serde_json's maps (RFC 8259).

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use stytch_edge::jwt::{JsonObject, Refusal};

/// Both take the same texts for objects, and read the same in them.
pub fn holds(data: &[u8]) {
    let Ok(ours) = JsonObject::parse(data) else {
        assert!(members(data).is_none(), "only the judge takes it");
        return;
    };
    compare(&ours, data, 0);
}

fn members(text: &[u8]) -> Option<BTreeMap<String, &RawValue>> {
    serde_json::from_slice(text).ok()
}

fn compare(ours: &JsonObject<'_>, text: &[u8], depth: usize) {
    let judged = members(text).expect("only we take it");
    for (name, _) in ours.members() {
        assert!(judged.contains_key(name), "only we see {name:?}");
    }
    for (name, judged) in &judged {
        let same = ours.members().filter(|(other, _)| other == name);
        let same: Vec<&RawValue> = same.map(|(_, value)| value).collect();
        // serde_json's map keeps the last of several.
        let value = same.last().expect("only the judge sees it");
        assert_eq!(value.get(), judged.get());
        match ours.raw(name) {
            Ok(Some(found)) => assert!(same.len() == 1 && found.get() == value.get()),
            Ok(None) => panic!("{name:?} is lost"),
            Err(refusal) => {
                assert!(same.len() > 1 && refusal == Refusal::DuplicateMember);
                continue;
            }
        }
        compare_value(ours, name, judged.get());
        if depth < DEEPEST
            && let Ok(nested) = JsonObject::nested(value)
        {
            compare(&nested, judged.get().as_bytes(), depth + 1);
        }
    }
}

/// What the reader makes of one value, whatever its type is.
fn compare_value(ours: &JsonObject<'_>, name: &str, judged: &str) {
    let other = Refusal::InvalidClaim;
    let string: Option<String> = serde_json::from_str(judged).ok();
    let string = string.map(|text| Some(text.into()));
    assert_eq!(ours.string(name, other), string.ok_or(other));
    let list: Option<Vec<&RawValue>> = serde_json::from_str(judged).ok();
    let found = ours.list(name, other).ok().flatten();
    assert_eq!(found.is_some(), list.is_some());
    for (value, judged) in found.iter().flatten().zip(list.iter().flatten()) {
        assert_eq!(value.get(), judged.get());
    }
    assert_eq!(found.map(|found| found.len()), list.map(|list| list.len()));
    let strings: Option<Vec<String>> = serde_json::from_str(judged).ok();
    assert_eq!(ours.strings(name, other), strings.map(Some).ok_or(other));
    let number: Option<f64> = serde_json::from_str(judged).ok();
    match (ours.number(name, other).ok().flatten(), number) {
        (None, None) => {}
        (Some(ours), Some(judged)) => assert_eq!(ours, judged),
        (Some(only), None) | (None, Some(only)) => panic!("{only}"),
    }
}

const DEEPEST: usize = 3;
