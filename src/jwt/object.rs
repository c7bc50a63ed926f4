//! JSON objects (RFC 8259) read with serde_json, for input that an attacker may have written.
//!
//! [`JsonObject`] keeps every member as the text that it was written in and reads a value only
//! when a rule asks for it: the order in which rules are checked decides which [`Refusal`] a
//! token gets, and a member that no rule asks for can have any value. A member that a rule asks
//! for must not appear twice (RFC 8259, section 4, leaves the meaning of duplicates open, and
//! readers differ). serde's own refusal of duplicates reports text only, and reports it before
//! any rule was checked.
//!
//! [`Object`] is for types with `#[derive(Deserialize)]` whose caller needs no reason.
//!
//! serde_json does not recurse into values that it keeps as text or ignores, so no depth of
//! nesting can exhaust the stack.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use super::Refusal;

/// The members of a JSON object, in the order of the text, duplicates included.
pub struct JsonObject<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> JsonObject<'a> {
    /// Reads an object from a whole JSON text.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the text is not exactly one object: another JSON value, a
    /// byte order mark, text after the object, invalid UTF-8.
    pub fn parse(text: &'a [u8]) -> Result<Self, Refusal> {
        Self::parse_text(str::from_utf8(text).map_err(|_| Refusal::InvalidJson)?)
    }

    /// The same, where the encoding has been checked.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the text is not exactly one object.
    pub fn parse_text(text: &'a str) -> Result<Self, Refusal> {
        from_json(text).ok_or(Refusal::InvalidJson)
    }

    /// Reads an object that is the value of a member.
    ///
    /// # Errors
    /// [`Refusal::InvalidClaim`] if the value is not an object.
    pub fn nested(value: &'a RawValue) -> Result<Self, Refusal> {
        read(value).ok_or(Refusal::InvalidClaim)
    }

    /// The member called `name`, if the object has one.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several.
    pub fn raw(&self, name: &str) -> Result<Option<&'a RawValue>, Refusal> {
        let mut found = self.members.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Refusal::DuplicateMember),
            (member, None) => Ok(member.map(|(_, value)| *value)),
        }
    }

    /// The value called `name`, if the object has such a member.
    ///
    /// A `null` is not an absent member, here and below: it is a value of another type.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several, `otherwise` if the value is not
    /// a `T`.
    pub fn value<T: Deserialize<'a>>(
        &self,
        name: &str,
        otherwise: Refusal,
    ) -> Result<Option<T>, Refusal> {
        let value = self.raw(name)?;
        value.map(|value| read(value).ok_or(otherwise)).transpose()
    }

    /// The string called `name`, if the object has such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several, `otherwise` if the value is not a
    /// string, or has half of a surrogate pair in it (RFC 8259, section 8.2).
    pub fn string(&self, name: &str, otherwise: Refusal) -> Result<Option<Cow<'a, str>>, Refusal> {
        let text: Option<Text<'a>> = self.value(name, otherwise)?;
        Ok(text.map(|Text(text)| text))
    }

    /// The number called `name`, if the object has such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several, `otherwise` if the value is not a
    /// number or is beyond what an `f64` can hold.
    pub fn number(&self, name: &str, otherwise: Refusal) -> Result<Option<f64>, Refusal> {
        self.value(name, otherwise)
    }

    /// The values of the array called `name`, if the object has such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several, `otherwise` if the value is not
    /// an array.
    pub fn list(
        &self,
        name: &str,
        otherwise: Refusal,
    ) -> Result<Option<Vec<&'a RawValue>>, Refusal> {
        self.value(name, otherwise)
    }

    /// The strings of the array called `name`, if the object has such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several, `otherwise` if the value is not
    /// an array of strings.
    pub fn strings(&self, name: &str, otherwise: Refusal) -> Result<Option<Vec<String>>, Refusal> {
        self.value(name, otherwise)
    }

    /// All members, in the order of the text, duplicates included.
    pub fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_ref(), *value))
    }
}

/// Reads a whole JSON text; `None` if it is not a `T`.
///
/// From bytes, as jwt-compact reads headers: serde_json for strings would be compiled in beside
/// serde_json for bytes.
pub fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Reads a value that was kept as text; `None` if it is not a `T`.
pub fn read<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    from_json(value.get())
}

/// A string, borrowed unless it is written with escapes.
#[derive(Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// A `T` that was read from a JSON object.
///
/// `#[derive(Deserialize)]` alone also accepts an array of a struct's fields in their order,
/// which RFC 7517 and the API's documentation do not.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// A member that may be absent (with `#[serde(default)]`), but not `null`, which serde accepts
/// for an absent `Option`.
pub struct Member<T>(pub Option<T>);

impl<T> Default for Member<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = JsonObject<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Text(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(JsonObject { members })
    }
}

/// Shows the number of members only.
impl fmt::Debug for JsonObject<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "JsonObject({} members)", self.members.len())
    }
}

#[cfg(test)]
mod tests;
