//! Writes the JSON text that the runtime's own parser makes into a caller's result.
//!
//! Knows JSON only. Values that nobody here judges are copied in as they stand.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::jwt::{JsonObject, JsonText, quoted};

/// Writes one JSON object, member by member.
pub(super) struct ObjectWriter(String);

impl ObjectWriter {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    pub(super) fn raw(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quoted(name));
        self.0.push(':');
        self.0.push_str(json);
    }

    pub(super) fn copied(&mut self, name: &str, value: Option<JsonText<'_>>) {
        if let Some(value) = value {
            self.raw(name, value.get());
        }
    }

    pub(super) fn string(&mut self, name: &str, text: &str) {
        self.raw(name, &quoted(text));
    }

    /// An array of strings.
    pub(super) fn strings<'s>(&mut self, name: &str, texts: impl Iterator<Item = &'s str>) {
        let texts: Vec<String> = texts.map(quoted).collect();
        self.raw(name, &["[", &texts.join(","), "]"].concat());
    }

    /// An object of every member of `claims` that is not in one of the `taken` lists.
    pub(super) fn rest(&mut self, name: &str, claims: &JsonObject<'_>, taken: &[&[&str]]) {
        let mut rest = Self::new();
        for (name, value) in claims.members() {
            if !taken.iter().any(|names| names.contains(&name)) {
                rest.raw(name, value.get());
            }
        }
        self.raw(name, &rest.finish());
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// The claims that every token has and that callers do not get among their own.
pub(super) const REGISTERED: [&str; 7] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];
