//! What the users and the members of a seed can have: passwords, authenticator apps, accounts at OAuth providers, and a
//! lock.
//!
//! Does not know users and members. Secrets are read, but never returned in an error.

use serde_json::{Value, json};

use crate::authenticators::Authenticator;
use crate::clock::UnixSeconds;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::locks::Lock;
use crate::oauth::account::Identity;
use crate::oauth::providers::Provider;
use crate::passwords::{self, Hash};
use crate::product::Product;

/// A password of a seed.
pub(crate) struct SeededPassword {
    /// `None` if the id is random.
    pub(crate) password_id: Option<String>,
    pub(crate) hash: Hash,
    pub(crate) requires_reset: bool,
}

impl SeededPassword {
    /// Takes `password`: the password itself, or an object with the hash of another system, which has the fields of a
    /// migration (`hash`, `hash_type` and the settings of the type). The policy for new passwords does not apply.
    ///
    /// `prefix` starts the id of the password.
    pub(crate) fn take(
        given: &mut Given,
        ids: &mut Ids,
        prefix: &str,
    ) -> Result<Option<Self>, SeedError> {
        match given.take("password") {
            None => Ok(None),
            Some(Value::String(password)) if password.is_empty() => {
                Err(given.refused("password", "must not be empty"))
            }
            Some(Value::String(password)) => Ok(Some(Self {
                password_id: None,
                hash: Hash::of(&password, &ids.salt()),
                requires_reset: false,
            })),
            Some(Value::Object(object)) => {
                given.put("password", object.into());
                Self::of_hash(given.object("password")?, ids, prefix).map(Some)
            }
            Some(_) => Err(given.refused("password", "must be a string or an object")),
        }
    }

    fn of_hash(mut given: Given, ids: &Ids, prefix: &str) -> Result<Self, SeedError> {
        let password_id = given.id("password_id", prefix, ids)?;
        let requires_reset = given.flag("requires_reset")?.unwrap_or_default();
        let fields = given.fields(&HASH);
        if !fields.has("hash") {
            let message =
                "is required: the API does not return passwords, so a seed must contain the hash";
            return Err(given.refused("hash", message));
        }
        let hash = passwords::read_migrated(&fields).map_err(|failure| given.failed(&failure))?;
        given.finish(&json!({}))?;
        Ok(Self {
            password_id,
            hash,
            requires_reset,
        })
    }
}

/// Reads an active authenticator app of a user or member: `totp_id`, `secret` in base32, and `recovery_codes`. Default: a
/// random id and 10 random recovery codes.
pub(crate) fn authenticator(
    mut given: Given,
    ids: &mut Ids,
    subject: &str,
    now: UnixSeconds,
) -> Result<Authenticator, SeedError> {
    let totp_id = given.id("totp_id", "totp", ids)?;
    let secret = given.text("secret")?;
    let secret = secret.ok_or_else(|| given.refused("secret", "is required"))?;
    let recovery_codes = take_recovery_codes(&mut given)?;
    let import = (secret.as_str(), recovery_codes.clone().unwrap_or_default());
    let app = Authenticator::imported(ids, subject, import, now);
    let mut app = app.ok_or_else(|| given.refused("secret", "must be base32"))?;
    if recovery_codes.is_none() {
        app.rotate(ids);
    }
    app.totp_id = totp_id.unwrap_or(app.totp_id);
    given.finish(&json!({ "verified": true }))?;
    Ok(app)
}

fn take_recovery_codes(given: &mut Given) -> Result<Option<Vec<String>>, SeedError> {
    let Some(codes) = given.take("recovery_codes") else {
        return Ok(None);
    };
    let read = |code: &Value| {
        let code = code.as_str().filter(|code| !code.is_empty());
        code.map(str::to_owned)
    };
    let codes = codes.as_array();
    let codes = codes.and_then(|codes| codes.iter().map(read).collect());
    let message = "must be a list of strings that are not empty";
    codes
        .map(Some)
        .ok_or_else(|| given.refused("recovery_codes", message))
}

/// Takes `is_locked`, `lock_created_at` and `lock_expires_at`. By default, the lock starts now and ends in 60 minutes.
pub(crate) fn take_lock(given: &mut Given, now: UnixSeconds) -> Result<Option<Lock>, SeedError> {
    let is_locked = given.flag("is_locked")?.unwrap_or_default();
    let times = [
        given.time("lock_created_at")?,
        given.time("lock_expires_at")?,
    ];
    if !is_locked {
        return match times.iter().any(Option::is_some) {
            true => Err(given.refused("is_locked", "must be true for a lock")),
            false => Ok(None),
        };
    }
    let [created_at, expires_at] = times;
    let mut lock = Lock::starting_at(created_at.unwrap_or(now));
    lock.expires_at = expires_at.unwrap_or(lock.expires_at);
    match lock.expires_at > now {
        true => Ok(Some(lock)),
        false => Err(given.refused("lock_expires_at", "must be in the future")),
    }
}

/// An account at an OAuth provider.
pub(crate) struct SeededAccount {
    pub(crate) provider: &'static Provider,
    pub(crate) subject: String,
    pub(crate) registration_id: String,
    pub(crate) profile_picture_url: String,
    pub(crate) locale: String,
}

impl SeededAccount {
    /// Reads an account in the form of the API. `id_name` is the name of its id. The default of `provider_subject` is the
    /// subject with which the page of the provider logs this email address in.
    pub(crate) fn read(
        mut given: Given,
        ids: &mut Ids,
        (product, id_name): (Product, &str),
        email_address: Option<&str>,
    ) -> Result<Self, SeedError> {
        let drawn = ids.id("oauth-user");
        let id = given.id(id_name, "oauth-user", ids)?;
        let name = given.text("provider_type")?;
        let provider = name.and_then(|name| Provider::of_type(&name, product));
        let provider = provider.ok_or_else(|| {
            let message = "must be a provider type of the API, for example Google";
            given.refused("provider_type", message)
        })?;
        let by_default = || Some(Identity::default_subject(provider.name, email_address?));
        let subject = given.text("provider_subject")?.or_else(by_default);
        let subject = subject.filter(|subject| !subject.is_empty());
        let subject = subject.ok_or_else(|| given.refused("provider_subject", "is required"))?;
        let account = Self {
            provider,
            subject,
            registration_id: id.unwrap_or(drawn),
            profile_picture_url: given.text("profile_picture_url")?.unwrap_or_default(),
            locale: given.text("locale")?.unwrap_or_default(),
        };
        given.finish(&json!({}))?;
        Ok(account)
    }
}

/// The fields of a migrated hash.
const HASH: [&str; 8] = [
    "hash",
    "hash_type",
    "md_5_config",
    "sha_1_config",
    "sha_512_config",
    "argon_2_config",
    "scrypt_config",
    "pbkdf_2_config",
];
