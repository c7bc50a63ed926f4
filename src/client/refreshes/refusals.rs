//! Sessions that the API has just refused. A browser with cookies of an ended session, or an attacker, sends them again.
//!
//! Credentials are compared as a whole. The time of a comparison says something about refused credentials only, which
//! are of no use.

use std::collections::VecDeque;

use super::{RefreshLimits, RefreshOwner};
use crate::jwt::UnixSeconds;

/// The refused credentials, the oldest one first: at most 1,000, and at most 1 MiB.
pub(super) struct Refusals {
    pub(super) entries: VecDeque<Refused>,
    pub(super) bytes: usize,
}

pub(super) struct Refused {
    owner: RefreshOwner,
    credential: String,
    at: UnixSeconds,
}

impl Refusals {
    pub(super) const fn new() -> Self {
        Self {
            entries: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Returns whether the API has refused the credential within the time of `limits`.
    pub(super) fn contains(
        &mut self,
        owner: &RefreshOwner,
        credential: &str,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> bool {
        let is_recent =
            |at: UnixSeconds| (0.0..limits.refused_session_seconds).contains(&(now - at));
        self.entries.iter().any(|known| {
            known.credential == credential && known.owner == *owner && is_recent(known.at)
        })
    }

    /// Remembers a credential.
    pub(super) fn add(
        &mut self,
        owner: &RefreshOwner,
        credential: &str,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) {
        if limits.refused_session_seconds <= 0.0 {
            return;
        }
        self.bytes += credential.len();
        self.entries.push_back(Refused {
            owner: owner.clone(),
            credential: credential.to_owned(),
            at: now,
        });
        while self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                return;
            };
            self.bytes -= oldest.credential.len();
        }
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(&RefreshOwner) -> bool) {
        self.entries.retain(|known| is_kept(&known.owner));
        self.bytes = self
            .entries
            .iter()
            .map(|known| known.credential.len())
            .sum();
    }
}

/// Omits the credentials.
impl std::fmt::Debug for Refusals {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Refusals of {} sessions", self.entries.len())
    }
}

const MAX_ENTRIES: usize = 1_000;
const MAX_BYTES: usize = 1 << 20;
