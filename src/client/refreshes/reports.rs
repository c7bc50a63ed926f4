//! Limits the events about limits: at most one of each kind per 10 seconds.

use super::ReportKind;
use crate::jwt::UnixSeconds;

/// When the last event of each kind was reported.
pub(super) struct Reports {
    budget: UnixSeconds,
    pause: UnixSeconds,
    clock_skew: UnixSeconds,
    other_cookie_mode: UnixSeconds,
}

impl Reports {
    pub(super) const fn new() -> Self {
        Self {
            budget: f64::NEG_INFINITY,
            pause: f64::NEG_INFINITY,
            clock_skew: f64::NEG_INFINITY,
            other_cookie_mode: f64::NEG_INFINITY,
        }
    }

    pub(super) fn try_count(&mut self, kind: ReportKind, now: UnixSeconds) -> bool {
        let last = match kind {
            ReportKind::Budget => &mut self.budget,
            ReportKind::Pause => &mut self.pause,
            ReportKind::ClockSkew => &mut self.clock_skew,
            ReportKind::OtherCookieMode => &mut self.other_cookie_mode,
        };
        let is_due = !(0.0..SECONDS).contains(&(now - *last));
        if is_due {
            *last = now;
        }
        is_due
    }
}

const SECONDS: UnixSeconds = 10.0;
