//! What a rule found, and how it is shown.

use std::fmt;

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, from the root of the checkout.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: String,
    /// Whether it fails the check.
    pub severity: Severity,
}

/// Whether a finding fails the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Shown, and nothing else.
    Warning,
    /// Fails the check.
    Error,
}

impl Finding {
    /// A finding that fails the check.
    pub fn error(path: &str, line: usize, message: String) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message,
            severity: Severity::Error,
        }
    }

    /// A finding to think about.
    pub fn warning(path: &str, line: usize, message: String) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(path, line, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = match self.severity {
            Severity::Warning => "warn ",
            Severity::Error => "error",
        };
        write!(out, "{label} {}:{}: {}", self.path, self.line, self.message)
    }
}
