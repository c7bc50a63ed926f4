//! Merges metadata and custom claims of a call into the stored ones: metadata at the top level only, custom claims at
//! all levels.

use serde_json::{Map, Value};

use crate::errors::{self, Failure};

/// A JSON object that keeps the order of its members.
pub(crate) type Object = Map<String, Value>;

/// Returns the members of a value that is known to be a JSON object.
pub(crate) fn object(value: Value) -> Object {
    if let Value::Object(object) = value {
        object
    } else {
        Object::new()
    }
}

/// The largest size of metadata, and of custom claims, in bytes of JSON.
const MAX_BYTES: usize = 4096;
const MAX_METADATA_KEYS: usize = 20;

/// Replaces the stored value of each key in `patch`; `null` deletes the key. Nested values are replaced, not merged.
pub(crate) fn metadata(stored: &mut Object, patch: &Object) -> Result<(), Failure> {
    let mut merged = stored.clone();
    for (key, value) in patch {
        put_or_remove(&mut merged, key, value.clone());
    }
    if merged.len() > MAX_METADATA_KEYS {
        return Err(errors::METADATA_TOO_MANY_KEYS.failure());
    }
    if bytes_of(&merged) > MAX_BYTES {
        return Err(errors::METADATA_TOO_LARGE.failure());
    }
    *stored = merged;
    Ok(())
}

/// Merges custom claims into those of a session.
///
/// The seven registered names are ignored, as the API documents. Names that start with `https://stytch.com/` are
/// refused: Stytch's own claims have such names, and a caller that could set them could impersonate any user.
pub(crate) fn custom_claims(stored: &mut Object, patch: &Object) -> Result<(), Failure> {
    let mut merged = stored.clone();
    for (key, value) in patch {
        if key.starts_with("https://stytch.com/") {
            return Err(errors::STYTCH_CLAIMS_IN_CUSTOM_CLAIMS.failure());
        }
        if !REGISTERED_CLAIMS.contains(&key.as_str()) {
            merge_member(&mut merged, key, value);
        }
    }
    if bytes_of(&merged) > MAX_BYTES {
        return Err(errors::CUSTOM_CLAIMS_TOO_LARGE.failure());
    }
    *stored = merged;
    Ok(())
}

/// JSON Merge Patch (RFC 7396): objects are merged, `null` deletes, and any other value replaces.
pub(crate) fn merge_patch(target: &mut Object, patch: &Object) {
    for (key, value) in patch {
        merge_member(target, key, value);
    }
}

fn merge_member(target: &mut Object, key: &str, value: &Value) {
    let Value::Object(patch) = value else {
        return put_or_remove(target, key, value.clone());
    };
    let entry = target
        .entry(key)
        .or_insert_with(|| Value::Object(Map::new()));
    if !entry.is_object() {
        *entry = Value::Object(Map::new());
    }
    if let Value::Object(inner) = entry {
        merge_patch(inner, patch);
    }
}

fn put_or_remove(target: &mut Object, key: &str, value: Value) {
    match value {
        // `shift_remove` keeps the order of the other members. `remove` would move the last member into the gap.
        Value::Null => drop(target.shift_remove(key)),
        value => drop(target.insert(key.to_owned(), value)),
    }
}

fn bytes_of(object: &Object) -> usize {
    serde_json::to_string(object).map_or(0, |text| text.len())
}

/// The names of claims that a caller cannot choose (RFC 7519, section 4.1).
pub(crate) const REGISTERED_CLAIMS: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn merges_custom_claims_at_all_levels_and_null_deletes() {
        let mut stored = object(json!({"a": {"x": 1, "y": 2}, "b": 1}));
        custom_claims(
            &mut stored,
            &object(json!({"a": {"y": null, "z": 3}, "b": {"c": null}, "sub": "me"})),
        )
        .unwrap();
        assert_eq!(
            Value::Object(stored),
            json!({"a": {"x": 1, "z": 3}, "b": {}})
        );
    }

    #[test]
    fn replaces_nested_values_of_metadata() {
        let mut stored = object(json!({"a": {"x": 1}, "b": 1}));
        metadata(&mut stored, &object(json!({"a": {"y": 2}, "b": null}))).unwrap();
        assert_eq!(Value::Object(stored), json!({"a": {"y": 2}}));
    }

    #[test]
    fn refuses_data_that_grows_too_large_and_keeps_the_stored_data() {
        let mut stored = object(json!({"a": 1}));
        let large = object(json!({"b": "x".repeat(MAX_BYTES)}));
        assert_eq!(
            metadata(&mut stored, &large).unwrap_err().error_type(),
            "metadata_too_large"
        );
        assert_eq!(
            custom_claims(&mut stored, &large).unwrap_err().error_type(),
            "custom_claims_too_large"
        );
        assert_eq!(Value::Object(stored), json!({"a": 1}));
    }
}
