//! Intermediate sessions: log-ins of members that are not complete. One starts if a second factor or an organization is
//! still missing, lasts 10 minutes, and collects factors until the log-in is complete.

use serde::{Deserialize, Serialize};

use super::discovery::Tenant;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::shapes;
use crate::store::{Record, Store};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntermediateSession {
    pub(crate) token: String,
    pub(crate) email_address: String,
    /// The member, or `None` if the user has not chosen an organization.
    pub(crate) member_id: Option<String>,
    pub(crate) factors: Vec<Factor>,
    /// The user's workspaces at OAuth providers.
    #[serde(default)]
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) expires_at: UnixSeconds,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct IntermediateSessions(Store<IntermediateSession>);

/// The index of the intermediate sessions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Member,
}

impl Record for IntermediateSession {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.token
    }

    fn keys(&self) -> Vec<(By, String)> {
        let member_id = self.member_id.clone();
        member_id.into_iter().map(|id| (By::Member, id)).collect()
    }
}

impl IntermediateSessions {
    pub(crate) fn put(&mut self, session: IntermediateSession) {
        self.0.put(session);
    }

    pub(crate) fn remove(&mut self, token: &str) {
        self.0.remove(token);
    }

    /// Removes the intermediate sessions of a deleted member.
    pub(crate) fn forget(&mut self, member_id: &str) {
        self.0.remove_all(By::Member, member_id, |_| true);
    }

    /// Finds an intermediate session that has not expired.
    pub(crate) fn find(
        &self,
        token: &str,
        now: UnixSeconds,
    ) -> Result<&IntermediateSession, Failure> {
        if !shapes::is_token(token) {
            return Err(errors::INVALID_SESSION_TOKEN.failure());
        }
        let found = self.0.get(token).filter(|known| now < known.expires_at);
        found.ok_or_else(|| errors::INTERMEDIATE_SESSION_NOT_FOUND.failure())
    }
}

/// The lifetime of an intermediate session.
pub(crate) const LIFETIME_MINUTES: i64 = 10;
