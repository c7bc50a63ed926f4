//! Retries: which failed requests are sent again, after which delay, and how many of an isolate in total.
//!
//! Knows nothing about how requests are sent. Only a request that is safe to repeat (`Endpoint::is_safe_to_repeat`, as for
//! RFC 9110, section 9.2.2) may be sent again: otherwise it is not known whether the API handled the first one.

use super::Reason;

/// Requests whose retries share a budget. The state of one class never affects the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryClass {
    /// Refreshes with a verified JWT.
    Verified,
    /// Refreshes and introspections whose credential an attacker can make up.
    Unverified,
    /// Calls of API methods, and loads of key sets and policies.
    Other,
}

/// The result of one attempt without a usable response, or with an error status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedAttempt {
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// `Retry-After` in seconds, of a response with status 429 or 503.
    pub retry_after: Option<u32>,
    /// Why the response is missing or unusable. `None` for an error status.
    pub reason: Option<Reason>,
}

impl FailedAttempt {
    /// Returns the delay in milliseconds before the next attempt, or `None` if the request must not be repeated.
    ///
    /// `failures` is the number of attempts that have failed, and `random` a number of at least 0 and below 1. The delay
    /// is a random part of a limit that doubles with each failure ("full jitter"), from 200 milliseconds up to 2 seconds.
    /// It is added to `Retry-After` (RFC 9110, section 10.2.3), which may have at most 2 seconds.
    #[must_use]
    pub fn delay_ms(&self, failures: u32, random: f64) -> Option<u32> {
        let least = match (self.reason, self.status, self.retry_after) {
            (_, Some(429 | 503), Some(seconds)) => {
                (seconds <= MAX_RETRY_AFTER_SECONDS).then(|| seconds * 1000)
            }
            (_, Some(502..=504), _) => Some(0),
            (Some(reason), _, _) => is_connection_error(reason).then_some(0),
            _ => None,
        }?;
        let doublings = failures.saturating_sub(1).min(MAX_DOUBLINGS);
        let most = (FIRST_DELAY_MS << doublings).min(MAX_DELAY_MS);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most MAX_DELAY_MS"
        )]
        let jitter = (f64::from(most) * random.clamp(0.0, 1.0)) as u32;
        Some(least + jitter)
    }
}

/// Returns whether the connection failed, so that another one may succeed. A failed TLS handshake is an error of
/// configuration, and after a timeout no time is left.
fn is_connection_error(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ConnectionRefused | Reason::ConnectionReset | Reason::Dns | Reason::Unknown
    )
}

/// The retry budgets of an isolate, one for each [`RetryClass`], so that an outage is not amplified.
///
/// A full budget is enough for 50 retries. Each call that succeeds without a retry returns a fifth of one, so in the long run
/// at most one retry is sent per five successful calls.
pub struct RetryBudgets([u32; 3]);

impl RetryBudgets {
    /// Full budgets.
    #[must_use]
    pub const fn new() -> Self {
        Self([MAX_TOKENS; 3])
    }

    /// Takes a retry from a budget. Returns `false` if the budget is used up, so that the request must not be repeated.
    pub fn take(&mut self, class: RetryClass) -> bool {
        let tokens = self.of(class);
        let left = tokens.checked_sub(TOKENS_PER_RETRY);
        *tokens = left.unwrap_or(*tokens);
        left.is_some()
    }

    /// Records a call that succeeded with its first attempt.
    pub fn succeeded(&mut self, class: RetryClass) {
        let tokens = self.of(class);
        *tokens = (*tokens + 1).min(MAX_TOKENS);
    }

    fn of(&mut self, class: RetryClass) -> &mut u32 {
        let [verified, unverified, other] = &mut self.0;
        match class {
            RetryClass::Verified => verified,
            RetryClass::Unverified => unverified,
            RetryClass::Other => other,
        }
    }
}

impl Default for RetryBudgets {
    fn default() -> Self {
        Self::new()
    }
}

/// The default of the option `retries`.
pub const DEFAULT_RETRIES: u32 = 2;

/// The largest accepted value of the option `retries`.
pub const MAX_RETRIES: u32 = 10;

/// The largest `Retry-After` after which a request is repeated, in seconds.
const MAX_RETRY_AFTER_SECONDS: u32 = 2;

const FIRST_DELAY_MS: u32 = 200;
const MAX_DELAY_MS: u32 = 2_000;
const MAX_DOUBLINGS: u32 = 4;

/// A call that succeeds returns one token.
const TOKENS_PER_RETRY: u32 = 5;
const MAX_TOKENS: u32 = 50 * TOKENS_PER_RETRY;

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u32>) -> FailedAttempt {
        FailedAttempt {
            status: Some(status),
            retry_after,
            reason: None,
        }
    }

    fn missing(reason: Reason) -> FailedAttempt {
        FailedAttempt {
            status: None,
            retry_after: None,
            reason: Some(reason),
        }
    }

    #[test]
    fn repeats_connection_errors_and_temporary_statuses() {
        let is_repeated = |failed: FailedAttempt| failed.delay_ms(1, 0.0).is_some();
        for number in 100..=999 {
            assert_eq!(
                is_repeated(status(number, None)),
                matches!(number, 502..=504),
                "{number}"
            );
        }
        for (reason, expected) in [
            (Reason::ConnectionRefused, true),
            (Reason::ConnectionReset, true),
            (Reason::Dns, true),
            (Reason::Unknown, true),
            (Reason::Tls, false),
            (Reason::Timeout, false),
            (Reason::Aborted, false),
            (Reason::ApiUnavailable, false),
            (Reason::Internal, false),
        ] {
            assert_eq!(is_repeated(missing(reason)), expected, "{reason}");
        }
        // A response whose body is cut off.
        let cut_off = FailedAttempt {
            status: Some(200),
            ..missing(Reason::ConnectionReset)
        };
        assert!(is_repeated(cut_off));
    }

    #[test]
    fn repeats_after_retry_after_of_at_most_2_seconds() {
        for (failed, random, expected) in [
            (status(429, Some(0)), 0.0, Some(0)),
            (status(429, Some(2)), 0.0, Some(2_000)),
            (status(429, Some(2)), 0.5, Some(2_100)),
            (status(503, Some(1)), 0.0, Some(1_000)),
            (status(503, Some(3)), 0.0, None),
            (status(429, Some(3)), 0.0, None),
            (status(429, Some(u32::MAX)), 0.0, None),
            (status(429, None), 0.0, None),
        ] {
            assert_eq!(failed.delay_ms(1, random), expected, "{failed:?}");
        }
        // A page of a proxy instead of an error of the API.
        let page = FailedAttempt {
            reason: Some(Reason::RateLimited),
            ..status(429, Some(1))
        };
        assert_eq!(page.delay_ms(1, 0.0), Some(1_000));
        let page = FailedAttempt {
            reason: Some(Reason::ApiUnavailable),
            ..status(503, None)
        };
        assert_eq!(page.delay_ms(1, 0.0), Some(0));
    }

    #[test]
    fn doubles_the_limit_of_the_delay_up_to_2_seconds() {
        let most = |failures| status(502, None).delay_ms(failures, 0.999_999);
        let limits = [1, 2, 3, 4, 5, 6, u32::MAX].map(|failures| most(failures).unwrap() + 1);
        assert_eq!(limits, [200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
        for random in [-1.0, f64::NAN, 2.0, f64::INFINITY] {
            assert!(status(502, None).delay_ms(1, random) <= Some(200));
        }
    }

    #[test]
    fn a_budget_is_used_up_by_retries_and_refilled_by_successes() {
        let mut budgets = RetryBudgets::new();
        let spend =
            |budgets: &mut RetryBudgets, class| (0..1_000).filter(|_| budgets.take(class)).count();
        assert_eq!(spend(&mut budgets, RetryClass::Unverified), 50);
        assert_eq!(spend(&mut budgets, RetryClass::Unverified), 0);
        for _ in 0..50 {
            budgets.succeeded(RetryClass::Unverified);
        }
        assert_eq!(spend(&mut budgets, RetryClass::Unverified), 10);
        // The other classes have budgets of their own, and a success does not raise a full one.
        budgets.succeeded(RetryClass::Other);
        assert_eq!(spend(&mut budgets, RetryClass::Other), 50);
        assert_eq!(spend(&mut budgets, RetryClass::Verified), 50);
    }
}
