//! One option of a call, as JSON text of TypeScript, and the errors that name the option.
//!
//! TypeScript writes `[null]` for a value that JSON would omit or change. The readers here refuse it.

use serde::Deserialize;
use serde_json::value::RawValue;
use stytch_edge::{client::ClientError, jwt::JsonObject};

/// An option, or a field of one.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    /// For a field: the name of its option and a dot.
    of: &'static str,
    name: &'static str,
    text: Option<&'a RawValue>,
}

impl<'a> Given<'a> {
    /// The member of an object with this name. Absent if there is no object.
    pub(crate) fn of(object: Option<&JsonObject<'a>>, name: &'static str) -> Self {
        let text = object.and_then(|object| object.raw(name).ok()?);
        Self { of: "", name, text }
    }

    /// The text, even if it is null.
    #[cfg(feature = "api")]
    pub(crate) fn text(self) -> Option<&'a RawValue> {
        self.text
    }

    /// The text of a value. Null counts as absent.
    pub(crate) fn value(self) -> Option<&'a RawValue> {
        self.text.filter(|text| text.get() != "null")
    }

    /// A text.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` that says what is `accepted`; here and below.
    pub(crate) fn string(self, accepted: &str) -> Result<Option<String>, ClientError> {
        self.checked(self.value().map(read), accepted)
    }

    /// A list of texts.
    #[cfg(feature = "api")]
    pub(crate) fn strings(self) -> Result<Option<Vec<String>>, ClientError> {
        self.checked(self.value().map(read), STRINGS)
    }

    /// A finite number.
    pub(crate) fn number(self, accepted: &str) -> Result<Option<f64>, ClientError> {
        self.checked(self.value().map(read), accepted)
    }

    /// A number that is not negative.
    pub(crate) fn seconds(self) -> Result<Option<f64>, ClientError> {
        let accepted = "a number of at least 0";
        match self.number(accepted)? {
            Some(seconds) if seconds < 0.0 => Err(self.must_be(accepted)),
            seconds => Ok(seconds),
        }
    }

    /// A boolean. Default: `false`.
    #[cfg(feature = "api")]
    pub(crate) fn flag(self) -> Result<bool, ClientError> {
        let flag = self.checked(self.value().map(read), "a boolean")?;
        Ok(flag.unwrap_or_default())
    }

    /// The name with that of its option.
    #[cfg(feature = "api")]
    pub(crate) fn full_name(self) -> String {
        [self.of, self.name].concat()
    }

    /// The value of a word.
    pub(crate) fn word<T>(
        self,
        meaning: fn(&str) -> Option<T>,
        accepted: &str,
    ) -> Result<Option<T>, ClientError> {
        let word = self.string(accepted)?;
        self.checked(word.map(|word| meaning(&word)), accepted)
    }

    /// The members of an object. `None` if it is absent or null.
    pub(crate) fn members(self, accepted: &str) -> Result<Option<JsonObject<'a>>, ClientError> {
        let members = self.value().map(|value| JsonObject::nested(value).ok());
        self.checked(members, accepted)
    }

    /// The text of a value that the API reads.
    pub(crate) fn number_text(self) -> Result<Option<Box<RawValue>>, ClientError> {
        self.number("a finite number")?;
        Ok(self.value().map(ToOwned::to_owned))
    }

    /// The text of an object that the API reads.
    #[cfg(feature = "api")]
    pub(crate) fn object_text(self) -> Result<Option<Box<RawValue>>, ClientError> {
        self.members("an object")?;
        Ok(self.value().map(ToOwned::to_owned))
    }

    /// Refuses a value of another type.
    fn checked<T>(
        self,
        value: Option<Option<T>>,
        accepted: &str,
    ) -> Result<Option<T>, ClientError> {
        match value {
            Some(None) => Err(self.must_be(accepted)),
            Some(value) => Ok(value),
            None => Ok(None),
        }
    }

    /// The error for another value.
    pub(crate) fn must_be(self, accepted: &str) -> ClientError {
        ClientError::invalid_argument([self.of, self.name, " must be ", accepted].concat())
    }
}

/// A field of an option, which `api/options.yaml` has to list.
pub(crate) fn field<'a>(
    of: &'static str,
    object: &JsonObject<'a>,
    name: &'static str,
) -> Given<'a> {
    Given {
        of,
        ..Given::of(Some(object), name)
    }
}

/// A value; `None` if it is of another type.
pub(crate) fn read<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    serde_json::from_slice(value.get().as_bytes()).ok()
}

#[cfg(feature = "api")]
pub(crate) const STRINGS: &str = "a list of strings";
