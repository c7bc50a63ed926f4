//! Tests that serde_json enforces the rules of JSON on which tokens and key sets depend.

use super::*;

fn is_object(text: &str) -> bool {
    JsonObject::parse(text.as_bytes()).is_ok()
}

/// Whether `text` is accepted as the value of a member that no rule reads.
fn is_value(text: &str) -> bool {
    is_object(&format!(r#"{{"a":{text}}}"#))
}

fn number(text: &str) -> Option<f64> {
    let object = format!(r#"{{"a":{text}}}"#);
    let object = JsonObject::parse(object.as_bytes()).unwrap();
    object.number("a", Refusal::InvalidExp).ok().flatten()
}

fn string(text: &str) -> Option<String> {
    let object = format!(r#"{{"a":{text}}}"#);
    let object = JsonObject::parse(object.as_bytes()).unwrap();
    let text = object.string("a", Refusal::InvalidClaim).ok().flatten();
    text.map(Cow::into_owned)
}

#[test]
fn refuses_a_text_that_is_not_exactly_one_object() {
    for text in [
        "",
        "[]",
        "1",
        "\"a\"",
        "null",
        "{} {}",
        "{}x",
        "{}\0",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1",
        "\u{feff}{}",
        "\u{a0}{}",
        "{\"a\":1}//",
        // A name must not contain an unpaired surrogate.
        r#"{"\ud800":1}"#,
    ] {
        assert!(!is_object(text), "{text}");
    }
    for text in [
        &b"{\"a\":\"\xff\"}"[..],
        b"{\"\xff\":1}",
        b"{\"a\":[\"\xc3\"]}",
        b"{}\xff",
    ] {
        assert!(JsonObject::parse(text).is_err(), "{text:?}");
    }
    assert!(is_object(" \t\r\n{ } \n"));
}

/// RFC 8259, sections 3 to 7, also if no rule reads the value.
#[test]
fn refuses_a_member_whose_value_is_not_json() {
    for text in [
        "01",
        "+1",
        "-",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "nul",
        "True",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\u{1f}\"",
        "\"\n\"",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{\"b\":1]",
        "{\"b\":1,}",
        "{1:1}",
        "[",
        "]",
    ] {
        assert!(!is_value(text), "{text}");
    }
    for text in [
        "-0",
        "0.5e-7",
        "1E+400",
        "true",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "[[],{}]",
    ] {
        assert!(is_value(text), "{text}");
    }
}

#[test]
fn refuses_a_duplicate_member_only_if_a_rule_reads_it() {
    let object = JsonObject::parse(br#"{"exp":1,"\u0065xp":2,"x":1,"x":2,"y":3}"#).unwrap();
    assert_eq!(object.raw("exp").err(), Some(Refusal::DuplicateMember));
    assert_eq!(object.number("y", Refusal::InvalidExp), Ok(Some(3.0)));
    assert_eq!(object.members().count(), 5);
}

#[test]
fn distinguishes_null_from_an_absent_member() {
    let object = JsonObject::parse(br#"{"kid":null}"#).unwrap();
    let otherwise = Refusal::InvalidKid;
    assert_eq!(object.string("kid", otherwise), Err(otherwise));
    assert_eq!(object.number("kid", otherwise), Err(otherwise));
    assert_eq!(object.strings("kid", otherwise), Err(otherwise));
    assert!(object.list("kid", otherwise).is_err());
    assert_eq!(object.string("alg", Refusal::WrongAlgorithm), Ok(None));
}

#[test]
fn keeps_the_text_of_values_unchanged() {
    let object =
        JsonObject::parse(br#" { "a" : [ 1.0 , "\u0062" ] , "c" : 1e2 , "d" : { } } "#).unwrap();
    let texts: Vec<(&str, &str)> = object
        .members()
        .map(|(name, value)| (name, value.get()))
        .collect();
    assert_eq!(
        texts,
        [("a", r#"[ 1.0 , "\u0062" ]"#), ("c", "1e2"), ("d", "{ }")]
    );
}

#[test]
fn decodes_the_escapes_of_strings() {
    for (text, expected) in [
        (r#""k""#, Some("k")),
        (r#""\u006b""#, Some("k")),
        (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
        (r#""\ud83d\ude00é""#, Some("😀é")),
        (r#""\u0000""#, Some("\0")),
        (r#""\ud800""#, None),
        (r#""\ude00\ud83d""#, None),
        (r#""\ud83d\u0041""#, None),
        (r#""\ud83dx""#, None),
        ("7", None),
        ("null", None),
        (r#"["k"]"#, None),
    ] {
        assert_eq!(string(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn reads_only_json_numbers_as_numbers() {
    for (text, expected) in [
        ("1700000000.001", Some(1_700_000_000.001)),
        ("18000000005e-1", Some(1_800_000_000.5)),
        ("-0", Some(0.0)),
        ("1e308", Some(1e308)),
        ("9007199254740993", Some(9_007_199_254_740_992.0)),
        ("1e309", None),
        ("-1e309", None),
        ("1e-400", Some(0.0)),
        ("0e99999999999999999999", Some(0.0)),
        ("1e99999999999999999999", None),
        ("1e-99999999999999999999", Some(0.0)),
        ("\"1\"", None),
        ("true", None),
        ("[1]", None),
        ("{}", None),
    ] {
        assert_eq!(number(text), expected, "{text}");
    }
    for whole in [0_u64, 1, 7, 1_700_000_000, 999_999_999_999_999, 1 << 53] {
        for exponent in -22..=22 {
            let text = format!("{whole}e{exponent}");
            assert_eq!(number(&text), text.parse().ok(), "{text}");
        }
    }
}

/// Values that are kept as text or ignored use no stack, at any depth.
#[test]
fn reads_nesting_of_any_depth() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    assert!(is_value(&deep));
    assert!(!is_value(&deep[1..]));
    let object = format!(r#"{{"a":{deep}}}"#);
    let object = JsonObject::parse(object.as_bytes()).unwrap();
    assert!(object.list("a", Refusal::InvalidClaim).is_ok());
    assert!(object.strings("a", Refusal::InvalidClaim).is_err());
    assert_eq!(
        object.string("a", Refusal::InvalidClaim),
        Err(Refusal::InvalidClaim)
    );
    let objects = "{\"a\":".repeat(200_000) + "1" + &"}".repeat(200_000);
    assert!(is_object(&objects));
    #[derive(Deserialize)]
    struct Nothing {}
    assert!(from_json::<Object<Nothing>>(&objects).is_some());
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: Member<String>,
}

fn name(text: &str) -> Option<Option<String>> {
    let object: Option<Object<Named>> = from_json(text);
    object.map(|Object(named)| named.name.0)
}

#[test]
fn reads_a_derived_type_from_an_object_only() {
    assert_eq!(name(r#"{"name":"a"}"#), Some(Some("a".to_owned())));
    assert_eq!(name(r#"{"x":1,"x":2}"#), Some(None));
    for text in [
        r#"["a"]"#,
        "[]",
        "null",
        r#"{"name":null}"#,
        r#"{"name":7}"#,
        r#"{"name":"a","\u006eame":"a"}"#,
        r#"{"name":"a"}x"#,
    ] {
        assert_eq!(name(text), None, "{text}");
    }
    // Without `Object`, serde accepts the array.
    assert!(from_json::<Named>(r#"["a"]"#).is_some());
}
