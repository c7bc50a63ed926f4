//! JSON objects (RFC 8259) read with serde_json, for input that an attacker may have written.
//!
//! [`JsonObject`] keeps the JSON text of every member and parses a value only when a rule reads
//! it. The order of the rules therefore decides which [`Refusal`] a token gets, and a member that
//! no rule reads can have any value. A member that a rule reads must not appear twice: RFC 8259,
//! section 4, leaves the meaning of duplicates open, and parsers differ. serde also refuses
//! duplicates, but reports them as text, and before any rule is checked.
//!
//! [`Object`] is for types with `#[derive(Deserialize)]`, if the caller does not need a reason.
//!
//! serde_json does not recurse into values that it keeps as text or ignores. Nested input
//! therefore cannot exhaust the stack.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use super::Refusal;

/// The members of a JSON object in the order of the text, duplicates included.
pub struct JsonObject<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> JsonObject<'a> {
    /// Parses a JSON text in UTF-8 that consists of one object.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the text is another JSON value, starts with a byte order mark,
    /// continues after the object, or is not valid UTF-8.
    pub fn parse(text: &'a [u8]) -> Result<Self, Refusal> {
        Self::parse_text(str::from_utf8(text).map_err(|_| Refusal::InvalidJson)?)
    }

    /// Parses a JSON text that consists of one object; [`JsonObject::parse`] for a `str`.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the text is not exactly one object.
    pub fn parse_text(text: &'a str) -> Result<Self, Refusal> {
        from_json(text).ok_or(Refusal::InvalidJson)
    }

    /// Parses an object that is the value of a member.
    ///
    /// # Errors
    /// [`Refusal::InvalidClaim`] if the value is not an object.
    pub fn nested(value: &'a RawValue) -> Result<Self, Refusal> {
        read(value).ok_or(Refusal::InvalidClaim)
    }

    /// Returns the JSON text of the member `name`, or `None` if the member is absent.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several members of that name.
    pub fn raw(&self, name: &str) -> Result<Option<&'a RawValue>, Refusal> {
        let mut found = self.members.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Refusal::DuplicateMember),
            (member, None) => Ok(member.map(|(_, value)| *value)),
        }
    }

    /// Returns the value of the member `name`, or `None` if the member is absent.
    ///
    /// In this and the following methods, `null` is a value of another type, not an absent member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several members of that name, `otherwise` if
    /// the value is not a `T`.
    pub fn value<T: Deserialize<'a>>(
        &self,
        name: &str,
        otherwise: Refusal,
    ) -> Result<Option<T>, Refusal> {
        let value = self.raw(name)?;
        value.map(|value| read(value).ok_or(otherwise)).transpose()
    }

    /// Returns the string `name`, or `None` if the member is absent.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several members of that name, `otherwise` if
    /// the value is not a string or contains an unpaired surrogate (RFC 8259, section 8.2).
    pub fn string(&self, name: &str, otherwise: Refusal) -> Result<Option<Cow<'a, str>>, Refusal> {
        let text: Option<Text<'a>> = self.value(name, otherwise)?;
        Ok(text.map(|Text(text)| text))
    }

    /// Returns the number `name`, or `None` if the member is absent.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several members of that name, `otherwise` if
    /// the value is not a number or exceeds the range of `f64`.
    pub fn number(&self, name: &str, otherwise: Refusal) -> Result<Option<f64>, Refusal> {
        self.value(name, otherwise)
    }

    /// Returns the JSON texts of the items of the array `name`, or `None` if the member is absent.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several members of that name, `otherwise` if
    /// the value is not an array.
    pub fn list(
        &self,
        name: &str,
        otherwise: Refusal,
    ) -> Result<Option<Vec<&'a RawValue>>, Refusal> {
        self.value(name, otherwise)
    }

    /// Returns the strings of the array `name`, or `None` if the member is absent.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if the object has several members of that name, `otherwise` if
    /// the value is not an array of strings.
    pub fn strings(&self, name: &str, otherwise: Refusal) -> Result<Option<Vec<String>>, Refusal> {
        self.value(name, otherwise)
    }

    /// Returns the names and JSON texts of all members in the order of the text, duplicates
    /// included.
    pub fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_ref(), *value))
    }
}

/// Parses a whole JSON text; returns `None` if it is not a `T`.
///
/// It parses bytes, because jwt-compact parses headers from bytes: serde_json's parser for `str`
/// would be compiled in addition.
pub fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Parses the JSON text of a value; returns `None` if it is not a `T`.
pub fn read<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    from_json(value.get())
}

/// A JSON string, borrowed unless its text contains escapes.
#[derive(Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// A `T` that is deserialized from a JSON object only.
///
/// `#[derive(Deserialize)]` alone also accepts an array of a struct's fields in order. RFC 7517
/// and the API's documentation do not allow such an array.
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

/// A member that may be absent (with `#[serde(default)]`) but not `null`. serde accepts `null` for
/// an `Option`.
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

/// Writes the number of members, not their names or values.
impl fmt::Debug for JsonObject<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "JsonObject({} members)", self.members.len())
    }
}

#[cfg(test)]
mod tests;
