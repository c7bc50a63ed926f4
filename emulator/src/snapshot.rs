//! Snapshots: the complete state of an emulator as JSON, and back. After a restore, the emulator returns the same bytes
//! as the emulator of the snapshot.
//!
//! A snapshot contains the credentials, both projects with their private keys, the random number generator, the outbox
//! and the clock. It does not contain the request log and the faults: a restore does not change them.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::control::clock::Clock;
use crate::credentials::{Settings, SetupError};
use crate::state::State;

/// The content of a snapshot. It is written from references and read into owned values.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot<A = Settings, B = State> {
    version: u64,
    pub(crate) settings: A,
    pub(crate) clock: Clock,
    pub(crate) state: B,
}

impl<'a> Snapshot<&'a Settings, &'a State> {
    pub(crate) fn new(settings: &'a Settings, clock: Clock, state: &'a State) -> Self {
        Self {
            version: VERSION,
            settings,
            clock,
            state,
        }
    }

    /// Writes the snapshot.
    pub(crate) fn write(&self) -> String {
        // Every type of the state has a JSON form, and all keys of objects are strings.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Snapshot {
    /// Reads and validates a snapshot.
    pub(crate) fn read(text: &str) -> Result<Self, RestoreError> {
        let value: Value = serde_json::from_str(text).map_err(|error| RestoreError::NotJson {
            reason: error.to_string(),
        })?;
        if value.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return Err(RestoreError::Version);
        }
        let snapshot: Self =
            serde_path_to_error::deserialize(value).map_err(|error| RestoreError::Malformed {
                path: error.path().to_string(),
                reason: without_values(&error.inner().to_string()),
            })?;
        let Self {
            settings, state, ..
        } = &snapshot;
        settings.validate().map_err(RestoreError::Settings)?;
        let projects = [
            (&settings.consumer, &state.projects.consumer.project),
            (&settings.b2b, &state.projects.b2b.project),
        ];
        for (credentials, project) in projects {
            if credentials.project_id != project.id {
                return Err(RestoreError::ProjectId);
            }
        }
        Ok(snapshot)
    }
}

/// Removes the quoted text from a message of `serde`: it is a value of the snapshot, which can be a secret.
fn without_values(message: &str) -> String {
    match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            let (before, rest) = message.split_at(first);
            let after = rest.get(last - first + 1..).unwrap_or_default();
            format!("{}{after}", before.trim_end())
        }
        _ => message.to_owned(),
    }
}

/// The reason why a snapshot cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestoreError {
    /// The text is not JSON.
    NotJson {
        /// The error of the parser, with its line and column.
        reason: String,
    },
    /// The text is not a snapshot, or a snapshot of another version of the emulator.
    Version,
    /// A member of the snapshot is malformed.
    Malformed {
        /// The path of the member, such as `state.projects.consumer.users[0].emails`.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The credentials of the projects are invalid.
    Settings(SetupError),
    /// The credentials and the data of a project have different project ids.
    ProjectId,
}

impl fmt::Display for RestoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { reason } => write!(formatter, "the snapshot is not JSON: {reason}"),
            Self::Version => write!(formatter, "the member version must be {VERSION}"),
            Self::Malformed { path, reason } => {
                write!(formatter, "the snapshot is malformed at {path}: {reason}")
            }
            Self::Settings(error) => write!(formatter, "the settings are invalid: {error}"),
            Self::ProjectId => formatter
                .write_str("the project ids in settings and in state.projects must be equal"),
        }
    }
}

impl std::error::Error for RestoreError {}

const VERSION: u64 = 1;
