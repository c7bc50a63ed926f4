//! Timestamps as callers get them: ISO 8601 in UTC with milliseconds, the form
//! that JavaScript's `Date.prototype.toISOString` writes.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::jwt::UnixSeconds;

/// Rewrites an RFC 3339 timestamp; `None` if it is none.
pub(super) fn from_rfc3339(text: &str) -> Option<String> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|moment| written(moment.to_utc()))
}

/// Writes a NumericDate; `None` outside the years 0 to 9999, which have no such
/// form.
pub(super) fn from_unix_seconds(seconds: UnixSeconds) -> Option<String> {
    if !(EARLIEST..LATEST).contains(&seconds) {
        return None;
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "in range, and fractions of a millisecond are dropped"
    )]
    let milliseconds = (seconds * 1000.0) as i64;
    DateTime::from_timestamp_millis(milliseconds).map(written)
}

fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// 0000-01-01T00:00:00Z and 10000-01-01T00:00:00Z.
const EARLIEST: UnixSeconds = -62_167_219_200.0;
const LATEST: UnixSeconds = 253_402_300_800.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_utc_with_milliseconds_whatever_came_in() {
        for (text, expected) in [
            ("2021-08-28T00:41:58Z", "2021-08-28T00:41:58.000Z"),
            ("2021-08-28T00:41:58.935673Z", "2021-08-28T00:41:58.935Z"),
            ("2021-08-28T02:41:58+02:00", "2021-08-28T00:41:58.000Z"),
        ] {
            assert_eq!(from_rfc3339(text).as_deref(), Some(expected));
        }
        for text in ["", "yesterday", "2021-08-28", "2021-13-01T00:00:00Z"] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn decides_absurd_dates_instead_of_overflowing() {
        assert_eq!(
            from_unix_seconds(1_630_111_318.935_7).as_deref(),
            Some("2021-08-28T00:41:58.935Z")
        );
        assert_eq!(
            from_unix_seconds(253_402_300_799.5).as_deref(),
            Some("9999-12-31T23:59:59.500Z")
        );
        for seconds in [1e308, -1e308, f64::NAN, f64::INFINITY, 253_402_300_800.0] {
            assert_eq!(from_unix_seconds(seconds), None, "{seconds}");
        }
    }
}
