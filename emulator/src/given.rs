//! One object of a seed file. Its members are taken one by one, and members that are left at the end are refused, so
//! that a misspelled name does not go unnoticed.
//!
//! A member that is `null` counts as missing.

use std::fmt;

use serde_json::Value;

use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::Object;
use crate::shapes;

pub(crate) struct Given {
    /// The path of the object in the file, for example `consumer.users[0]`. Empty for the file itself.
    path: String,
    members: Object,
}

impl Given {
    /// Returns an error if the value is not an object. A missing object is empty.
    pub(crate) fn new(path: String, value: Option<Value>) -> Result<Self, SeedError> {
        let members = match value {
            None | Some(Value::Null) => Object::new(),
            Some(Value::Object(members)) => members,
            Some(_) => return Err(SeedError::new(path, "must be an object")),
        };
        Ok(Self { path, members })
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.members
            .shift_remove(name)
            .filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, SeedError> {
        self.typed(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, SeedError> {
        self.typed(name, "true or false", Value::as_bool)
    }

    pub(crate) fn time(&mut self, name: &str) -> Result<Option<UnixSeconds>, SeedError> {
        self.typed(name, "a time in RFC 3339 form", |value| {
            value.as_str().and_then(UnixSeconds::parse_rfc3339)
        })
    }

    /// Takes the id of an object: `<prefix>-<test|live>-` and 1 to 100 characters of `[A-Za-z0-9._|-]`. The API draws
    /// UUIDs; readable ids are accepted too, because they make tests easier to read.
    pub(crate) fn id(
        &mut self,
        name: &str,
        prefix: &str,
        ids: &Ids,
    ) -> Result<Option<String>, SeedError> {
        let start = format!("{prefix}-{}-", ids.environment().name());
        let wanted = format!("an id that starts with {start}");
        self.typed(name, &wanted, |value| {
            let rest = value.as_str()?.strip_prefix(&start)?;
            let fits = rest.len() <= 100 && shapes::is_external_id(rest);
            fits.then(|| format!("{start}{rest}"))
        })
    }

    /// Returns the members that have not been taken.
    pub(crate) fn all(&self) -> &Object {
        &self.members
    }

    /// Returns a text without taking it.
    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn put(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
    }

    /// Drops members that the emulator sets itself.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        self.members
            .retain(|name, _| !names.contains(&name.as_str()));
    }

    /// Takes an object. A missing object is empty.
    pub(crate) fn object(&mut self, name: &str) -> Result<Self, SeedError> {
        let path = self.path_of(name);
        Self::new(path, self.take(name))
    }

    /// Takes a list of objects. A missing list is empty.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Self>, SeedError> {
        let path = self.path_of(name);
        let list = self.typed(name, "a list", |value| value.as_array().cloned())?;
        let list = list.unwrap_or_default().into_iter().enumerate();
        list.map(|(index, value)| Self::new(format!("{path}[{index}]"), Some(value)))
            .collect()
    }

    /// Takes members as the fields of an API call.
    pub(crate) fn fields(&mut self, names: &[&str]) -> Fields {
        let taken = names.iter().filter_map(|name| {
            let value = self.take(name)?;
            Some(((*name).to_owned(), value))
        });
        Fields::from(taken.collect::<Object>())
    }

    /// Returns an error if members are left that differ from the default. Members in the API's form that the emulator
    /// does not store are accepted with their default, so that an object of an API response is accepted as it is.
    pub(crate) fn finish(self, default: &Value) -> Result<(), SeedError> {
        let differs = |(name, value): &(&String, &Value)| default.get(name) != Some(value);
        let left = self.members.iter().find(differs);
        match left {
            Some((name, _)) if default.get(name).is_some() => {
                Err(self.refused(name, "cannot be changed by a seed"))
            }
            Some((name, _)) => Err(self.refused(name, "is not a known member")),
            None => Ok(()),
        }
    }

    /// Returns an error that names a member of this object, or the object itself if the name is empty.
    pub(crate) fn refused(&self, name: &str, message: impl Into<String>) -> SeedError {
        SeedError::new(self.path_of(name), message)
    }

    /// Returns the error of the API as an error of this object.
    pub(crate) fn failed(&self, failure: &Failure) -> SeedError {
        SeedError::new(self.path.clone(), failure.summary())
    }

    fn typed<T>(
        &mut self,
        name: &str,
        wanted: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, SeedError> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => match read(&value) {
                Some(read) => Ok(Some(read)),
                None => Err(self.refused(name, format!("must be {wanted}"))),
            },
        }
    }

    fn path_of(&self, name: &str) -> String {
        if name.is_empty() {
            self.path.clone()
        } else if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }
}

/// The reason why a seed is refused: the path of the member in the file, and a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    path: String,
    message: String,
}

impl SeedError {
    pub(crate) fn new(path: String, message: impl Into<String>) -> Self {
        Self {
            path,
            message: message.into(),
        }
    }

    /// The path of the member in the seed, such as `consumer.users[0].email`. Empty if the error concerns the seed as a
    /// whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The message without the path.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, message } = self;
        if path.is_empty() {
            write!(formatter, "{message}")
        } else {
            write!(formatter, "{path}: {message}")
        }
    }
}

impl std::error::Error for SeedError {}
