//! What every command works with: the checkout, the progress display, and the
//! choice of a wasm standard library; and how it runs one long command.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process::run_logged;
use crate::progress::{Activity, Progress};
use crate::project::Project;
use crate::setup::wasm_std::Choice;

/// Handed to every command of xtask.
#[derive(Debug)]
pub struct Workshop {
    /// Where things are.
    pub project: Project,
    /// What a person sees.
    pub progress: Progress,
    /// Which way to a wasm standard library was asked for.
    pub wasm_std: Choice,
}

impl Workshop {
    /// Runs a command as one visible step, with its output in `target/logs/<log>.log`.
    ///
    /// When it fails, the end of the log is shown and the error names the file.
    pub fn run(
        &self,
        title: &str,
        log: &str,
        command: &mut Command,
        limit: Duration,
    ) -> Result<()> {
        self.watch(title, log, command, limit, |activity, error, log| {
            activity.failed(&format!("{error:#}"));
            self.show_tail(log);
        })
    }

    /// Like [`Workshop::run`], for a command that has an alternative: that it did not
    /// work out is one line.
    pub fn attempt(
        &self,
        title: &str,
        log: &str,
        command: &mut Command,
        limit: Duration,
    ) -> Result<()> {
        self.watch(title, log, command, limit, |activity, error, _| {
            activity.given_up(&format!("{error:#}"));
        })
    }

    fn watch(
        &self,
        title: &str,
        log: &str,
        command: &mut Command,
        limit: Duration,
        show_failure: impl FnOnce(Activity<'_>, &anyhow::Error, &Path),
    ) -> Result<()> {
        let log = self.project.log(log)?;
        let activity = self.progress.begin(title);
        match run_logged(command, &log, limit, || activity.doing(&last_line(&log))) {
            Ok(()) => {
                activity.done("");
                Ok(())
            }
            Err(error) => {
                show_failure(activity, &error, &log);
                bail!(
                    "{title} failed; its output is in {}",
                    self.project.shown(&log)
                );
            }
        }
    }

    /// Shows the last lines of a log.
    pub fn show_tail(&self, log: &Path) {
        let text = read_lossy(log);
        let lines: Vec<&str> = text.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(TAIL_LINES)) {
            self.progress.say(&format!("      | {line}"));
        }
    }
}

/// The last line of a growing file, or nothing.
pub fn last_line(log: &Path) -> String {
    let text = read_lossy(log);
    text.lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// A log as text; what is no UTF-8 is replaced.
pub fn read_lossy(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
}

const TAIL_LINES: usize = 30;

/// Enough for a cargo build on a slow machine.
pub const CARGO_LIMIT: Duration = Duration::from_secs(45 * 60);
/// Enough for a download of some hundred megabytes.
pub const FETCH_LIMIT: Duration = Duration::from_secs(20 * 60);
