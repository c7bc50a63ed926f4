//! The messages that wallets must sign. A wallet has at most one, which works once and for five minutes.

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::store::{Record, Store};
use crate::wallets::siwe::SiweParams;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalletChallenge {
    /// The address in its canonical form.
    pub(crate) address: String,
    pub(crate) user_id: String,
    pub(crate) message: String,
    pub(crate) siwe_params: Option<SiweParams>,
    pub(crate) expires_at: UnixSeconds,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct WalletChallenges(Store<WalletChallenge>);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    User,
}

impl Record for WalletChallenge {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.address
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::User, self.user_id.clone())]
    }
}

impl WalletChallenges {
    pub(crate) fn put(&mut self, challenge: WalletChallenge) {
        self.0.put(challenge);
    }

    /// Returns the challenge of a wallet. It can have expired.
    pub(crate) fn of(&self, address: &str) -> Option<&WalletChallenge> {
        self.0.get(address)
    }

    /// Removes a signed challenge.
    pub(crate) fn finish(&mut self, address: &str) {
        self.0.remove(address);
    }

    /// Removes the challenges of a deleted user.
    pub(crate) fn forget(&mut self, user_id: &str) {
        self.0.remove_all(By::User, user_id, |_| true);
    }
}
