//! The JSON text of results, written by serde_json for the runtime's own parser.
//!
//! Values that this crate does not read (attributes, factors, custom claims) are copied as the
//! text that they are in the verified payload, so that nothing is lost or reshaped.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::jwt::{JsonObject, Refusal as JwtRefusal};

/// The claims that every token has and that are not among the custom claims of a result.
pub(super) const REGISTERED: [&str; 7] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];

/// Writes a result.
///
/// # Errors
/// [`JwtRefusal::InvalidJson`], which no result of this crate leads to: serde_json fails for maps
/// whose keys are not strings.
pub(super) fn to_json(result: &impl Serialize) -> Result<String, JwtRefusal> {
    let mut json = serde_json::to_string(result).map_err(|_| JwtRefusal::InvalidJson)?;
    // A result may be kept for long, and was written with spare capacity.
    json.shrink_to_fit();
    Ok(json)
}

/// Every member of `claims` that is not in one of the `excluded` lists.
pub(super) struct CustomClaims<'a> {
    pub(super) claims: &'a JsonObject<'a>,
    pub(super) excluded: &'a [&'a [&'a str]],
}

impl Serialize for CustomClaims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_excluded = |name| self.excluded.iter().any(|names| names.contains(&name));
        let custom = self.claims.members().filter(|(name, _)| !is_excluded(name));
        serializer.collect_map(custom)
    }
}

/// An array as it was written; an empty one where it is absent or `null`, because a result
/// always has an array.
pub(super) struct List<'a>(pub(super) Option<&'a RawValue>);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.filter(|list| list.get() != "null") {
            Some(list) => list.serialize(serializer),
            None => serializer.collect_seq([(); 0]),
        }
    }
}
