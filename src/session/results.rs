//! Writes results as JSON text, which the runtime's own parser reads.
//!
//! Values that this crate does not read (attributes, authentication factors, custom claims) are
//! copied from the verified payload as text, so that they remain unchanged.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::jwt::{JsonObject, Refusal as JwtRefusal};

/// The registered claims, which are not among the custom claims of a result.
pub(super) const REGISTERED: [&str; 7] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];

/// Writes a result as JSON text.
///
/// # Errors
/// [`JwtRefusal::InvalidJson`] if serde_json fails. The results of this crate cannot cause that:
/// serde_json fails for maps whose keys are not strings.
pub(super) fn to_json(result: &impl Serialize) -> Result<String, JwtRefusal> {
    let mut json = serde_json::to_string(result).map_err(|_| JwtRefusal::InvalidJson)?;
    // The cache of verified tokens may keep a result for a long time.
    json.shrink_to_fit();
    Ok(json)
}

/// The members of `claims` whose names are not in one of the `excluded` lists.
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

/// The JSON text of an array. If the array is absent or `null`, an empty array is written, because
/// a result always has an array.
pub(super) struct List<'a>(pub(super) Option<&'a RawValue>);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.filter(|list| list.get() != "null") {
            Some(list) => list.serialize(serializer),
            None => serializer.collect_seq([(); 0]),
        }
    }
}
