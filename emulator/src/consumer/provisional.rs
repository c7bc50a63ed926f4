//! Email addresses and phone numbers that a user has added to an existing account. If one is not verified within five
//! minutes, it is removed again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;

/// The deadlines, by the id of the email address or phone number.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Provisional(BTreeMap<String, UnixSeconds>);

impl Provisional {
    pub(super) fn add(&mut self, method_id: &str, now: UnixSeconds) {
        let deadline = now.plus_minutes(LIFETIME_MINUTES);
        self.0.insert(method_id.to_owned(), deadline);
    }

    /// Removes the deadlines that have passed, and returns the ids of the addresses and numbers.
    pub(super) fn take_expired(&mut self, now: UnixSeconds) -> Vec<String> {
        let expired = self.0.iter().filter(|(_, deadline)| **deadline <= now);
        let expired: Vec<String> = expired.map(|(id, _)| id.clone()).collect();
        for id in &expired {
            self.0.remove(id);
        }
        expired
    }

    pub(super) fn forget(&mut self, method_id: &str) {
        self.0.remove(method_id);
    }
}

const LIFETIME_MINUTES: i64 = 5;
