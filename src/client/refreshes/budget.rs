//! A budget of calls per 10 seconds, in a sliding window: in no 10 seconds more calls are made than the limit.

use std::collections::VecDeque;

use crate::jwt::UnixSeconds;

/// The times of the calls in the last 10 seconds.
pub(super) struct Budget(VecDeque<UnixSeconds>);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Counts a call. If `most` calls were counted in the last 10 seconds, returns the time in seconds until the next
    /// call fits.
    pub(super) fn try_count(&mut self, most: u32, now: UnixSeconds) -> Result<(), UnixSeconds> {
        if self.has_room(most, now) {
            self.0.push_back(now);
            return Ok(());
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        // With a limit of 0, no call ever fits, and the time is that of the whole window.
        let oldest = self.0.len().checked_sub(most).and_then(|at| self.0.get(at));
        Err(oldest.map_or(WINDOW_SECONDS, |at| at + WINDOW_SECONDS - now))
    }

    /// Whether fewer than `most` calls were counted in the last 10 seconds.
    pub(super) fn has_room(&mut self, most: u32, now: UnixSeconds) -> bool {
        // If the clock goes back, ages become negative, and the calls are not counted any more.
        self.0
            .retain(|at| (0.0..WINDOW_SECONDS).contains(&(now - at)));
        self.0.len() < usize::try_from(most).unwrap_or(usize::MAX)
    }
}

const WINDOW_SECONDS: UnixSeconds = 10.0;
