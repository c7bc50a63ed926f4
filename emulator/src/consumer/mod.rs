//! The consumer product: users, their links and their sessions.

pub(crate) mod crypto_wallets;
pub(crate) mod factors;
pub(crate) mod idp;
pub(crate) mod impersonation;
pub(crate) mod invites;
pub(crate) mod log_in;
pub(crate) mod magic_links;
pub(crate) mod oauth;
pub(crate) mod otps;
mod passcodes;
mod passkeys;
pub(crate) mod password_migration;
pub(crate) mod password_resets;
pub(crate) mod passwords;
mod provisional;
mod recipients;
pub(crate) mod search;
pub(crate) mod seeded;
mod seeded_passkeys;
pub(crate) mod selected;
pub(crate) mod session_exchange;
pub(crate) mod sessions;
pub(crate) mod totps;
pub(crate) mod user;
pub(crate) mod users;
mod wallet_challenges;
pub(crate) mod webauthn;
pub(crate) mod webauthn_log_in;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::project::Project;
use passkeys::Passkeys;
use provisional::Provisional;
use user::Users;
use wallet_challenges::WalletChallenges;

/// The state of the consumer project.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consumer {
    pub(crate) project: Project,
    pub(crate) users: Users,
    pub(crate) provisional: Provisional,
    pub(crate) passkeys: Passkeys,
    pub(crate) wallet_challenges: WalletChallenges,
}

impl Consumer {
    pub(crate) fn new(project: Project) -> Self {
        Self {
            project,
            users: Users::default(),
            provisional: Provisional::default(),
            passkeys: Passkeys::default(),
            wallet_challenges: WalletChallenges::default(),
        }
    }

    /// Deletes a user, and everything that belongs to the user.
    pub(crate) fn delete(&mut self, user_id: &str) {
        self.users.remove(user_id);
        self.passkeys.forget(user_id);
        self.wallet_challenges.forget(user_id);
        self.project.forget(user_id);
    }

    /// Ends the locks of users, and removes the added addresses that have not been verified in time.
    pub(crate) fn expire(&mut self, now: UnixSeconds) {
        for user_id in self.project.locks.take_expired(now) {
            if let Ok(user) = self.users.find(&user_id) {
                let mut user = user.clone();
                user.set_lock(None);
                self.users.put(user);
            }
        }
        for method_id in self.provisional.take_expired(now) {
            if let Some(user) = self.users.with_factor(&method_id) {
                let mut user = user.clone();
                user.emails
                    .retain(|email| email.verified || email.email_id != method_id);
                user.phone_numbers
                    .retain(|phone| phone.verified || phone.phone_id != method_id);
                if user.has_method(&method_id) {
                    continue;
                }
                self.forget_method(&user.user_id, &method_id);
                self.users.put(user);
            }
        }
    }

    /// Removes the links and the code of an address or number that the user does not have any more.
    pub(crate) fn forget_method(&mut self, user_id: &str, method_id: &str) {
        self.project.links.forget_email(user_id, method_id);
        self.project.reset_links.forget_email(user_id, method_id);
        self.project.codes.forget_method(method_id);
        self.provisional.forget(method_id);
    }
}
