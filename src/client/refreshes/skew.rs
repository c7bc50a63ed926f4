//! Sessions whose JWT was not valid yet when it arrived, because the clocks of this host and of the API differ. Each is
//! refreshed at most once per minute: the new JWT may not be valid yet either.

use std::collections::VecDeque;

use crate::jwt::UnixSeconds;

/// The sessions of the last minute, by id and isolated client, the oldest one first: at most 1,000.
pub(super) struct SkewedSessions(pub(super) VecDeque<(String, Option<u32>, UnixSeconds)>);

impl SkewedSessions {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Adds a session, and returns whether it was not added within the last minute.
    pub(super) fn try_add(
        &mut self,
        session: &str,
        isolated: Option<u32>,
        now: UnixSeconds,
    ) -> bool {
        self.0
            .retain(|(_, _, at)| (0.0..SECONDS).contains(&(now - at)));
        let is_it = |(known, client, _): &(String, Option<u32>, UnixSeconds)| {
            known == session && *client == isolated
        };
        if self.0.iter().any(is_it) || self.0.len() >= MAX_SESSIONS {
            return false;
        }
        self.0.push_back((session.to_owned(), isolated, now));
        true
    }
}

const SECONDS: UnixSeconds = 60.0;
const MAX_SESSIONS: usize = 1_000;
