//! Sessions of another provider, which can be migrated.
//!
//! The API sends the foreign session token to the userinfo URL of the project and receives an email address. The emulator
//! does not do I/O: `POST /_emulator/external_sessions` stores the answers of the userinfo URL.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::shapes;

/// The email address in the userinfo of each foreign session token. `None` if the userinfo has no address.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ExternalSessions(BTreeMap<String, Option<String>>);

impl ExternalSessions {
    /// Reads `session_token` and `email_address`, and stores them. A refusal names the field.
    pub(crate) fn add(&mut self, fields: &Fields) -> Result<(), String> {
        let text = |name: &str| {
            let text = fields.text(name);
            text.map_err(|_| format!("{name} must be a string"))
        };
        let token = text("session_token")?.ok_or("session_token is required")?;
        let address = text("email_address")?.map(str::to_lowercase);
        if address
            .as_deref()
            .is_some_and(|text| !shapes::is_email(text))
        {
            return Err("email_address must be an email address".into());
        }
        self.0.insert(token.to_owned(), address);
        Ok(())
    }

    /// Returns the email address of a foreign session, in lower case.
    pub(crate) fn email_address(&self, token: &str) -> Result<String, Failure> {
        let found = self.0.get(token);
        let found = found.ok_or(&errors::MIGRATE_UNEXPECTED_RESPONSE)?;
        let found = found.as_deref().map(str::to_lowercase);
        found.ok_or_else(|| errors::MIGRATE_MISSING_USERINFO.failure())
    }
}

/// Reads `session_token`, the token of a foreign session.
pub(crate) fn token(fields: &Fields) -> Result<&str, Failure> {
    let token = fields.text("session_token")?;
    Ok(token.ok_or(&errors::NO_SESSION_ARGUMENTS)?)
}
