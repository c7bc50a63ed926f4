//! The walked steps, one line each.

use std::cell::Cell;

use anyhow::{Context, Result, ensure};

use crate::progress::Progress;

/// Prints each step as it is taken, and counts.
pub struct Transcript<'a> {
    progress: &'a Progress,
    passed: Cell<u32>,
    failed: Cell<u32>,
}

impl<'a> Transcript<'a> {
    /// An empty one.
    pub fn new(progress: &'a Progress) -> Self {
        Self {
            progress,
            passed: Cell::new(0),
            failed: Cell::new(0),
        }
    }

    /// Takes a step and prints how it went.
    pub fn step<T>(&self, title: &str, take: impl FnOnce() -> Result<T>) -> Result<T> {
        match take() {
            Ok(value) => {
                self.passed.set(self.passed.get() + 1);
                self.progress.say(&format!("ok    {title}"));
                Ok(value)
            }
            Err(error) => {
                self.failed.set(self.failed.get() + 1);
                self.progress.say(&format!("FAIL  {title}"));
                Err(error).with_context(|| title.to_owned())
            }
        }
    }

    /// What `cargo xtask test` reads: `N passed, M failed`.
    pub fn tally(&self) -> String {
        format!("{} passed, {} failed", self.passed.get(), self.failed.get())
    }
}

/// Fails with both values if they differ.
pub fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, wanted: T) -> Result<()> {
    ensure!(
        found == wanted,
        "{what} is {found:?}, and should be {wanted:?}"
    );
    Ok(())
}
