//! A JSON object whose members are kept as the text they were written in.
//!
//! Knows names and duplicates; the grammar is [`super::json`]'s. A member that
//! somebody asks for decides something, so asking for one that stands there twice
//! is refused (RFC 8259, section 4, leaves the meaning of duplicates open, and
//! attackers live in such openings). Members that nobody asks for are the runtime's
//! own JSON parser's business.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt;

use super::{JsonText, Refusal, json};

/// The members of a JSON object in the order they stand in.
pub struct JsonObject<'a> {
    members: Vec<(Cow<'a, str>, JsonText<'a>)>,
}

impl<'a> JsonObject<'a> {
    /// Reads an object from a whole JSON text.
    ///
    /// # Errors
    /// [`Refusal::InvalidJson`] if the text is anything else: another JSON value, a
    /// byte order mark, text behind the object, invalid UTF-8.
    pub fn parse(text: &'a [u8]) -> Result<Self, Refusal> {
        let text = str::from_utf8(text).map_err(|_| Refusal::InvalidJson)?;
        let members = json::members(text).ok_or(Refusal::InvalidJson)?;
        Ok(Self { members })
    }

    /// Reads an object that is itself the value of a member.
    ///
    /// # Errors
    /// [`Refusal::InvalidClaim`] if the value is not an object.
    pub fn nested(value: JsonText<'a>) -> Result<Self, Refusal> {
        let members = json::members(value.get()).ok_or(Refusal::InvalidClaim)?;
        Ok(Self { members })
    }

    /// The member called `name`, if there is one.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if there are several.
    pub fn raw(&self, name: &str) -> Result<Option<JsonText<'a>>, Refusal> {
        let mut found = self.members.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Refusal::DuplicateMember),
            (member, None) => Ok(member.map(|(_, value)| *value)),
        }
    }

    /// The string called `name`, if there is such a member.
    ///
    /// A `null` is not an absent member, here and below: it is a value, and of the
    /// wrong type.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if there are several, `otherwise` if it is no string.
    pub fn string(&self, name: &str, otherwise: Refusal) -> Result<Option<Cow<'a, str>>, Refusal> {
        let read = |value: JsonText<'a>| value.string().ok_or(otherwise);
        self.raw(name)?.map(read).transpose()
    }

    /// The number called `name`, if there is such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if there are several, `otherwise` if it is no number
    /// or none that a double can hold.
    pub fn number(&self, name: &str, otherwise: Refusal) -> Result<Option<f64>, Refusal> {
        let read = |value: JsonText<'a>| value.number().ok_or(otherwise);
        self.raw(name)?.map(read).transpose()
    }

    /// The values of the array called `name`, if there is such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if there are several, `otherwise` if it is no array.
    pub fn list(
        &self,
        name: &str,
        otherwise: Refusal,
    ) -> Result<Option<Vec<JsonText<'a>>>, Refusal> {
        let read = |value: JsonText<'a>| value.list().ok_or(otherwise);
        self.raw(name)?.map(read).transpose()
    }

    /// The strings of the array called `name`, if there is such a member.
    ///
    /// # Errors
    /// [`Refusal::DuplicateMember`] if there are several, `otherwise` if it is no array or
    /// if a value in it is no string.
    pub fn strings(&self, name: &str, otherwise: Refusal) -> Result<Option<Vec<String>>, Refusal> {
        let Some(values) = self.list(name, otherwise)? else {
            return Ok(None);
        };
        let mut strings = Vec::new();
        for value in values {
            strings.push(value.string().ok_or(otherwise)?.into_owned());
        }
        Ok(Some(strings))
    }

    /// All members, in the order they stand in, duplicates included.
    pub fn members(&self) -> impl Iterator<Item = (&str, JsonText<'a>)> {
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
                Some(Refusal::InvalidJson),
                "{text}"
            );
        }
        assert_eq!(
            JsonObject::parse(b"{\"a\":\"\xff\"}").err(),
            Some(Refusal::InvalidJson)
        );
    }

    #[test]
    fn refuses_a_duplicate_of_what_is_asked_for_and_only_that() {
        let object = JsonObject::parse(br#"{"exp":1,"\u0065xp":2,"x":1,"x":2,"y":3}"#).unwrap();
        assert_eq!(object.raw("exp").err(), Some(Refusal::DuplicateMember));
        assert_eq!(object.number("y", Refusal::InvalidExp), Ok(Some(3.0)));
        assert_eq!(object.members().count(), 5);
    }

    #[test]
    fn takes_null_for_a_value_and_not_for_absence() {
        let object = JsonObject::parse(br#"{"kid":null}"#).unwrap();
        assert_eq!(
            object.string("kid", Refusal::InvalidKid),
            Err(Refusal::InvalidKid)
        );
        assert_eq!(object.string("alg", Refusal::WrongAlgorithm), Ok(None));
    }
}
