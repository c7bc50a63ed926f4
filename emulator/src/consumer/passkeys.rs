//! The WebAuthn credentials of users, and the challenges of ceremonies that are not complete. A challenge works once and
//! for five minutes.

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::store::{Record, Store};

/// A credential. Binary values are base64url without padding.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passkey {
    pub(crate) webauthn_registration_id: String,
    pub(crate) user_id: String,
    pub(crate) domain: String,
    pub(crate) credential_id: String,
    /// The key in the form of COSE.
    pub(crate) public_key: String,
    pub(crate) sign_count: u32,
    /// The user's id in the authenticator.
    pub(crate) user_handle: String,
}

/// A challenge. The value is base64url without padding.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Challenge {
    pub(crate) challenge: String,
    pub(crate) purpose: Purpose,
    /// The user, or `None` for a log-in with any passkey of the domain.
    pub(crate) user_id: Option<String>,
    pub(crate) domain: String,
    pub(crate) expires_at: UnixSeconds,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Purpose {
    Registration {
        user_agent: String,
        authenticator_type: String,
        user_handle: String,
    },
    LogIn,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passkeys {
    credentials: Store<Passkey>,
    challenges: Store<Challenge>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Credential,
    User,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ChallengesBy {
    User,
}

impl Record for Passkey {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[By::Credential];

    fn id(&self) -> &str {
        &self.webauthn_registration_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![
            (By::Credential, self.credential_id.clone()),
            (By::User, self.user_id.clone()),
        ]
    }
}

impl Record for Challenge {
    type Index = ChallengesBy;
    type Stored = Self;
    const UNIQUE: &'static [ChallengesBy] = &[];

    fn id(&self) -> &str {
        &self.challenge
    }

    fn keys(&self) -> Vec<(ChallengesBy, String)> {
        let user_id = self.user_id.clone();
        user_id
            .into_iter()
            .map(|id| (ChallengesBy::User, id))
            .collect()
    }
}

impl Passkeys {
    /// Stores a challenge, and drops expired challenges.
    pub(crate) fn begin(&mut self, challenge: Challenge, now: UnixSeconds) {
        let expired = self
            .challenges
            .iter()
            .filter(|known| known.expires_at <= now);
        let expired: Vec<String> = expired.map(|known| known.challenge.clone()).collect();
        for id in expired {
            self.challenges.remove(&id);
        }
        self.challenges.put(challenge);
    }

    /// Returns a challenge that has neither been answered nor expired.
    pub(crate) fn pending(&self, challenge: &str, now: UnixSeconds) -> Option<&Challenge> {
        let known = self.challenges.get(challenge);
        known.filter(|known| now < known.expires_at)
    }

    /// Removes an answered challenge.
    pub(crate) fn finish(&mut self, challenge: &str) {
        self.challenges.remove(challenge);
    }

    pub(crate) fn put(&mut self, passkey: Passkey) {
        self.credentials.put(passkey);
    }

    pub(crate) fn with_credential(&self, credential_id: &str) -> Option<&Passkey> {
        self.credentials.first(By::Credential, credential_id)
    }

    /// Returns the passkeys of a user for a domain, oldest first.
    pub(crate) fn of<'a>(
        &'a self,
        user_id: &str,
        domain: &'a str,
    ) -> impl Iterator<Item = &'a Passkey> {
        let passkeys = self.credentials.all(By::User, user_id);
        passkeys.filter(move |passkey| passkey.domain == domain)
    }

    pub(crate) fn remove(&mut self, webauthn_registration_id: &str) {
        self.credentials.remove(webauthn_registration_id);
    }

    /// Removes the passkeys and challenges of a deleted user.
    pub(crate) fn forget(&mut self, user_id: &str) {
        self.credentials.remove_all(By::User, user_id, |_| true);
        self.challenges
            .remove_all(ChallengesBy::User, user_id, |_| true);
    }
}
