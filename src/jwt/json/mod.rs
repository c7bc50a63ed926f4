//! JSON (RFC 8259) read in place: where a value ends, and what a string, a number
//! or an array says.
//!
//! Builds no tree and judges nothing but the grammar. Our own, because a library's
//! reader is several times this size in the package (it explains to people what is
//! wrong with a text, and a visitor hears no more than "no"); serde_json judges it
//! in the tests. No depth of nesting can exhaust the stack: nothing here recurses.

use alloc::{borrow::Cow, vec::Vec};

mod reader;
use reader::Reader;

mod string;
pub use string::write_quoted;

mod number;

/// One value of a JSON text as it is written there, grammatical and without white
/// space around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct JsonText<'a>(&'a str);

impl<'a> JsonText<'a> {
    /// The text itself, escapes and all.
    #[must_use]
    pub fn get(self) -> &'a str {
        self.0
    }

    /// What it says, if it is a string. Half a surrogate pair is no text
    /// (RFC 8259, section 8.2) and makes it none.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        string::read(self.0)
    }

    /// What it says, if it is a number that a double can hold.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        number::read(self.0)
    }

    /// Its values, if it is an array.
    pub(super) fn list(self) -> Option<Vec<JsonText<'a>>> {
        Reader::new(self.0).sequence(*b"[]", Reader::value)
    }
}

/// Names and values of the object that `text` is, as a whole.
pub(super) fn members(text: &str) -> Option<Vec<(Cow<'_, str>, JsonText<'_>)>> {
    Reader::new(text).sequence(*b"{}", |reader| {
        let name = reader.name()?.string()?;
        Some((name, reader.value()?))
    })
}

#[cfg(test)]
mod tests;
