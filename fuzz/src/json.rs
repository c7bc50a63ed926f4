//! The JSON reader, judged by serde_json (RFC 8259).

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use stytch_edge::jwt::{JsonObject, JsonText, Refusal, write_quoted};

/// Both take the same texts for objects, and read the same in them.
pub fn holds(data: &[u8]) {
    let Ok(ours) = JsonObject::parse(data) else {
        assert!(members(data).is_none(), "only the judge takes it");
        return;
    };
    compare(&ours, data, 0);
    if let Ok(text) = str::from_utf8(data) {
        let mut quoted = String::new();
        write_quoted(&mut quoted, text);
        let judged: String = serde_json::from_str(&quoted).unwrap();
        assert_eq!(judged, text, "what is quoted reads the same");
    }
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
        let same: Vec<JsonText<'_>> = same.map(|(_, value)| value).collect();
        // serde_json's map keeps the last of several.
        let value = same.last().expect("only the judge sees it");
        assert_eq!(value.get(), judged.get());
        match ours.raw(name) {
            Ok(Some(found)) => assert!(same.len() == 1 && found == *value),
            Ok(None) => panic!("{name:?} is lost"),
            Err(refusal) => {
                assert!(same.len() > 1 && refusal == Refusal::DuplicateMember);
                continue;
            }
        }
        compare_value(ours, name, judged.get());
        if depth < DEEPEST
            && let Ok(nested) = JsonObject::nested(*value)
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
        (Some(ours), Some(judged)) => {
            let difference = (ours - judged).abs();
            // Below the normal numbers a double has fewer digits to be exact in.
            let allowed = judged.abs() * 1e-14 + f64::MIN_POSITIVE * 1e-14;
            assert!(difference <= allowed, "{ours} for {judged}");
        }
        (Some(only), None) | (None, Some(only)) => {
            assert!(only.abs() > f64::MAX * (1.0 - 1e-14), "{only}");
        }
    }
}

const DEEPEST: usize = 3;
