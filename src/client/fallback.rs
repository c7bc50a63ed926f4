//! Decides whether a refused session JWT triggers a request to the API: the session may be valid although the JWT is
//! not.
//!
//! An attacker can send any number of made-up tokens, and each request uses the project's rate limit. So tokens that
//! the API cannot accept do not trigger a request.

use super::{ClientError, Reason};
use crate::jwt::{UnixSeconds, UntrustedToken};

/// When a refused session JWT triggers a request to the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteFallback {
    /// For every token that is a well-formed JWT.
    Always,
    /// For a token that the API could still accept: it has expired, is older than the caller's maximum age, or its key
    /// is unavailable now.
    Stale,
    /// Never.
    Never,
}

/// The requests to the API for tokens whose key is unavailable, per project and isolate: at most 10 in any 60 seconds,
/// because an attacker can make up a `kid`.
#[derive(Debug)]
pub struct RemoteCalls {
    /// The times of the last calls.
    times: [UnixSeconds; MAX_CALLS],
    /// The index of the oldest one.
    oldest: usize,
}

/// The decision about a refused token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FallbackDecision {
    /// Refuse the token.
    Refuse,
    /// Send a request to the API.
    CallApi,
    /// The token would trigger a request, but the limit per minute is reached.
    LimitReached,
}

impl RemoteFallback {
    /// Decides about a token that was refused for `error` at `now`. [`FallbackDecision::CallApi`] counts against the limit in `calls`
    /// if the key of the token is unavailable.
    pub fn decide(
        self,
        error: &ClientError,
        token: &str,
        calls: &mut RemoteCalls,
        now: UnixSeconds,
    ) -> FallbackDecision {
        let triggers_call = match self {
            Self::Never => false,
            Self::Stale => error.could_be_accepted() && !is_without_policy(error),
            // A text that is not a JWT is never sent to the API.
            Self::Always => UntrustedToken::parse(token).is_ok(),
        };
        match (triggers_call, is_without_key(error)) {
            (false, _) => FallbackDecision::Refuse,
            (true, true) if !calls.try_count(now) => FallbackDecision::LimitReached,
            (true, _) => FallbackDecision::CallApi,
        }
    }
}

impl RemoteCalls {
    /// Creates a counter without calls.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            times: [f64::NEG_INFINITY; MAX_CALLS],
            oldest: 0,
        }
    }

    /// Counts a call, and returns whether it is within the limit.
    fn try_count(&mut self, now: UnixSeconds) -> bool {
        let Some(oldest) = self.times.get_mut(self.oldest) else {
            return false;
        };
        // If the clock goes back, the calls are not counted any more.
        if (0.0..SECONDS).contains(&(now - *oldest)) {
            return false;
        }
        *oldest = now;
        self.oldest = (self.oldest + 1) % MAX_CALLS;
        true
    }
}

impl Default for RemoteCalls {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns whether the token was refused because its key is unavailable. An attacker may have made up such a token.
fn is_without_key(error: &ClientError) -> bool {
    !error.is_final() && !is_without_policy(error)
}

/// Returns whether only a policy is unavailable. The token is then valid, and a request would meet the same outage.
fn is_without_policy(error: &ClientError) -> bool {
    error.reason == Some(Reason::PolicyUnavailable)
}

const SECONDS: UnixSeconds = 60.0;
const MAX_CALLS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_at_most_10_calls_in_any_60_seconds() {
        let mut calls = RemoteCalls::new();
        let count = |calls: &mut RemoteCalls, now| (0..20).filter(|_| calls.try_count(now)).count();
        assert_eq!(count(&mut calls, 100.0), 10);
        // A window of fixed minutes would begin again here.
        assert_eq!(count(&mut calls, 121.0), 0);
        assert_eq!(count(&mut calls, 159.9), 0);
        assert!(calls.try_count(160.0));
        assert_eq!(count(&mut calls, 161.0), 9);
        assert_eq!(count(&mut calls, 200.0), 0);
        // The clock goes back.
        assert_eq!(count(&mut calls, 50.0), 10);
    }
}
