//! Writes the JSON text that the runtime's own parser makes into a caller's result.
//!
//! Knows JSON only. Values that nobody here judges are copied in as they stand.

use alloc::string::String;

use crate::jwt::{JsonObject, JsonText, write_quoted};

/// Writes one JSON object, member by member.
pub(super) struct ObjectWriter(String);

impl ObjectWriter {
    pub(super) fn new() -> Self {
        let mut json = String::with_capacity(USUAL_LENGTH);
        json.push('{');
        Self(json)
    }

    pub(super) fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    pub(super) fn copied(&mut self, name: &str, value: Option<JsonText<'_>>) {
        if let Some(value) = value {
            self.raw(name, value.get());
        }
    }

    pub(super) fn string(&mut self, name: &str, text: &str) {
        self.name(name);
        write_quoted(&mut self.0, text);
    }

    /// An array of strings.
    pub(super) fn strings(&mut self, name: &str, texts: &mut dyn Iterator<Item = &str>) {
        self.name(name);
        self.0.push('[');
        for text in texts {
            self.comma(b'[');
            write_quoted(&mut self.0, text);
        }
        self.0.push(']');
    }

    /// An object of every member of `claims` that is not in one of the `taken` lists.
    pub(super) fn rest(&mut self, name: &str, claims: &JsonObject<'_>, taken: &[&[&str]]) {
        self.raw(name, "{");
        for (name, value) in claims.members() {
            if !taken.iter().any(|names| names.contains(&name)) {
                self.raw(name, value.get());
            }
        }
        self.0.push('}');
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        self.comma(b'{');
        write_quoted(&mut self.0, name);
        self.0.push(':');
    }

    /// No value ends with the bracket that opens what it is in.
    fn comma(&mut self, open: u8) {
        if self.0.as_bytes().last() != Some(&open) {
            self.0.push(',');
        }
    }
}

/// A session with one factor has about 700 bytes.
const USUAL_LENGTH: usize = 1024;

/// The claims that every token has and that callers do not get among their own.
pub(super) const REGISTERED: [&str; 7] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];
