//! JWK sets (RFC 7517): which key answers to which `kid`, judged by a second reading
//! of the same rules on serde_json, base64ct and the crate `rsa`.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::BigUint;
use serde_json::value::RawValue;
use stytch_edge::jwt::{JsonObject, JwkSet};

/// A set is read as one by both or by neither, and its keys count for the same tokens.
pub fn holds(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let judged = keys(text);
    let set = JwkSet::parse(text);
    assert_eq!(set.is_ok(), judged.is_some());
    let (Ok(set), Some(judged)) = (set, judged) else {
        return;
    };
    let usable: Vec<Option<String>> = judged.into_iter().filter_map(usable).collect();
    assert_eq!(set.find(None).is_ok(), usable.len() == 1, "for no kid");
    for kid in usable.iter().flatten().map(String::as_str).chain(["", "k"]) {
        let answering = usable.iter().filter(|name| name.as_deref() == Some(kid));
        assert_eq!(set.find(Some(kid)).is_ok(), answering.count() == 1, "{kid}");
    }
}

/// The values of `keys`; none if the text is no set or has two such members.
fn keys(text: &str) -> Option<Vec<&RawValue>> {
    let set = unambiguous(text, &["keys"])?;
    serde_json::from_str(set.get("keys")?.get()).ok()
}

/// The name of a key that RS256 may be verified with.
fn usable(key: &RawValue) -> Option<Option<String>> {
    let members = unambiguous(
        key.get(),
        &["kty", "use", "alg", "key_ops", "n", "e", "kid"],
    )?;
    let value = |name| members.get(name).map(|raw: &&RawValue| raw.get());
    // A text with half a surrogate pair is not one.
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
    let meant =
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
    (operations && meant && fits && is_odd(&n) && is_odd(&e)).then_some(kid)
}

/// The members of an object in which none of `names` stands twice.
fn unambiguous<'a>(text: &'a str, names: &[&str]) -> Option<BTreeMap<String, &'a RawValue>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    // serde_json's maps forget duplicates; that ours are counted is target json's to prove.
    let all = JsonObject::parse(text.as_bytes()).ok()?;
    let twice = |name: &&str| all.members().filter(|(other, _)| other == name).count() > 1;
    (!names.iter().any(twice)).then_some(members)
}
