//! The data of a user, and the lookup of users.

use serde::Serialize;
use serde_json::Value;

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::shapes;

/// A user in the JSON form of the API. The empty lists are for features that the emulator does not have.
#[derive(Clone, Serialize)]
pub(crate) struct User {
    pub(crate) user_id: String,
    pub(crate) name: Option<Name>,
    pub(crate) emails: Vec<Email>,
    pub(crate) phone_numbers: Vec<PhoneNumber>,
    pub(crate) status: Status,
    webauthn_registrations: [Value; 0],
    biometric_registrations: [Value; 0],
    providers: [Value; 0],
    totps: [Value; 0],
    pub(crate) crypto_wallets: [Value; 0],
    password: (),
    pub(crate) roles: Vec<String>,
    pub(crate) created_at: UnixSeconds,
    is_locked: bool,
    lock_created_at: (),
    lock_expires_at: (),
    pub(crate) external_id: Option<String>,
    trusted_metadata: Object,
    untrusted_metadata: Object,
}

#[derive(Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    Active,
}

#[derive(Clone, Default, Serialize)]
pub(crate) struct Name {
    pub(crate) first_name: String,
    pub(crate) middle_name: String,
    pub(crate) last_name: String,
}

#[derive(Clone, Serialize)]
pub(crate) struct Email {
    pub(crate) email_id: String,
    pub(crate) email: String,
    pub(crate) verified: bool,
}

#[derive(Clone, Serialize)]
pub(crate) struct PhoneNumber {
    pub(crate) phone_id: String,
    pub(crate) phone_number: String,
    pub(crate) verified: bool,
}

/// All users, in the order of creation.
#[derive(Clone, Default)]
pub(crate) struct Users(Vec<User>);

impl Users {
    pub(crate) fn keep(&mut self, user: User) {
        self.0.push(user);
    }

    pub(crate) fn remove(&mut self, user_id: &str) {
        self.0.retain(|user| user.user_id != user_id);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.0.iter()
    }

    /// Finds a user by id or by external id.
    pub(crate) fn find(&mut self, id: &str) -> Result<&mut User, Failure> {
        if !shapes::is_external_id(id) {
            return Err(errors::INVALID_USER_ID.failure());
        }
        let found = self
            .0
            .iter_mut()
            .find(|user| user.user_id == id || user.external_id.as_deref() == Some(id));
        found.ok_or_else(|| errors::USER_NOT_FOUND.failure())
    }

    pub(crate) fn with_email(&self, address: &str) -> Option<&User> {
        self.0
            .iter()
            .find(|user| user.emails.iter().any(|email| email.email == address))
    }

    pub(crate) fn with_phone_number(&self, number: &str) -> bool {
        self.0.iter().any(|user| {
            user.phone_numbers
                .iter()
                .any(|phone| phone.phone_number == number)
        })
    }

    pub(crate) fn with_external_id(&self, id: &str) -> Option<&User> {
        self.0
            .iter()
            .find(|user| user.external_id.as_deref() == Some(id))
    }
}

impl User {
    pub(crate) fn new(ids: &mut Ids, status: Status, now: UnixSeconds) -> Self {
        Self {
            user_id: ids.id("user"),
            name: None,
            emails: Vec::new(),
            phone_numbers: Vec::new(),
            status,
            webauthn_registrations: [],
            biometric_registrations: [],
            providers: [],
            totps: [],
            crypto_wallets: [],
            password: (),
            roles: vec![DEFAULT_ROLE.into()],
            created_at: now,
            is_locked: false,
            lock_created_at: (),
            lock_expires_at: (),
            external_id: None,
            trusted_metadata: Object::new(),
            untrusted_metadata: Object::new(),
        }
    }

    /// Adds an unverified email address, and returns its id.
    pub(crate) fn add_email(&mut self, ids: &mut Ids, address: String) -> String {
        let email_id = ids.id("email");
        self.emails.push(Email {
            email_id: email_id.clone(),
            email: address,
            verified: false,
        });
        email_id
    }

    pub(crate) fn add_phone_number(&mut self, ids: &mut Ids, number: String) -> String {
        let phone_id = ids.id("phone-number");
        self.phone_numbers.push(PhoneNumber {
            phone_id: phone_id.clone(),
            phone_number: number,
            verified: false,
        });
        phone_id
    }

    /// Applies the fields that create and update have in common. If a field is invalid, the user stays unchanged.
    pub(crate) fn describe(&mut self, fields: &Fields) -> Result<(), Failure> {
        let mut changed = self.clone();
        if let Some(given) = fields.inner("name")? {
            let name = changed.name.get_or_insert_default();
            for (part, stored) in [
                ("first_name", &mut name.first_name),
                ("middle_name", &mut name.middle_name),
                ("last_name", &mut name.last_name),
            ] {
                if let Some(text) = given.text(part)? {
                    text.clone_into(stored);
                }
            }
        }
        if let Some(patch) = fields.object("trusted_metadata")? {
            merge::metadata(&mut changed.trusted_metadata, patch)?;
        }
        if let Some(patch) = fields.object("untrusted_metadata")? {
            merge::metadata(&mut changed.untrusted_metadata, patch)?;
        }
        // The caller checks that the policy has these roles. The policy is not known here.
        if let Some(roles) = fields.texts("roles")? {
            changed.roles = vec![DEFAULT_ROLE.into()];
            changed
                .roles
                .extend(roles.into_iter().filter(|role| role != DEFAULT_ROLE));
        }
        if let Some(id) = external_id(fields)? {
            changed.external_id = Some(id);
        }
        *self = changed;
        Ok(())
    }
}

pub(crate) fn external_id(fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text("external_id")? else {
        return Ok(None);
    };
    if shapes::is_external_id(text) {
        Ok(Some(text.into()))
    } else {
        Err(errors::INVALID_EXTERNAL_ID.failure())
    }
}

/// The role that every user has.
const DEFAULT_ROLE: &str = "stytch_user";
