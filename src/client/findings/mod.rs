//! The findings of `doctor`: what a check of a client's configuration found, and what to do.
//!
//! This module decides what can be decided without a request. `flow` sends the requests and reads their results.

mod clock;
pub use clock::{ClockReading, clock_finding};

mod cookies;
pub use cookies::cookie_finding;

mod project;
pub use project::{ProjectFacts, project_finding};

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The subject of the check.
    pub code: FindingCode,
    /// Whether there is a problem.
    pub severity: Severity,
    /// What was found, in sentences. It never contains the secret.
    pub message: String,
    /// What to do about it, in sentences. Empty if there is nothing to do.
    pub advice: String,
}

/// The subjects of the checks. The meaning of a code never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingCode {
    /// The project id and the secret, as the API accepts or refuses them.
    Credentials,
    /// The project's key set.
    KeySet,
    /// The difference between the clocks of this host and of the API.
    ClockSkew,
    /// Whether project id, base URL and product belong together.
    ProjectEnvironment,
    /// The names and attributes of the session cookies.
    Cookies,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The check found no problem.
    Ok,
    /// The check found a risk, or could not decide.
    Warning,
    /// Calls or sessions fail because of the problem.
    Error,
}

impl FindingCode {
    /// Returns the stable word for the code.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::KeySet => "key_set",
            Self::ClockSkew => "clock_skew",
            Self::ProjectEnvironment => "project_environment",
            Self::Cookies => "cookies",
        }
    }
}

impl Severity {
    /// Returns the stable word for the severity.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Finding {
    pub(crate) fn ok(code: FindingCode, message: &str) -> Self {
        Self::new(code, Severity::Ok, message, "")
    }

    pub(crate) fn warning(code: FindingCode, message: &str, advice: &str) -> Self {
        Self::new(code, Severity::Warning, message, advice)
    }

    pub(crate) fn error(code: FindingCode, message: &str, advice: &str) -> Self {
        Self::new(code, Severity::Error, message, advice)
    }

    pub(crate) fn new(code: FindingCode, severity: Severity, message: &str, advice: &str) -> Self {
        Self {
            code,
            severity,
            message: message.to_owned(),
            advice: advice.to_owned(),
        }
    }
}

/// Returns a text of a response for display: a terminal must not receive control characters, and the text may have any
/// length.
pub(crate) fn displayed(text: &str) -> &str {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain && (1..=MAX_DISPLAYED).contains(&text.len()) {
        text
    } else {
        "…"
    }
}

const MAX_DISPLAYED: usize = 128;
