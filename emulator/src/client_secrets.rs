//! The secrets of an OAuth 2.0 client, and their rotation: from its start until its end, two secrets are valid.
//!
//! M2M clients and confidential Connected Apps have secrets. Does not know where a secret comes from.

use serde::{Deserialize, Serialize};

use crate::errors::{ErrorRow, Failure};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientSecrets {
    pub(crate) client_secret: String,
    /// The second secret during a rotation.
    #[serde(default)]
    pub(crate) next_client_secret: Option<String>,
}

/// A step of a rotation.
pub(crate) enum Rotation {
    /// This second secret becomes valid, too.
    Start(String),
    /// The second secret replaces the first.
    Finish,
    /// The second secret becomes invalid.
    Cancel,
}

/// The errors of steps that do not fit the state of the client.
pub(crate) struct RotationErrors {
    pub(crate) already_rotating: &'static ErrorRow,
    pub(crate) not_rotating: &'static ErrorRow,
}

impl ClientSecrets {
    pub(crate) fn new(client_secret: String) -> Self {
        Self {
            client_secret,
            next_client_secret: None,
        }
    }

    /// Whether the secret is valid. During a rotation, both secrets are valid.
    pub(crate) fn has(&self, secret: &str) -> bool {
        self.client_secret == secret || self.next_client_secret.as_deref() == Some(secret)
    }

    /// Does a step of a rotation. If the step is refused, the secrets stay unchanged.
    pub(crate) fn rotate(
        &mut self,
        step: Rotation,
        errors: &RotationErrors,
    ) -> Result<(), Failure> {
        match step {
            Rotation::Start(_) if self.next_client_secret.is_some() => {
                return Err(errors.already_rotating.failure());
            }
            Rotation::Start(next) => self.next_client_secret = Some(next),
            Rotation::Finish => {
                self.client_secret = self.next_client_secret.take().ok_or(errors.not_rotating)?;
            }
            Rotation::Cancel => {
                self.next_client_secret.take().ok_or(errors.not_rotating)?;
            }
        }
        Ok(())
    }

    /// Returns the last four characters of the first secret.
    pub(crate) fn last_four(&self) -> String {
        last_four(&self.client_secret)
    }

    /// Returns the last four characters of the second secret.
    pub(crate) fn next_last_four(&self) -> Option<String> {
        self.next_client_secret.as_deref().map(last_four)
    }
}

fn last_four(secret: &str) -> String {
    let before = secret.chars().count().saturating_sub(4);
    secret.chars().skip(before).collect()
}
