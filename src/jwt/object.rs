//! A JSON object whose members are kept as the text they were written in.
//!
//! Knows JSON only. A member that somebody asks for decides something, so asking
//! for one that stands there twice is refused (RFC 8259, section 4, leaves the
//! meaning of duplicates open, and attackers live in such openings). Members that
//! nobody asks for are the runtime's own JSON parser's business.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Refusal;

/// The members of a JSON object in the order they stand in.
pub struct JsonObject<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> JsonObject<'a> {
    /// Reads an object from a whole JSON text.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if the text is anything else: another JSON value, a
    /// byte order mark, text behind the object, invalid UTF-8.
    pub fn parse(text: &'a [u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(text).map_err(|_| Refusal::Malformed)
    }

    /// Reads an object that is itself the value of a member.
    ///
    /// # Errors
    /// [`Refusal::MissingClaim`] if the value is not an object.
    pub fn nested(value: &'a RawValue) -> Result<Self, Refusal> {
        serde_json::from_slice(value.get().as_bytes()).map_err(|_| Refusal::MissingClaim)
    }

    /// The member called `name`, if there is one.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if there are several.
    pub fn raw(&self, name: &str) -> Result<Option<&'a RawValue>, Refusal> {
        let mut found = self.members.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Refusal::Malformed),
            (member, None) => Ok(member.map(|(_, value)| *value)),
        }
    }

    /// The string called `name`, if there is such a member.
    ///
    /// A `null` is not an absent member, here and below: it is a value, and of the
    /// wrong type.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if there are several, `otherwise` if it is no string.
    pub fn string(&self, name: &str, otherwise: Refusal) -> Result<Option<String>, Refusal> {
        self.raw(name)?
            .map(|value| string(value, otherwise))
            .transpose()
    }

    /// The number called `name`, if there is such a member.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if there are several, `otherwise` if it is no number
    /// or none that a double can hold.
    pub fn number(&self, name: &str, otherwise: Refusal) -> Result<Option<f64>, Refusal> {
        let read = |value: &RawValue| {
            serde_json::from_slice(value.get().as_bytes()).map_err(|_| otherwise)
        };
        self.raw(name)?.map(read).transpose()
    }

    /// The values of the array called `name`, if there is such a member.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if there are several, `otherwise` if it is no array.
    pub fn list(
        &self,
        name: &str,
        otherwise: Refusal,
    ) -> Result<Option<Vec<&'a RawValue>>, Refusal> {
        self.raw(name)?
            .map(|value| list(value, otherwise))
            .transpose()
    }

    /// The strings of the array called `name`, if there is such a member.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] if there are several, `otherwise` if it is no array or
    /// if a value in it is no string.
    pub fn strings(&self, name: &str, otherwise: Refusal) -> Result<Option<Vec<String>>, Refusal> {
        let values = self.list(name, otherwise)?;
        values
            .map(|values| {
                values
                    .into_iter()
                    .map(|value| string(value, otherwise))
                    .collect()
            })
            .transpose()
    }

    /// All members, in the order they stand in, duplicates included.
    pub fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_ref(), *value))
    }
}

/// Shows how many members there are, and nothing of what they say.
impl fmt::Debug for JsonObject<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "JsonObject({} members)", self.members.len())
    }
}

// One instance of the parser for each type that is read, whoever reads it, and all
// of them over bytes: the wasm would otherwise hold copies for every caller, and a
// second set over strings.

#[inline(never)]
fn string(value: &RawValue, otherwise: Refusal) -> Result<String, Refusal> {
    serde_json::from_slice(value.get().as_bytes()).map_err(|_| otherwise)
}

#[inline(never)]
fn list(value: &RawValue, otherwise: Refusal) -> Result<Vec<&RawValue>, Refusal> {
    serde_json::from_slice(value.get().as_bytes()).map_err(|_| otherwise)
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = JsonObject<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(BorrowedKey(name)) = map.next_key()? {
            members.push((name, map.next_value()?));
        }
        Ok(JsonObject { members })
    }
}

/// A key as it stands in the text, or a copy where it is written with escapes:
/// `"\u0061lg"` is `alg`, and must be seen as a duplicate of it.
#[derive(serde::Deserialize)]
struct BorrowedKey<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_one_whole_object() {
        for text in [
            "",
            "[]",
            "1",
            "\"a\"",
            "null",
            "{} {}",
            "{}x",
            "{\"a\":1,}",
            "\u{feff}{}",
        ] {
            assert_eq!(
                JsonObject::parse(text.as_bytes()).err(),
                Some(Refusal::Malformed),
                "{text}"
            );
        }
        assert_eq!(
            JsonObject::parse(b"{\"a\":\"\xff\"}").err(),
            Some(Refusal::Malformed)
        );
    }

    #[test]
    fn refuses_a_duplicate_of_what_is_asked_for_and_only_that() {
        let object = JsonObject::parse(br#"{"exp":1,"\u0065xp":2,"x":1,"x":2,"y":3}"#).unwrap();
        assert_eq!(object.raw("exp").err(), Some(Refusal::Malformed));
        assert_eq!(object.number("y", Refusal::MissingClaim), Ok(Some(3.0)));
        assert_eq!(object.members().count(), 5);
    }

    #[test]
    fn takes_null_for_a_value_and_not_for_absence() {
        let object = JsonObject::parse(br#"{"kid":null}"#).unwrap();
        assert_eq!(
            object.string("kid", Refusal::MissingClaim),
            Err(Refusal::MissingClaim)
        );
        assert_eq!(object.string("alg", Refusal::MissingClaim), Ok(None));
    }
}
