//! Points in time in whole seconds, and their form in the API (RFC 3339, UTC, `Z`). Does not read the clock.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// Returns the time this many seconds later.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the time this many minutes later.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// Formats the time as `2026-11-22T20:39:20Z`. A time outside of the range of `Timestamp` is written as
    /// `Timestamp::MAX`, which is at the end of the year 9999.
    pub fn rfc3339(self) -> String {
        Timestamp::from_second(self.0)
            .unwrap_or(Timestamp::MAX)
            .to_string()
    }

    /// Parses RFC 3339 with any offset, and drops fractions of a second. Returns `None` for any other text.
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

impl<'de> Deserialize<'de> for UnixSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_rfc3339(&text)
            .ok_or_else(|| D::Error::custom("expected a time such as 2026-11-22T20:39:20Z"))
    }
}
