//! Prints and counts the steps of `cargo xtask demo --check`, one line each.

use std::cell::Cell;

use anyhow::{Context, Result, ensure};

use crate::progress::Progress;

/// Prints each step when it ends, and counts passed and failed steps.
pub struct Transcript<'a> {
    progress: &'a Progress,
    passed: Cell<u32>,
    failed: Cell<u32>,
}

impl<'a> Transcript<'a> {
    /// A transcript without steps.
    pub fn new(progress: &'a Progress) -> Self {
        Self {
            progress,
            passed: Cell::new(0),
            failed: Cell::new(0),
        }
    }

    /// Runs a step and prints whether it passed.
    pub fn step<T>(&self, title: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
        match run() {
            Ok(value) => {
                self.passed.set(self.passed.get() + 1);
                self.progress.print(&format!("ok    {title}"));
                Ok(value)
            }
            Err(error) => {
                self.failed.set(self.failed.get() + 1);
                self.progress.print(&format!("FAIL  {title}"));
                Err(error).with_context(|| title.to_owned())
            }
        }
    }

    /// The totals, as `cargo xtask test` reads them: `N passed, M failed`.
    pub fn tally(&self) -> String {
        format!("{} passed, {} failed", self.passed.get(), self.failed.get())
    }
}

/// Fails with both values if they differ.
pub fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    ensure!(
        found == expected,
        "{what}: {found:?}, expected {expected:?}"
    );
    Ok(())
}
