//! A JWK set (RFC 7517, section 5), reduced to the keys that can verify RS256.
//!
//! This module does not fetch and does not cache. A key that is weak, malformed or meant for
//! another use is unusable; the other keys of the set remain usable.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{JsonObject, Refusal, base64url};
use crate::crypto::RsaPublicKey;

/// The usable keys of a JWK set, and the `kid`s of the unusable ones.
#[derive(Debug, Clone, Default)]
pub struct JwkSet {
    text: String,
    /// Each `kid` with its key; `None` if the key with that `kid` is unusable.
    keys: Vec<(Option<String>, Option<Box<RsaPublicKey>>)>,
}

/// The error for a text that is not a JWK set: a JSON object with a `keys` array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwkSetUnreadable;

impl JwkSet {
    /// Parses the JSON text of a JWK set; members other than `keys` are ignored.
    ///
    /// A set without a usable key is accepted: the API withdraws keys in this way.
    ///
    /// # Errors
    /// [`JwkSetUnreadable`] if the text is not a JSON object with a `keys` array.
    pub fn parse(text: &str) -> Result<Self, JwkSetUnreadable> {
        let set = JsonObject::parse_text(text).map_err(|_| JwkSetUnreadable)?;
        // Keys remain text at first, so that a malformed key affects no other key.
        let keys = set.list("keys", Refusal::InvalidJson);
        let keys = keys.ok().flatten().ok_or(JwkSetUnreadable)?;
        Ok(Self {
            text: text.to_owned(),
            keys: keys.into_iter().filter_map(named_key).collect(),
        })
    }

    /// Returns the JSON text that the set was parsed from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the `kid` of each usable key.
    pub fn usable_kids(&self) -> impl Iterator<Item = Option<&str>> {
        let usable = self.keys.iter().filter(|(_, key)| key.is_some());
        usable.map(|(kid, _)| kid.as_deref())
    }

    /// Returns the key with this `kid`. If `kid` is `None`, returns the only usable key of the set.
    ///
    /// # Errors
    /// - [`Refusal::UnknownKey`] if the set has no such key.
    /// - [`Refusal::UnusableKey`] if the key cannot verify RS256.
    /// - [`Refusal::DuplicateKid`] if several usable keys have this `kid`. Otherwise an attacker
    ///   who can add a second key could choose which one is used.
    /// - [`Refusal::MissingKid`] if `kid` is `None` and the set has several usable keys.
    pub fn find(&self, kid: Option<&str>) -> Result<&RsaPublicKey, Refusal> {
        let mut found = Err(Refusal::UnknownKey);
        for (name, key) in &self.keys {
            if kid.is_some() && name.as_deref() != kid {
                continue;
            }
            found = match (key, found) {
                (None, Err(_)) => Err(Refusal::UnusableKey),
                (Some(key), Err(_)) => Ok(key.as_ref()),
                (None, Ok(key)) => Ok(key),
                (Some(_), Ok(_)) if kid.is_some() => return Err(Refusal::DuplicateKid),
                (Some(_), Ok(_)) => return Err(Refusal::MissingKid),
            };
        }
        found
    }
}

/// Parses a key of the set and its `kid`; returns `None` if it has neither a readable `kid` nor a
/// usable key. The `kid` of an unusable key matters: `unusable_key` is final, `unknown_key` triggers
/// a request.
fn named_key(jwk: &RawValue) -> Option<(Option<String>, Option<Box<RsaPublicKey>>)> {
    let jwk = JsonObject::nested(jwk).ok()?;
    let kid = jwk.string("kid", Refusal::InvalidKid).ok()?;
    let kid = kid.map(Cow::into_owned);
    let key = usable_key(&jwk);
    (kid.is_some() || key.is_some()).then_some((kid, key))
}

/// Returns the key if it can verify RS256. These members decide (RFC 7517, section 4; RFC 7518,
/// section 6.3); a key in which one of them appears twice is unusable.
fn usable_key(jwk: &JsonObject<'_>) -> Option<Box<RsaPublicKey>> {
    let text = |name| jwk.string(name, Refusal::UnusableKey).ok();
    let is_or_absent =
        |name, expected| text(name).is_some_and(|text| text.is_none_or(|text| text == expected));
    let operations = jwk.strings("key_ops", Refusal::UnusableKey).ok()?;
    let meant_for_this = text("kty")?? == "RSA"
        && is_or_absent("use", "sig")
        && is_or_absent("alg", "RS256")
        && operations.is_none_or(|all| all.iter().any(|one| one == "verify"));
    if !meant_for_this {
        return None;
    }
    let key = RsaPublicKey::new(
        &base64url::decode(&text("n")??)?,
        &base64url::decode(&text("e")??)?,
    );
    key.ok().map(Box::new)
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    fn jwk(kid: &str, more: &str) -> String {
        let n = Base64UrlUnpadded::encode_string(&[0xff; 256]);
        format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"AQAB"{more}}}"#)
    }

    fn set(keys: &[String]) -> JwkSet {
        JwkSet::parse(&format!(
            r#"{{"keys":[{}],"status_code":200}}"#,
            keys.join(",")
        ))
        .unwrap()
    }

    #[test]
    fn finds_a_key_by_its_kid() {
        let set = set(&[
            jwk("a", ""),
            jwk("b", r#","use":"sig","alg":"RS256","key_ops":["verify"]"#),
        ]);
        assert!(set.find(Some("a")).is_ok());
        assert!(set.find(Some("b")).is_ok());
        assert_eq!(set.find(Some("c")).err(), Some(Refusal::UnknownKey));
        assert_eq!(set.find(Some("")).err(), Some(Refusal::UnknownKey));
    }

    #[test]
    fn uses_the_only_key_for_a_token_without_kid_and_refuses_one_of_several() {
        assert!(set(&[jwk("a", "")]).find(None).is_ok());
        assert_eq!(
            set(&[jwk("a", ""), jwk("b", "")]).find(None).err(),
            Some(Refusal::MissingKid)
        );
    }

    #[test]
    fn uses_neither_of_two_keys_with_the_same_kid() {
        assert_eq!(
            set(&[jwk("a", ""), jwk("a", "")]).find(Some("a")).err(),
            Some(Refusal::DuplicateKid)
        );
    }

    #[test]
    fn skips_malformed_keys_and_keys_for_other_uses() {
        let n = Base64UrlUnpadded::encode_string(&[0xff; 256]);
        let others = [
            jwk("enc", r#","use":"enc""#),
            jwk("ps", r#","alg":"PS256""#),
            jwk("sign", r#","key_ops":["sign"]"#),
            r#"{"kty":"EC","kid":"ec","crv":"P-256","x":"AA","y":"AA"}"#.to_owned(),
            r#"{"kty":"RSA","kid":"weak","n":"AQAB","e":"AQAB"}"#.to_owned(),
            r#"{"kty":"RSA","kid":7,"n":"AQAB","e":"AQAB"}"#.to_owned(),
            "7".to_owned(),
            // serde alone would also accept an array for a struct.
            format!(r#"["RSA","sig","RS256",["verify"],"{n}","AQAB"]"#),
            r#"["array"]"#.to_owned(),
            jwk("good", ""),
        ];
        let set = set(&others);
        assert!(set.find(Some("good")).is_ok());
        for unusable in ["enc", "ps", "sign", "ec", "weak"] {
            assert_eq!(
                set.find(Some(unusable)).err(),
                Some(Refusal::UnusableKey),
                "{unusable}"
            );
        }
        let array = set.find(Some("array"));
        assert_eq!(array.err(), Some(Refusal::UnknownKey));
        assert!(
            set.find(None).is_ok(),
            "the usable key should be the only one"
        );
    }

    #[test]
    fn refuses_a_text_that_is_not_a_jwk_set() {
        let array = format!("[[{}]]", jwk("a", ""));
        for text in [
            "",
            "[]",
            "{}",
            r#"{"keys":7}"#,
            r#"{"keys":null}"#,
            r#"{"keys":[],"\u006beys":[]}"#,
            r#"{"keys":[]}x"#,
            "<html>",
            // serde alone would also accept an array for a struct.
            &array,
        ] {
            assert_eq!(JwkSet::parse(text).err(), Some(JwkSetUnreadable), "{text}");
        }
    }
}
