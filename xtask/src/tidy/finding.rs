//! A finding of a rule, and its format.

use std::fmt;

/// A line that breaks a rule. Every finding fails the check; there are no warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The path of the file, relative to the root of the checkout.
    pub path: String,
    /// The line number, starting at 1.
    pub line: usize,
    /// The mistake, and the correction.
    pub message: String,
}

impl Finding {
    pub fn new(path: &str, line: usize, message: String) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "error {}:{}: {}", self.path, self.line, self.message)
    }
}
