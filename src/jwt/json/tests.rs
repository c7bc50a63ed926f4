//! serde_json judges: the same texts are values, and they say the same.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::*;

fn value(text: &str) -> Option<JsonText<'_>> {
    // The array around it makes the text be read to its end.
    let mut values = JsonText(text).list()?;
    values.pop().filter(|_| values.is_empty())
}

/// Holds our reading of `[text]` against the judge's; whether it is a value.
fn compare(text: &str) -> bool {
    let text = format!("[{text}]");
    let judge: Option<[&RawValue; 1]> = serde_json::from_str(&text).ok();
    let judge = judge.map(|[value]| value.get());
    let ours = value(&text);
    assert_eq!(ours.map(JsonText::get), judge, "{text:?}");
    let (Some(ours), Some(judge)) = (ours, judge) else {
        return false;
    };
    let string = ours.string().map(Cow::into_owned);
    assert_eq!(string, serde_json::from_str(judge).ok(), "{text:?}");
    let list = ours
        .list()
        .map(|values| values.iter().map(|value| value.get()).collect());
    let judged: Option<Vec<&RawValue>> = serde_json::from_str(judge).ok();
    let judged = judged.map(|values| values.into_iter().map(RawValue::get).collect::<Vec<_>>());
    assert_eq!(list, judged, "{text:?}");
    let object = members(judge).map(|members| {
        let members = members.into_iter();
        members
            .map(|(name, value)| (name.into_owned(), value.get()))
            .collect()
    });
    let judged: Option<BTreeMap<String, &RawValue>> = serde_json::from_str(judge).ok();
    let judged = judged.map(|members| {
        let members = members.into_iter();
        members
            .map(|(name, value)| (name, value.get()))
            .collect::<BTreeMap<_, _>>()
    });
    assert_eq!(object, judged, "{text:?}");
    let (number, judged) = (ours.number(), serde_json::from_str::<f64>(judge).ok());
    assert_eq!(number.is_some(), judged.is_some(), "{text:?}");
    if let (Some(number), Some(judged)) = (number, judged) {
        let difference = (number - judged).abs();
        assert!(
            difference <= judged.abs() * 1e-14,
            "{text:?}: {number} for {judged}"
        );
    }
    true
}

#[test]
fn agrees_on_every_short_text() {
    let alphabet: Vec<char> = "{}[],:\"\\u0d19-+.eE n".chars().collect();
    let (mut texts, mut values) = (0, 0);
    for length in 0..=4_u32 {
        for number in 0..alphabet.len().pow(length) {
            let digits = (0..length).map(|place| number / alphabet.len().pow(place));
            let text: String = digits
                .map(|digit| alphabet[digit % alphabet.len()])
                .collect();
            values += usize::from(compare(&text));
            texts += 1;
        }
    }
    assert_eq!(texts, 1 + 20 + 400 + 8_000 + 160_000);
    assert!(values > 500, "{values}");
}

#[test]
fn agrees_on_long_texts_with_every_byte_changed() {
    let mut values = 0;
    for text in TEXTS {
        assert!(compare(text), "{text}");
        for (place, _) in text.char_indices() {
            let (before, after) = text.split_at(place);
            let after_next = after
                .get(after.chars().next().map_or(0, char::len_utf8)..)
                .unwrap();
            values += usize::from(compare(before));
            values += usize::from(compare(&format!("{before}{after_next}")));
            for other in "{}[],:\"\\/ubd0159-+.eE \n\t\u{b}\u{1f}\u{a0}é".chars() {
                values += usize::from(compare(&format!("{before}{other}{after_next}")));
                values += usize::from(compare(&format!("{before}{other}{after}")));
            }
        }
    }
    assert!(values > 1_000, "{values}");
}

#[test]
fn reads_numbers_exactly_up_to_fifteen_digits() {
    let mut compared = 0;
    for whole in [0_u64, 1, 7, 1_700_000_000, 999_999_999_999_999, 1 << 53] {
        for exponent in -22..=22 {
            let text = format!("{whole}e{exponent}");
            assert_eq!(number::read(&text), text.parse().ok(), "{text}");
            compared += 1;
        }
    }
    assert_eq!(number::read("1700000000.001"), Some(1_700_000_000.001));
    assert_eq!(compared, 6 * 45);
}

#[test]
fn decides_absurd_numbers() {
    for (text, expected) in [
        ("1e309", None),
        ("-1e309", None),
        ("1e-400", Some(0.0)),
        ("0e99999999999999999999", Some(0.0)),
        ("1e99999999999999999999", None),
        ("1e-99999999999999999999", Some(0.0)),
    ] {
        assert_eq!(number::read(text), expected, "{text}");
    }
    let zeros = "0".repeat(400);
    assert_eq!(number::read(&format!("1{zeros}e-400")), Some(1.0));
    let number = number::read(&format!("0.{zeros}1e401")).unwrap();
    assert!((number - 1.0).abs() < 1e-14, "{number}");
}

#[test]
fn reads_nesting_of_any_depth_without_recursion() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    assert!(value(&format!("[{deep}]")).is_some());
    assert!(value(&format!("[{deep}")).is_none());
}

fn quoted(text: &str) -> String {
    let mut json = String::new();
    write_quoted(&mut json, text);
    json
}

#[test]
fn writes_strings_that_read_the_same() {
    let all: String = (0..0x250)
        .filter_map(char::from_u32)
        .chain(['\u{2028}', '😀'])
        .collect();
    let json = quoted(&all);
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), all);
    assert_eq!(
        value(&format!("[{json}]")).unwrap().string().as_deref(),
        Some(all.as_str())
    );
    assert_eq!(quoted("a\"\\\n\u{1f}"), r#""a\"\\\u000a\u001f""#);
}

const TEXTS: [&str; 7] = [
    r#"{"alg":"RS256","\u0061lg":"x","kid":"jwk-test-1","typ":"JWT","x":[]}"#,
    r#" { "a" : [ 1 , -2.5e+3 , true , false , null , {} , [ ] , "b" ] , "c" : { "d" : { } } } "#,
    r#""\"\\\/\b\f\n\r\tu\u00e9\ud83d\ude00é😀""#,
    r#"["\ud800\udc00\udbff\udfff","\u0000","",{"\"":"}"}]"#,
    "-0.125E-07",
    "12345678901234567890123456789012345678.5",
    "[[[{\"a\":[{}]}]]]",
];
