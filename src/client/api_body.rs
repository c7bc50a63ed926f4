//! The body of an API response, as far as flows read it. All that is not asked for is skipped.

use serde_json::value::RawValue;

use crate::jwt::JsonObject;

/// A response's body, or an object in it.
pub(crate) struct ApiBody<'a>(JsonObject<'a>);

impl<'a> ApiBody<'a> {
    /// Reads a body; nothing if it is not a JSON object.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        JsonObject::parse_text(text).ok().map(Self)
    }

    /// A member; nothing if it is absent, null, or there twice.
    pub(crate) fn member(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.raw(name).ok()?;
        found.filter(|value| value.get() != "null")
    }

    /// A member that is an object.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        Self::read(self.member(name)?.get())
    }

    /// A member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_slice(self.member(name)?.get().as_bytes()).ok()
    }

    /// A member that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        serde_json::from_slice(self.member(name)?.get().as_bytes()).ok()
    }
}
