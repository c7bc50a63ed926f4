//! Authenticator apps of users and members, with their recovery codes. A user or member has at most one.
//!
//! An app is pending until its first code. Each code and each recovery code works once.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::qr_code;
use crate::store::{Record, Store};
use crate::totp;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authenticator {
    pub(crate) totp_id: String,
    /// The id of the user or member.
    pub(crate) subject: String,
    /// The secret in base32.
    pub(crate) secret: String,
    /// The unused recovery codes.
    pub(crate) recovery_codes: Vec<String>,
    pub(crate) verified: bool,
    /// The end of the time for the first code.
    expires_at: UnixSeconds,
    /// The steps of the used codes that would still be accepted.
    used_steps: Vec<i64>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Authenticators(Store<Authenticator>);

/// The index of the authenticator apps.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Subject,
}

impl Record for Authenticator {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Subject];

    fn id(&self) -> &str {
        &self.totp_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Subject, self.subject.clone())]
    }
}

impl Authenticators {
    /// Stores an authenticator app. An earlier app of the same user or member is dropped.
    pub(crate) fn put(&mut self, app: Authenticator) {
        self.0.remove_all(By::Subject, &app.subject, |known| {
            known.totp_id != app.totp_id
        });
        self.0.put(app);
    }

    pub(crate) fn of(&self, subject: &str) -> Option<&Authenticator> {
        self.0.first(By::Subject, subject)
    }

    pub(crate) fn remove(&mut self, totp_id: &str) {
        self.0.remove(totp_id);
    }

    /// Removes the app of a deleted user or member.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.0.remove_all(By::Subject, subject, |_| true);
    }
}

impl Authenticator {
    /// Creates a pending app with a random secret and 10 recovery codes.
    pub(crate) fn new(ids: &mut Ids, subject: &str, expires_at: UnixSeconds) -> Self {
        Self {
            totp_id: ids.id("totp"),
            subject: subject.to_owned(),
            secret: totp::to_base32(&ids.totp_secret()),
            recovery_codes: recovery_codes(ids),
            verified: false,
            expires_at,
            used_steps: Vec::new(),
        }
    }

    /// Returns an active app with a secret from another system, or `None` if the secret is not base32.
    pub(crate) fn imported(
        ids: &mut Ids,
        subject: &str,
        (secret, recovery_codes): (&str, Vec<String>),
        now: UnixSeconds,
    ) -> Option<Self> {
        let secret = totp::to_base32(&totp::from_base32(secret)?);
        Some(Self {
            secret,
            recovery_codes,
            verified: true,
            ..Self::new(ids, subject, now)
        })
    }

    /// Whether the time for the first code has passed.
    pub(crate) fn has_expired(&self, now: UnixSeconds) -> bool {
        !self.verified && self.expires_at <= now
    }

    /// Returns the app after the use of a code, which makes it active.
    pub(crate) fn after_code(&self, code: &str, now: UnixSeconds) -> Result<Self, Failure> {
        if self.has_expired(now) {
            return Err(errors::EXPIRED_TOTP.failure());
        }
        let secret = totp::from_base32(&self.secret).unwrap_or_default();
        let mut steps = totp::steps(&secret, code, now).peekable();
        if steps.peek().is_none() {
            return Err(errors::UNABLE_TO_AUTHENTICATE_TOTP.failure());
        }
        let unused = steps.find(|step| !self.used_steps.contains(step));
        let step = unused.ok_or(&errors::TOTP_CODE_ALREADY_AUTHENTICATED)?;
        let mut used = self.clone();
        used.verified = true;
        used.used_steps.push(step);
        let superfluous = used.used_steps.len().saturating_sub(MAX_USED_STEPS);
        used.used_steps.drain(..superfluous);
        Ok(used)
    }

    /// Returns the app after the use of a recovery code.
    pub(crate) fn after_recovery(&self, code: &str) -> Result<Self, Failure> {
        if !self.verified {
            return Err(errors::NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR.failure());
        }
        let mut used = self.clone();
        used.recovery_codes.retain(|known| known != code);
        if used.recovery_codes.len() == self.recovery_codes.len() {
            let row = match is_totp_code(code) {
                true => &errors::TOTP_CODE_USED_AS_RECOVERY_CODE,
                false => &errors::UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
            };
            return Err(row.failure());
        }
        Ok(used)
    }

    /// Replaces the recovery codes.
    pub(crate) fn rotate(&mut self, ids: &mut Ids) {
        self.recovery_codes = recovery_codes(ids);
    }

    /// Returns the `secret`, the `qr_code` and the `recovery_codes` of a new app. `account` is the name that the app
    /// displays.
    pub(crate) fn enrolment(&self, account: &str) -> Value {
        let account = utf8_percent_encode(account, NON_ALPHANUMERIC);
        let url = format!(
            "otpauth://totp/{ISSUER}:{account}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30",
            self.secret
        );
        json!({
            "secret": self.secret,
            "qr_code": qr_code::data_uri(&url),
            "recovery_codes": self.recovery_codes,
        })
    }
}

/// Reads the code of an app: six digits.
pub(crate) fn read_code<'a>(fields: &'a Fields, name: &str) -> Result<&'a str, Failure> {
    let code = fields.text(name)?.ok_or(&errors::INVALID_TOTP_CODE)?;
    if is_totp_code(code) {
        return Ok(code);
    }
    let is_recovery_code = code.len() == 14 && code.split('-').all(|group| group.len() == 4);
    let row = match is_recovery_code {
        true => &errors::RECOVERY_CODE_USED_AS_TOTP_CODE,
        false => &errors::INVALID_TOTP_CODE,
    };
    Err(row.failure())
}

/// Reads `recovery_code`. Imported codes can have any form.
pub(crate) fn read_recovery_code(fields: &Fields) -> Result<&str, Failure> {
    let code = fields.text("recovery_code")?;
    Ok(code.ok_or(&errors::INVALID_RECOVERY_CODE)?)
}

/// Reads `expiration_minutes`, the time for the first code.
pub(crate) fn read_minutes(fields: &Fields, default: i64) -> Result<i64, Failure> {
    let minutes = fields
        .whole_number("expiration_minutes")?
        .unwrap_or(default);
    if (5..=1440).contains(&minutes) {
        Ok(minutes)
    } else {
        Err(errors::INVALID_EXPIRATION.with_message("The expiration must be 5 to 1440 minutes."))
    }
}

fn recovery_codes(ids: &mut Ids) -> Vec<String> {
    (0..10).map(|_| ids.recovery_code()).collect()
}

fn is_totp_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of the account's provider in the app.
const ISSUER: &str = "Stytch%20emulator";
/// A code is accepted in three steps, so older steps do not matter. The rest is for tests that set the clock back.
const MAX_USED_STEPS: usize = 16;
