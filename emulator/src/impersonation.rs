//! Impersonation tokens. An operator of a project creates one in the dashboard, to log in as a user or member for support.
//! It lives for five minutes and works once.
//!
//! In the emulator, `POST /_emulator/impersonation_tokens` takes the role of the dashboard.

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::shapes;
use crate::store::{Record, Store};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImpersonationToken {
    pub(crate) token: String,
    /// The id of the user or member.
    pub(crate) subject: String,
    pub(crate) impersonator_id: String,
    pub(crate) impersonator_email_address: String,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) used: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ImpersonationTokens(Store<ImpersonationToken>);

/// The index of the tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Subject,
}

impl Record for ImpersonationToken {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.token
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Subject, self.subject.clone())]
    }
}

impl ImpersonationTokens {
    pub(crate) fn put(&mut self, token: ImpersonationToken) {
        self.0.put(token);
    }

    /// Returns a token if it may be used now. Does not mark it as used.
    pub(crate) fn usable(
        &self,
        token: &str,
        now: UnixSeconds,
    ) -> Result<&ImpersonationToken, Failure> {
        if !shapes::is_token(token) {
            return Err(errors::INVALID_TOKEN.failure());
        }
        let found = self.0.get(token);
        let found = found.filter(|found| !found.used && now < found.expires_at);
        found.ok_or_else(|| errors::UNABLE_TO_AUTH_IMPERSONATION_TOKEN.failure())
    }

    pub(crate) fn use_up(&mut self, token: ImpersonationToken) {
        self.0.put(ImpersonationToken {
            used: true,
            ..token
        });
    }

    /// Removes the tokens of a deleted user or member.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.0.remove_all(By::Subject, subject, |_| true);
    }
}

impl ImpersonationToken {
    pub(crate) fn factor(&self, now: UnixSeconds) -> Factor {
        Factor::impersonated(&self.impersonator_id, &self.impersonator_email_address, now)
    }
}

/// The life of a token.
pub(crate) const TOKEN_MINUTES: i64 = 5;
/// The life of a session that an impersonation starts. It cannot be extended.
pub(crate) const SESSION_MINUTES: i64 = 60;
