//! Points in time, in whole seconds, as the API writes them (RFC 3339, UTC, `Z`). Reads no clock.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// This many seconds later.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This many minutes later.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// `2026-11-22T20:39:20Z`. What lies beyond the year 9999 is written as its last moment.
    pub fn rfc3339(self) -> String {
        Timestamp::from_second(self.0)
            .unwrap_or(Timestamp::MAX)
            .to_string()
    }

    /// Reads RFC 3339 with any offset; fractions of a second are dropped.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<Timestamp>()
            .ok()
            .map(|time| Self(time.as_second()))
    }
}

impl Serialize for UnixSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}
