//! Reads members of the body of an API response. Other members are skipped.

use serde_json::value::RawValue;

use crate::jwt::JsonObject;

/// The body of a response, or an object in it.
pub(crate) struct ApiBody<'a>(JsonObject<'a>);

impl<'a> ApiBody<'a> {
    /// Parses a body; returns `None` if it is not a JSON object.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        JsonObject::parse_text(text).ok().map(Self)
    }

    /// Returns the JSON text of a member, or `None` if the member is absent, `null` or duplicate.
    pub(crate) fn member(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.raw(name).ok()?;
        found.filter(|value| value.get() != "null")
    }

    /// Returns a member that is an object.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        Self::read(self.member(name)?.get())
    }

    /// Returns a member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_slice(self.member(name)?.get().as_bytes()).ok()
    }

    /// Returns a member that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        serde_json::from_slice(self.member(name)?.get().as_bytes()).ok()
    }
}
