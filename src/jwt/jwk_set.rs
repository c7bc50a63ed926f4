//! A JWK set (RFC 7517, section 5), as far as it can verify RS256.
//!
//! Does not fetch and does not cache. A key that is weak, malformed or meant for
//! something else is passed over without harming the others in the set.

use alloc::{
    borrow::{Cow, ToOwned},
    boxed::Box,
    string::String,
    vec::Vec,
};

use super::{JsonObject, JsonText, Refusal, base64url};
use crate::crypto::RsaPublicKey;

/// The usable keys of a set, and the names of the others.
#[derive(Debug, Clone, Default)]
pub struct JwkSet {
    text: String,
    /// By `kid`; none where the key of that name may not judge.
    keys: Vec<(Option<String>, Option<Box<RsaPublicKey>>)>,
}

/// The text is no JWK set: not a JSON object with a `keys` array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwkSetUnreadable;

impl JwkSet {
    /// Reads a set as the API serves it; members beside `keys` are ignored.
    ///
    /// # Errors
    /// [`JwkSetUnreadable`] if the text is something else. A set without a usable
    /// key is one: that is how keys are withdrawn.
    pub fn parse(text: &str) -> Result<Self, JwkSetUnreadable> {
        let set = JsonObject::parse(text.as_bytes()).map_err(|_| JwkSetUnreadable)?;
        // Each key stays raw at first, so that a malformed one fails alone.
        let keys = set
            .list("keys", Refusal::InvalidJson)
            .map_err(|_| JwkSetUnreadable)?
            .ok_or(JwkSetUnreadable)?;
        Ok(Self {
            text: text.to_owned(),
            keys: keys.into_iter().filter_map(named_key).collect(),
        })
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key with this `kid`; for a token without one, the only key of the set.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::UnusableKey`] if there is none;
    /// [`Refusal::DuplicateKid`] or [`Refusal::MissingKid`] if several would do: two
    /// keys under one `kid` let whoever can add the second decide, so neither counts.
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

/// A member of the set by its name; none if it has no readable one and is no key.
fn named_key(text: JsonText<'_>) -> Option<(Option<String>, Option<Box<RsaPublicKey>>)> {
    let jwk = JsonObject::nested(text).ok()?;
    match (text_of(&jwk, "kid"), usable_key(&jwk)) {
        (Some(kid), key) if kid.is_some() || key.is_some() => Some((kid.map(Cow::into_owned), key)),
        _ => None,
    }
}

/// A key that RS256 may be verified with; `None` for any other (RFC 7517, section 4;
/// RFC 7518, section 6.3).
fn usable_key(jwk: &JsonObject<'_>) -> Option<Box<RsaPublicKey>> {
    let says =
        |name, expected| text_of(jwk, name).map(|text| text.is_none_or(|text| text == expected));
    let key_ops = jwk.strings("key_ops", Refusal::InvalidJson).ok()?;
    let meant_for_this = text_of(jwk, "kty")?? == "RSA"
        && says("use", "sig")?
        && says("alg", "RS256")?
        && key_ops.is_none_or(|ops| ops.iter().any(|op| op == "verify"));
    if !meant_for_this {
        return None;
    }
    let number = |name| base64url::decode(&text_of(jwk, name)??);
    let key = RsaPublicKey::new(&number("n")?, &number("e")?);
    key.ok().map(Box::new)
}

/// A member that is a string or absent; `None` if it is anything else.
fn text_of<'a>(jwk: &JsonObject<'a>, name: &str) -> Option<Option<Cow<'a, str>>> {
    jwk.string(name, Refusal::InvalidJson).ok()
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
    fn takes_the_only_key_for_a_token_without_kid_and_refuses_to_choose() {
        assert!(set(&[jwk("a", "")]).find(None).is_ok());
        assert_eq!(
            set(&[jwk("a", ""), jwk("b", "")]).find(None).err(),
            Some(Refusal::MissingKid)
        );
    }

    #[test]
    fn lets_neither_of_two_keys_under_one_kid_count() {
        assert_eq!(
            set(&[jwk("a", ""), jwk("a", "")]).find(Some("a")).err(),
            Some(Refusal::DuplicateKid)
        );
    }

    #[test]
    fn passes_over_keys_for_other_purposes_and_broken_ones() {
        let others = [
            jwk("enc", r#","use":"enc""#),
            jwk("ps", r#","alg":"PS256""#),
            jwk("sign", r#","key_ops":["sign"]"#),
            r#"{"kty":"EC","kid":"ec","crv":"P-256","x":"AA","y":"AA"}"#.to_owned(),
            r#"{"kty":"RSA","kid":"weak","n":"AQAB","e":"AQAB"}"#.to_owned(),
            r#"{"kty":"RSA","kid":7,"n":"AQAB","e":"AQAB"}"#.to_owned(),
            "7".to_owned(),
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
        assert!(
            set.find(None).is_ok(),
            "the good key should be the only one"
        );
    }

    #[test]
    fn refuses_what_is_no_set() {
        for text in ["", "[]", "{}", r#"{"keys":7}"#, "<html>"] {
            assert_eq!(JwkSet::parse(text).err(), Some(JwkSetUnreadable), "{text}");
        }
    }
}
