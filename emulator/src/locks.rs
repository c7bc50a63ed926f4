//! Locks of users and members: after 10 consecutive failed authentications, a user or member cannot log in for 60
//! minutes.
//!
//! Knows users and members only by id. The products write a lock into the object of the user or member.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};

/// The failed authentications and the locks of a project, by the id of the user or member.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Locks {
    failures: BTreeMap<String, u32>,
    locks: BTreeMap<String, Lock>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    pub(crate) created_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
}

impl Locks {
    /// Returns an error if the user or member is locked.
    pub(crate) fn admit(&self, subject: &str, now: UnixSeconds) -> Result<(), Failure> {
        match self.locks.get(subject) {
            Some(lock) if now < lock.expires_at => Err(errors::USER_LOCK_LIMIT_REACHED.failure()),
            _ => Ok(()),
        }
    }

    /// Counts a failed authentication. Returns the lock if this failure causes one.
    pub(crate) fn count_failure(&mut self, subject: &str, now: UnixSeconds) -> Option<Lock> {
        let failures = self.failures.entry(subject.to_owned()).or_default();
        *failures = failures.saturating_add(1);
        if *failures < MAX_FAILURES {
            return None;
        }
        self.failures.remove(subject);
        let lock = Lock::starting_at(now);
        self.locks.insert(subject.to_owned(), lock);
        Some(lock)
    }

    /// Locks a user or member.
    pub(crate) fn lock(&mut self, subject: &str, lock: Lock) {
        self.locks.insert(subject.to_owned(), lock);
    }

    /// Sets the count of failures back to zero, after a successful authentication.
    pub(crate) fn forget_failures(&mut self, subject: &str) {
        self.failures.remove(subject);
    }

    /// Removes the locks that have expired, and returns the ids of their users or members.
    pub(crate) fn take_expired(&mut self, now: UnixSeconds) -> Vec<String> {
        let expired = self.locks.iter().filter(|(_, lock)| lock.expires_at <= now);
        let expired: Vec<String> = expired.map(|(subject, _)| subject.clone()).collect();
        for subject in &expired {
            self.locks.remove(subject);
        }
        expired
    }

    /// Removes the failures and the lock of a deleted user or member.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.failures.remove(subject);
        self.locks.remove(subject);
    }
}

impl Lock {
    /// Returns a lock of the usual length.
    pub(crate) fn starting_at(now: UnixSeconds) -> Self {
        Self {
            created_at: now,
            expires_at: now.plus_minutes(LOCK_MINUTES),
        }
    }
}

/// The defaults of a project. The emulator does not have the setting.
const MAX_FAILURES: u32 = 10;
const LOCK_MINUTES: i64 = 60;
