//! The values of members that belong to features which the emulator does not have. Their JSON form is always the same,
//! and any other form is refused.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// `[]`.
pub(crate) type NoItems = [Value; 0];

/// `false`.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Never;

/// `""`.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct NoText;

impl Serialize for Never {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match bool::deserialize(deserializer)? {
            false => Ok(Self),
            true => Err(D::Error::custom("the emulator supports only false")),
        }
    }
}

impl Serialize for NoText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }
}

impl<'de> Deserialize<'de> for NoText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "" => Ok(Self),
            _ => Err(D::Error::custom(
                "the emulator supports only an empty string",
            )),
        }
    }
}
