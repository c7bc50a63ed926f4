//! Timestamps of results: ISO 8601 in UTC with milliseconds, in the format of JavaScript's
//! `Date.prototype.toISOString`, for the years 0 to 9999.
//!
//! chrono, a dependency of jwt-compact, is not used, because it accepts more than this crate's
//! reading of RFC 3339, section 5.6: a space for the `T`, the minus sign U+2212, and second 60,
//! which does not exist in Unix time. The tests compare both parsers.

use crate::jwt::UnixSeconds;

/// Converts an RFC 3339 timestamp to the format of results; returns `None` for any other text.
pub(super) fn from_rfc3339(text: &str) -> Option<String> {
    Reader(text.as_bytes()).moment().and_then(written)
}

/// Converts an RFC 3339 timestamp to Unix seconds; returns `None` for any other text.
#[must_use]
pub fn unix_seconds_of(text: &str) -> Option<UnixSeconds> {
    let milliseconds = Reader(text.as_bytes()).moment()?;
    Some(milliseconds as f64 / 1000.0)
}

/// Converts a NumericDate to the format of results; returns `None` outside of the years 0 to 9999.
pub(super) fn from_unix_seconds(seconds: UnixSeconds) -> Option<String> {
    let milliseconds = seconds * 1000.0;
    if !(EARLIEST_MS as f64..=LATEST_MS as f64).contains(&milliseconds) {
        return None;
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "in range, and fractions of a millisecond are dropped"
    )]
    written(milliseconds as i64)
}

/// Writes milliseconds since 1970-01-01T00:00:00Z; returns `None` outside of the years 0 to 9999.
fn written(milliseconds: i64) -> Option<String> {
    if !(EARLIEST_MS..=LATEST_MS).contains(&milliseconds) {
        return None;
    }
    let (year, month, day) = date_of(milliseconds.div_euclid(DAY_MS));
    let rest = milliseconds.rem_euclid(DAY_MS);
    let (hour, minute) = (rest / HOUR_MS, rest / MINUTE_MS % 60);
    let (second, fraction) = (rest / 1000 % 60, rest % 1000);
    let mut text = String::with_capacity(24);
    for (number, mut unit, separator) in [
        (year, 1000, '-'),
        (month, 10, '-'),
        (day, 10, 'T'),
        (hour, 10, ':'),
        (minute, 10, ':'),
        (second, 10, '.'),
        (fraction, 100, 'Z'),
    ] {
        while unit > 0 {
            text.push(char::from(b'0' + (number / unit % 10) as u8));
            unit /= 10;
        }
        text.push(separator);
    }
    Some(text)
}

/// The unread rest of an RFC 3339 timestamp (section 5.6).
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Reads the whole text and returns milliseconds since 1970-01-01T00:00:00Z.
    fn moment(&mut self) -> Option<i64> {
        let (year, month, day) = (
            self.number(4, 9999)?,
            self.after(b"-", 12)?,
            self.after(b"-", 31)?,
        );
        let (hour, minute, second) = (
            self.after(b"Tt", 23)?,
            self.after(b":", 59)?,
            self.after(b":", 59)?,
        );
        let fraction = self.fraction()?;
        let offset = self.offset()?;
        let days = days_until(year, month, day);
        let exists = date_of(days) == (year, month, day);
        let time = hour * HOUR_MS + minute * MINUTE_MS + second * 1000 + fraction;
        (exists && self.0.is_empty()).then_some(days * DAY_MS + time - offset)
    }

    /// Reads exactly `digits` digits, a number of at most `most`.
    fn number(&mut self, digits: usize, most: i64) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        let number = number.iter().try_fold(0, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i64::from(digit - b'0'))
        })?;
        (number <= most).then_some(number)
    }

    /// Reads one of `letters`, then a number of two digits, at most `most`.
    fn after(&mut self, letters: &[u8], most: i64) -> Option<i64> {
        self.letter(letters)?;
        self.number(2, most)
    }

    fn letter(&mut self, letters: &[u8]) -> Option<u8> {
        let (letter, rest) = self.0.split_first()?;
        self.0 = rest;
        letters.contains(letter).then_some(*letter)
    }

    /// Reads the fraction of the second in milliseconds; further digits are dropped.
    fn fraction(&mut self) -> Option<i64> {
        let Some(rest) = self.0.strip_prefix(b".") else {
            return Some(0);
        };
        let length = rest
            .iter()
            .take_while(|digit| digit.is_ascii_digit())
            .count();
        let (digits, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        let padded = digits.iter().copied().chain([b'0'; 3]).take(3);
        let milliseconds = padded.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        (length > 0).then_some(milliseconds)
    }

    /// Reads the offset from UTC in milliseconds.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.letter(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let (hours, minutes) = (self.number(2, 23)?, self.after(b":", 59)?);
        Some(sign * (hours * HOUR_MS + minutes * MINUTE_MS))
    }
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar.
///
/// The algorithm is from H. Hinnant, "chrono-compatible low-level date algorithms", 2014. Years
/// start in March, so that the leap day is the last day of its year.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * DAYS_OF_ERA + day_of_era - DAYS_TO_1970
}

/// Returns the year, month and day; the inverse of [`days_until`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_1970;
    let day_of_era = days.rem_euclid(DAYS_OF_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + days.div_euclid(DAYS_OF_ERA) * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

const DAYS_OF_ERA: i64 = 146_097;
/// The days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;
/// 0000-01-01T00:00:00.000Z.
const EARLIEST_MS: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z.
const LATEST_MS: i64 = 253_402_300_799_999;

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat};

    use super::*;

    #[test]
    fn writes_utc_with_milliseconds_for_any_offset_and_precision() {
        for (text, expected) in [
            ("2021-08-28T00:41:58Z", "2021-08-28T00:41:58.000Z"),
            ("2021-08-28T00:41:58.935673Z", "2021-08-28T00:41:58.935Z"),
            ("2021-08-28t00:41:58.9z", "2021-08-28T00:41:58.900Z"),
            ("2021-08-28T02:41:58+02:00", "2021-08-28T00:41:58.000Z"),
            ("2024-02-28T23:30:00-01:30", "2024-02-29T01:00:00.000Z"),
        ] {
            assert_eq!(from_rfc3339(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn refuses_a_text_that_is_not_a_timestamp() {
        for text in [
            "",
            "yesterday",
            "2021-08-28",
            "2021-08-28T00:41:58",
            "2021-13-01T00:00:00Z",
            "2021-00-01T00:00:00Z",
            "2021-02-29T00:00:00Z",
            "2021-01-00T00:00:00Z",
            "2021-01-01T24:00:00Z",
            "2021-01-01T00:60:00Z",
            "2021-01-01T00:00:60Z",
            "2021-01-01T00:00:00.Z",
            "2021-01-01T00:00:00Zx",
            "2021-01-01T00:00:00+0200",
            "21-01-01T00:00:00Z",
            "2021-01-01T00:00:0é",
            "0000-01-01T00:00:00+00:01",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_timestamps_that_only_chrono_accepts() {
        for text in [
            "2021-08-28 00:41:58Z",
            "2021-08-28T00:41:60Z",
            "2021-08-28T00:41:58\u{2212}02:00",
        ] {
            assert!(DateTime::parse_from_rfc3339(text).is_ok(), "{text}");
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn agrees_with_chrono_from_the_year_0_to_9999() {
        let mut compared = 0;
        for milliseconds in (EARLIEST_MS..=LATEST_MS).step_by(31_556_951_123) {
            let date = DateTime::from_timestamp_millis(milliseconds).unwrap();
            let expected = date.to_rfc3339_opts(SecondsFormat::Millis, true);
            assert_eq!(written(milliseconds).as_deref(), Some(expected.as_str()));
            assert_eq!(from_rfc3339(&expected).as_deref(), Some(expected.as_str()));
            compared += 1;
        }
        assert_eq!(compared, 10_001);
    }

    #[test]
    fn refuses_numbers_outside_of_the_years_0_to_9999_without_overflow() {
        let written = from_unix_seconds(1_630_111_318.935_7);
        assert_eq!(written.as_deref(), Some("2021-08-28T00:41:58.935Z"));
        let latest = from_unix_seconds(253_402_300_799.5);
        assert_eq!(latest.as_deref(), Some("9999-12-31T23:59:59.500Z"));
        for seconds in [1e308, -1e308, f64::NAN, f64::INFINITY, 253_402_300_800.0] {
            assert_eq!(from_unix_seconds(seconds), None, "{seconds}");
        }
    }
}
