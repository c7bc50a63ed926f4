//! Updates of email addresses that wait for the verification of the new address. An update expires after five minutes.

use serde::{Deserialize, Serialize};

use super::member::within;
use crate::clock::UnixSeconds;
use crate::store::{Record, Store};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmailUpdate {
    pub(crate) organization_id: String,
    pub(crate) member_id: String,
    /// The new address.
    pub(crate) email_address: String,
    /// The id of the new address.
    pub(crate) email_id: String,
    pub(crate) expires_at: UnixSeconds,
}

/// The updates, at most one for each member.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct EmailUpdates(Store<EmailUpdate>);

/// The index of the updates. The keys start with the id of the organization.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Address,
}

impl Record for EmailUpdate {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.member_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(
            By::Address,
            within(&self.organization_id, &self.email_address),
        )]
    }
}

impl EmailUpdates {
    /// Starts an update. An earlier update of the same member ends.
    pub(crate) fn put(&mut self, update: EmailUpdate) {
        self.0.put(update);
    }

    /// Ends the update of a member.
    pub(crate) fn remove(&mut self, member_id: &str) {
        self.0.remove(member_id);
    }

    /// Returns the active update to this address.
    pub(crate) fn to_address(
        &self,
        organization_id: &str,
        address: &str,
        now: UnixSeconds,
    ) -> Option<&EmailUpdate> {
        let mut updates = self.0.all(By::Address, within(organization_id, address));
        updates.find(|update| now < update.expires_at)
    }
}

/// The lifetime of an update.
pub(crate) const LIFETIME_MINUTES: i64 = 5;
