//! Whether a refused token is worth a call: the API may know of its session what the
//! token does not say.
//!
//! A stranger can send any number of made-up tokens, and each call costs a little of
//! the project's allowance. So what can be told here stays here.

use super::{ClientError, Reason};
use crate::jwt::{UnixSeconds, UntrustedToken};

/// When the API is asked about a token that was refused here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteFallback {
    /// About every one that has the form of a JWT.
    Always,
    /// About one that the API could still accept: it has expired, is older than the
    /// caller allows, or the keys that could judge it are not to be had now.
    Stale,
    /// Never.
    Never,
}

/// The calls of the API that an isolate made for a project, for tokens whose key is unavailable:
/// anyone can make up the name of a key.
#[derive(Debug, Default)]
pub struct RemoteCalls {
    /// When the running minute began.
    began: UnixSeconds,
    count: u32,
}

/// What to do about a refused token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// It is refused.
    Nothing,
    /// Ask the API.
    Call,
    /// It would be worth a call, and there were too many.
    TooMany,
}

impl RemoteFallback {
    /// What a token is worth that was refused for `error` at `now`.
    pub fn judge(
        self,
        error: &ClientError,
        token: &str,
        calls: &mut RemoteCalls,
        now: UnixSeconds,
    ) -> Worth {
        let is_worth_it = match self {
            Self::Never => false,
            Self::Stale => error.could_be_accepted() && !is_without_policy(error),
            // A text that is no JWT never leaves the isolate.
            Self::Always => UntrustedToken::parse(token).is_ok(),
        };
        match (is_worth_it, is_without_key(error)) {
            (false, _) => Worth::Nothing,
            (true, true) if !calls.take(now) => Worth::TooMany,
            (true, _) => Worth::Call,
        }
    }
}

impl RemoteCalls {
    /// No call yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            began: 0.0,
            count: 0,
        }
    }

    /// Takes one of the calls of this minute, if there is one left.
    fn take(&mut self, now: UnixSeconds) -> bool {
        // A clock that went back begins a new minute.
        if !(0.0..SECONDS).contains(&(now - self.began)) {
            *self = Self {
                began: now,
                count: 0,
            };
        }
        let is_left = self.count < MOST_CALLS;
        self.count += u32::from(is_left);
        is_left
    }
}

/// Whether it is for want of a key, so that anybody's text could be in this place.
fn is_without_key(error: &ClientError) -> bool {
    !error.is_final() && !is_without_policy(error)
}

/// The token is good then, and who asks the API in its place will find that down too.
fn is_without_policy(error: &ClientError) -> bool {
    error.reason == Some(Reason::PolicyUnavailable)
}

const SECONDS: UnixSeconds = 60.0;
const MOST_CALLS: u32 = 10;
