//! Compares the clock of this host with the `Date` header of a response (RFC 9110, section 6.6.1).

use super::{Finding, FindingCode};
use crate::{client::decimal, jwt::UnixSeconds};

/// The times of a request and of its response.
#[derive(Debug, Clone, Copy)]
pub struct ClockReading {
    /// When the request was sent, by the clock of this host.
    pub sent_at: UnixSeconds,
    /// When the response was complete, by the clock of this host.
    pub received_at: UnixSeconds,
    /// Whether there was a response.
    pub is_answered: bool,
    /// The `Date` header of the response.
    pub date: Option<UnixSeconds>,
}

/// Returns the finding about the clock of this host. A difference of at most 5 seconds is good, one above 60 seconds is an
/// error.
#[must_use]
pub fn clock_finding(reading: ClockReading) -> Finding {
    let code = FindingCode::ClockSkew;
    let Some(date) = reading.date else {
        let (message, advice) = if reading.is_answered {
            (
                "The clock was not checked: the response has no Date header. Browsers hide this header from pages of other origins.",
                "",
            )
        } else {
            (
                "The clock was not checked: there is no response.",
                "Solve the problem of the credentials first.",
            )
        };
        return Finding::warning(code, message, advice);
    };
    // The header has whole seconds. The response was created between sending and receiving.
    let ahead = (reading.sent_at - (date + 1.0)).max(0.0);
    let behind = (date - reading.received_at).max(0.0);
    let (seconds, direction, effect) = if ahead > behind {
        (ahead, "ahead of", "Valid JWTs count as expired too early.")
    } else {
        (behind, "behind", "New JWTs count as not valid yet.")
    };
    if seconds <= GOOD_SECONDS {
        return Finding::ok(
            code,
            "The clocks of this host and of the API differ by at most 5 seconds.",
        );
    }
    // The standard library's formatting of floats would add 5 KB to the wasm.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number outside of its range becomes the nearest one"
    )]
    let whole = decimal(seconds as u64);
    let message = [
        "The clock of this host is ",
        &whole,
        " seconds ",
        direction,
        " the API's.",
    ]
    .concat();
    let advice = [
        effect,
        " Synchronize the clock of this host, for example with NTP.",
    ]
    .concat();
    if seconds > TOLERABLE_SECONDS {
        Finding::error(code, &message, &advice)
    } else {
        let advice = [
            &advice,
            " Until then, `clock_tolerance_seconds` of a call accepts it.",
        ]
        .concat();
        Finding::warning(code, &message, &advice)
    }
}

const GOOD_SECONDS: f64 = 5.0;
const TOLERABLE_SECONDS: f64 = 60.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Severity;

    #[test]
    fn accepts_5_seconds_warns_up_to_60_and_reports_the_direction() {
        let finding = |host: f64, date: f64| {
            clock_finding(ClockReading {
                sent_at: host,
                received_at: host + 2.0,
                is_answered: true,
                date: Some(date),
            })
        };
        for (host, date, severity, words) in [
            (100.0, 100.0, Severity::Ok, "at most 5"),
            (100.0, 101.0, Severity::Ok, "at most 5"),
            (106.0, 100.0, Severity::Ok, "at most 5"),
            (106.1, 100.0, Severity::Warning, "5 seconds ahead of"),
            (100.0, 107.0, Severity::Ok, "at most 5"),
            (100.0, 108.0, Severity::Warning, "6 seconds behind"),
            (161.0, 100.0, Severity::Warning, "60 seconds ahead of"),
            (162.0, 100.0, Severity::Error, "61 seconds ahead of"),
            (100.0, 163.0, Severity::Error, "61 seconds behind"),
        ] {
            let finding = finding(host, date);
            assert_eq!(finding.severity, severity, "{host} {date} {finding:?}");
            assert!(finding.message.contains(words), "{finding:?}");
        }
    }

    #[test]
    fn warns_without_a_response_and_without_a_date() {
        for (is_answered, words) in [(true, "no Date header"), (false, "no response")] {
            let finding = clock_finding(ClockReading {
                sent_at: 1.0,
                received_at: 1.0,
                is_answered,
                date: None,
            });
            assert_eq!(finding.severity, Severity::Warning);
            assert!(finding.message.contains(words), "{finding:?}");
        }
    }
}
