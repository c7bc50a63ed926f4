//! Sessions that the API has just refused. A browser with cookies of an ended session, or an attacker, sends them again.
//!
//! Credentials are compared as a whole. The time of a comparison says something about refused credentials only, which
//! are of no use.

use std::collections::VecDeque;

use super::{RefreshCall, RefreshClass, RefreshLimits, RefreshOwner};
use crate::jwt::UnixSeconds;

/// The refused sessions and tokens, the oldest one first: at most 1,000, and at most 1 MiB.
pub(super) struct Refusals {
    pub(super) entries: VecDeque<Refused>,
    pub(super) bytes: usize,
}

pub(super) struct Refused {
    owner: RefreshOwner,
    class: RefreshClass,
    subject: String,
    at: UnixSeconds,
}

impl Refusals {
    pub(super) const fn new() -> Self {
        Self {
            entries: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Returns whether the API has refused the session or the token within the time of `limits`.
    pub(super) fn contains(
        &self,
        call: &RefreshCall<'_>,
        limits: &RefreshLimits,
        now: UnixSeconds,
    ) -> bool {
        let is_recent =
            |at: UnixSeconds| (0.0..limits.refused_session_seconds).contains(&(now - at));
        self.entries.iter().any(|known| {
            known.subject == call.subject
                && known.class == call.class
                && known.owner == *call.owner
                && is_recent(known.at)
        })
    }

    /// Remembers a session or a token.
    pub(super) fn add(&mut self, call: &RefreshCall<'_>, limits: &RefreshLimits, now: UnixSeconds) {
        if limits.refused_session_seconds <= 0.0 {
            return;
        }
        self.bytes += call.subject.len();
        self.entries.push_back(Refused {
            owner: call.owner.clone(),
            class: call.class,
            subject: call.subject.to_owned(),
            at: now,
        });
        while self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                return;
            };
            self.bytes -= oldest.subject.len();
        }
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(&RefreshOwner) -> bool) {
        self.entries.retain(|known| is_kept(&known.owner));
        self.bytes = self.entries.iter().map(|known| known.subject.len()).sum();
    }
}

const MAX_ENTRIES: usize = 1_000;
const MAX_BYTES: usize = 1 << 20;
