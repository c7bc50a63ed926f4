//! JWK sets (RFC 7517): the key that is found for a `kid`, compared with a second
//! implementation of the same rules that uses serde_json, base64ct and the crate `rsa`.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::BigUint;
use serde_json::value::RawValue;
use stytch_edge::jwt::{JsonObject, JwkSet};

/// Both implementations accept the same texts as sets, and find keys for the same `kid`s.
pub fn holds(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let expected = keys(text);
    let set = JwkSet::parse(text);
    assert_eq!(set.is_ok(), expected.is_some());
    let (Ok(set), Some(expected)) = (set, expected) else {
        return;
    };
    let usable: Vec<Option<String>> = expected.into_iter().filter_map(usable).collect();
    assert_eq!(set.find(None).is_ok(), usable.len() == 1, "without a kid");
    for kid in usable.iter().flatten().map(String::as_str).chain(["", "k"]) {
        let matching = usable.iter().filter(|name| name.as_deref() == Some(kid));
        assert_eq!(set.find(Some(kid)).is_ok(), matching.count() == 1, "{kid}");
    }
}

/// The elements of `keys`. `None` if the text is not a set or has two members `keys`.
fn keys(text: &str) -> Option<Vec<&RawValue>> {
    let set = unambiguous(text, &["keys"])?;
    serde_json::from_str(set.get("keys")?.get()).ok()
}

/// The `kid` of a key that may verify RS256. `None` if the key may not.
fn usable(key: &RawValue) -> Option<Option<String>> {
    let members = unambiguous(
        key.get(),
        &["kty", "use", "alg", "key_ops", "n", "e", "kid"],
    )?;
    let value = |name| members.get(name).map(|raw: &&RawValue| raw.get());
    // A string with half a surrogate pair is rejected.
    let text = |name| match value(name) {
        None => Some(None),
        Some(json) => serde_json::from_str::<String>(json).ok().map(Some),
    };
    let operations = match value("key_ops") {
        None => true,
        Some(json) => serde_json::from_str::<Vec<String>>(json)
            .ok()?
            .contains(&"verify".into()),
    };
    let is_or_absent =
        |name, expected: &str| text(name).map(|text| text.is_none_or(|text| text == expected));
    let is_for_rs256 =
        text("kty")?? == "RSA" && is_or_absent("use", "sig")? && is_or_absent("alg", "RS256")?;
    let number = |name| {
        Some(BigUint::from_bytes_be(
            &Base64UrlUnpadded::decode_vec(&text(name)??).ok()?,
        ))
    };
    let (n, e) = (number("n")?, number("e")?);
    let is_odd = |number: &BigUint| {
        number
            .to_bytes_le()
            .first()
            .is_some_and(|byte| byte % 2 == 1)
    };
    let fits = (2048..=4096).contains(&n.bits()) && e.bits() <= 32 && e >= BigUint::from(3u8);
    let kid = text("kid")?;
    (operations && is_for_rs256 && fits && is_odd(&n) && is_odd(&e)).then_some(kid)
}

/// The members of an object. `None` if one of `names` occurs twice.
fn unambiguous<'a>(text: &'a str, names: &[&str]) -> Option<BTreeMap<String, &'a RawValue>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    // serde_json's maps drop duplicates. The target `json` checks that `JsonObject` keeps them.
    let all = JsonObject::parse(text.as_bytes()).ok()?;
    let twice = |name: &&str| all.members().filter(|(other, _)| other == name).count() > 1;
    (!names.iter().any(twice)).then_some(members)
}
