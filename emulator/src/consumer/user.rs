//! The data of a user, and the lookup of users.
//!
//! The JSON form of a user is read from snapshots too. Only ids and times are required; other missing members have their
//! default values.

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::locks::Lock;
use crate::merge::{self, Object};
use crate::shapes;
use crate::store::{Change, Record, Store};

/// A user in the JSON form of the API.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) user_id: String,
    #[serde(default)]
    pub(crate) name: Option<Name>,
    #[serde(default)]
    pub(crate) emails: Vec<Email>,
    #[serde(default)]
    pub(crate) phone_numbers: Vec<PhoneNumber>,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) webauthn_registrations: Vec<WebauthnRegistration>,
    #[serde(default)]
    pub(crate) biometric_registrations: Vec<BiometricRegistration>,
    #[serde(default)]
    pub(crate) providers: Vec<OauthProvider>,
    #[serde(default)]
    pub(crate) totps: Vec<Totp>,
    #[serde(default)]
    pub(crate) crypto_wallets: Vec<CryptoWallet>,
    #[serde(default)]
    pub(crate) password: Option<Password>,
    #[serde(default = "default_roles")]
    pub(crate) roles: Vec<String>,
    pub(crate) created_at: UnixSeconds,
    #[serde(default)]
    pub(crate) is_locked: bool,
    #[serde(default)]
    pub(crate) lock_created_at: Option<UnixSeconds>,
    #[serde(default)]
    pub(crate) lock_expires_at: Option<UnixSeconds>,
    #[serde(default)]
    pub(crate) external_id: Option<String>,
    #[serde(default)]
    trusted_metadata: Object,
    #[serde(default)]
    untrusted_metadata: Object,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    #[default]
    Active,
}

impl Status {
    /// Reads `create_user_as_pending`.
    pub(crate) fn of_new_user(fields: &Fields) -> Result<Self, Failure> {
        let pending = fields.flag("create_user_as_pending")?.unwrap_or_default();
        Ok(if pending { Self::Pending } else { Self::Active })
    }
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Name {
    pub(crate) first_name: String,
    pub(crate) middle_name: String,
    pub(crate) last_name: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Email {
    pub(crate) email_id: String,
    pub(crate) email: String,
    #[serde(default)]
    pub(crate) verified: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneNumber {
    pub(crate) phone_id: String,
    pub(crate) phone_number: String,
    #[serde(default)]
    pub(crate) verified: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebauthnRegistration {
    pub(crate) webauthn_registration_id: String,
    pub(crate) domain: String,
    pub(crate) user_agent: String,
    pub(crate) verified: bool,
    pub(crate) authenticator_type: String,
    pub(crate) name: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BiometricRegistration {
    pub(crate) biometric_registration_id: String,
    pub(crate) verified: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OauthProvider {
    pub(crate) provider_type: String,
    pub(crate) provider_subject: String,
    pub(crate) profile_picture_url: String,
    pub(crate) locale: String,
    pub(crate) oauth_user_registration_id: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Totp {
    pub(crate) totp_id: String,
    pub(crate) verified: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CryptoWallet {
    pub(crate) crypto_wallet_id: String,
    pub(crate) crypto_wallet_address: String,
    pub(crate) crypto_wallet_type: String,
    pub(crate) verified: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Password {
    pub(crate) password_id: String,
    pub(crate) requires_reset: bool,
}

/// All users, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Users(Store<User>);

/// The indexes of the users.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Email,
    PhoneNumber,
    ExternalId,
    /// The id or the external id.
    AnyId,
    /// The id of an email address, a phone number or another factor.
    Factor,
    /// The address of a crypto wallet. Several users can have an unverified wallet.
    Wallet,
    /// An account at an OAuth provider.
    Account,
}

impl Record for User {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Email, By::PhoneNumber, By::ExternalId];
    const OBJECT_TYPE: Option<&'static str> = Some("user");

    fn id(&self) -> &str {
        &self.user_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        let emails = self.emails.iter().map(|email| (By::Email, &email.email));
        let phones = self.phone_numbers.iter();
        let phones = phones.map(|phone| (By::PhoneNumber, &phone.phone_number));
        let external = self.external_id.iter();
        let external = external.flat_map(|id| [(By::ExternalId, id), (By::AnyId, id)]);
        let factors = self.factor_ids().map(|id| (By::Factor, id));
        let wallets = self.crypto_wallets.iter();
        let wallets = wallets.map(|wallet| (By::Wallet, &wallet.crypto_wallet_address));
        let keys = wallets
            .chain(emails)
            .chain(phones)
            .chain(external)
            .chain(factors);
        let keys = keys.chain([(By::AnyId, &self.user_id)]);
        let accounts = self.providers.iter().map(OauthProvider::key);
        keys.map(|(index, key)| (index, key.clone()))
            .chain(accounts.map(|key| (By::Account, key)))
            .collect()
    }
}

impl Users {
    /// Stores a new user, or replaces the user with the same id.
    pub(crate) fn put(&mut self, user: User) {
        self.0.put(user);
    }

    pub(crate) fn remove(&mut self, user_id: &str) {
        self.0.remove(user_id);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.0.iter()
    }

    /// Finds a user by id or by external id.
    pub(crate) fn find(&self, id: &str) -> Result<&User, Failure> {
        if !shapes::is_external_id(id) {
            return Err(errors::INVALID_USER_ID.failure());
        }
        let found = self.0.first(By::AnyId, id);
        found.ok_or_else(|| errors::USER_NOT_FOUND.failure())
    }

    pub(crate) fn with_email(&self, address: &str) -> Option<&User> {
        self.0.first(By::Email, address)
    }

    pub(crate) fn with_phone_number(&self, number: &str) -> Option<&User> {
        self.0.first(By::PhoneNumber, number)
    }

    /// Finds the user who has verified a crypto wallet, or else the first user who has it.
    pub(crate) fn with_wallet(&self, address: &str) -> Option<&User> {
        let has_verified = |user: &&User| {
            let mut wallets = user.crypto_wallets.iter();
            wallets.any(|wallet| wallet.verified && wallet.crypto_wallet_address == address)
        };
        let mut users = self.0.all(By::Wallet, address);
        users
            .find(has_verified)
            .or_else(|| self.0.first(By::Wallet, address))
    }

    /// Finds a user by the id of a factor.
    pub(crate) fn with_factor(&self, factor_id: &str) -> Option<&User> {
        self.0.first(By::Factor, factor_id)
    }

    /// Finds the user to whom an account at an OAuth provider belongs.
    pub(crate) fn with_account(&self, provider_type: &str, subject: &str) -> Option<&User> {
        self.0
            .first(By::Account, account_key(provider_type, subject))
    }

    /// Returns an error if another user has an email address, a phone number or the external id of this user.
    pub(crate) fn validate_unique(&self, user: &User) -> Result<(), Failure> {
        match self.0.collision(user) {
            None | Some(By::AnyId | By::Factor | By::Wallet | By::Account) => Ok(()),
            Some(By::Email) => Err(errors::DUPLICATE_EMAIL.failure()),
            Some(By::PhoneNumber) => Err(errors::DUPLICATE_PHONE_NUMBER.failure()),
            Some(By::ExternalId) => Err(errors::DUPLICATE_USER_EXTERNAL_ID.failure()),
        }
    }

    pub(crate) fn with_external_id(&self, id: &str) -> Option<&User> {
        self.0.first(By::ExternalId, id)
    }

    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        self.0.take_changes()
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
            webauthn_registrations: Vec::new(),
            biometric_registrations: Vec::new(),
            providers: Vec::new(),
            totps: Vec::new(),
            crypto_wallets: Vec::new(),
            password: None,
            roles: default_roles(),
            created_at: now,
            is_locked: false,
            lock_created_at: None,
            lock_expires_at: None,
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

    /// Marks the email address or phone number with this id as verified.
    pub(crate) fn verify(&mut self, method_id: &str) {
        for email in &mut self.emails {
            email.verified |= email.email_id == method_id;
        }
        for phone in &mut self.phone_numbers {
            phone.verified |= phone.phone_id == method_id;
        }
    }

    /// Whether the user has the email address or phone number with this id.
    pub(crate) fn has_method(&self, method_id: &str) -> bool {
        let has_email = self.emails.iter().any(|email| email.email_id == method_id);
        let mut phones = self.phone_numbers.iter();
        has_email || phones.any(|phone| phone.phone_id == method_id)
    }

    /// Sets or removes the lock.
    pub(crate) fn set_lock(&mut self, lock: Option<Lock>) {
        self.is_locked = lock.is_some();
        self.lock_created_at = lock.map(|lock| lock.created_at);
        self.lock_expires_at = lock.map(|lock| lock.expires_at);
    }

    /// Returns the ids of all factors.
    pub(crate) fn factor_ids(&self) -> impl Iterator<Item = &String> {
        let emails = self.emails.iter().map(|email| &email.email_id);
        let phones = self.phone_numbers.iter().map(|phone| &phone.phone_id);
        let passkeys = self.webauthn_registrations.iter();
        let biometrics = self.biometric_registrations.iter();
        let providers = self.providers.iter();
        let wallets = self.crypto_wallets.iter();
        emails
            .chain(phones)
            .chain(passkeys.map(|passkey| &passkey.webauthn_registration_id))
            .chain(biometrics.map(|biometric| &biometric.biometric_registration_id))
            .chain(providers.map(|provider| &provider.oauth_user_registration_id))
            .chain(self.totps.iter().map(|totp| &totp.totp_id))
            .chain(wallets.map(|wallet| &wallet.crypto_wallet_id))
            .chain(self.password.iter().map(|password| &password.password_id))
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
            changed.roles = default_roles();
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

impl OauthProvider {
    pub(crate) fn is_account(&self, provider_type: &str, subject: &str) -> bool {
        self.provider_type == provider_type && self.provider_subject == subject
    }

    fn key(&self) -> String {
        account_key(&self.provider_type, &self.provider_subject)
    }
}

fn account_key(provider_type: &str, subject: &str) -> String {
    format!("{provider_type} {subject}")
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

fn default_roles() -> Vec<String> {
    vec![DEFAULT_ROLE.into()]
}

/// The role that every user has.
const DEFAULT_ROLE: &str = "stytch_user";
