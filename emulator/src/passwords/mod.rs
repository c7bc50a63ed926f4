//! The passwords of users and members. The emulator keeps only hashes: its own for new passwords, and the hashes of other
//! systems for migrated passwords.
//!
//! Knows users and members only by id. The rules for new passwords are in `strength/`, the hashes that a call can migrate
//! in `migrated.rs`.

mod hash;
mod migrated;
pub(crate) mod strength;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::sessions::Session;
use crate::store::{Record, Store};
pub(crate) use hash::Hash;
pub(crate) use migrated::read as read_migrated;

/// The password of one user or member, or of one email address whose members share it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Password {
    pub(crate) password_id: String,
    /// The id of the user or member. For a password that members share, their email address.
    pub(crate) subject: String,
    pub(crate) hash: Hash,
    /// Whether the password is refused until it is reset. Users have the same field in their own object.
    pub(crate) requires_reset: bool,
}

/// The passwords of a project.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Passwords(Store<Password>);

/// The index of the passwords.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Subject,
}

impl Record for Password {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Subject];

    fn id(&self) -> &str {
        &self.password_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Subject, self.subject.clone())]
    }
}

impl Passwords {
    /// Stores a password. An earlier password of the same subject is dropped.
    pub(crate) fn put(&mut self, password: Password) {
        let id = &password.password_id;
        self.0.remove_all(By::Subject, &password.subject, |known| {
            known.password_id != *id
        });
        self.0.put(password);
    }

    /// Stores the hash of a new password that does not require a reset.
    pub(crate) fn set(&mut self, ids: &mut Ids, password_id: &str, subject: &str, password: &str) {
        self.put(Password {
            password_id: password_id.to_owned(),
            subject: subject.to_owned(),
            hash: Hash::of(password, &ids.salt()),
            requires_reset: false,
        });
    }

    pub(crate) fn get(&self, password_id: &str) -> Option<&Password> {
        self.0.get(password_id)
    }

    /// Returns the password of a user, a member or an email address.
    pub(crate) fn of(&self, subject: &str) -> Option<&Password> {
        self.0.first(By::Subject, subject)
    }

    /// Whether this is the password with this id. If the id is unknown, no password is.
    pub(crate) fn verify(&self, password_id: &str, password: &str) -> bool {
        let known = self.get(password_id);
        known.is_some_and(|known| known.hash.verify(password))
    }

    pub(crate) fn remove(&mut self, password_id: &str) {
        self.0.remove(password_id);
    }

    /// Removes the password of a deleted user or member.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.0.remove_all(By::Subject, subject, |_| true);
    }
}

/// Returns an error unless the session has a password, an email magic link or an email passcode of the last five minutes.
pub(crate) fn admit_session(session: &Session, now: UnixSeconds) -> Result<(), Failure> {
    let is_recent = session.factors.iter().any(|factor| {
        let kind = (factor.r#type(), factor.delivery_method());
        let is_accepted = matches!(
            kind,
            ("password", _) | ("magic_link" | "otp" | "email_otp", "email")
        );
        is_accepted && factor.last_authenticated_at().plus_minutes(RECENT_MINUTES) >= now
    });
    match is_recent {
        true => Ok(()),
        false => Err(errors::SESSION_TOO_OLD_TO_RESET_PASSWORD.failure()),
    }
}

const RECENT_MINUTES: i64 = 5;
