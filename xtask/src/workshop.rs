//! The context of every command: the checkout, the progress display, and the choice of a wasm
//! standard library. Runs long child processes.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process::run_logged;
use crate::progress::{Activity, Progress};
use crate::project::Project;
use crate::setup::wasm_std::Choice;

/// The context that is passed to every command.
#[derive(Debug)]
pub struct Workshop {
    /// The paths of the checkout.
    pub project: Project,
    /// The display of steps.
    pub progress: Progress,
    /// The value of `--wasm-std`.
    pub wasm_std: Choice,
}

impl Workshop {
    /// Runs a command as one displayed step, with its output in `target/logs/<log>.log`.
    ///
    /// If the command fails, prints the end of the log and returns an error with the path of the log.
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

    /// Like [`Workshop::run`], for a command that has an alternative. A failure prints one line.
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
                    "`{title}` failed; its output is in {}",
                    self.project.shown(&log)
                );
            }
        }
    }

    /// Prints the failures in a log, which are blocks that begin with `FAIL`. Without such blocks,
    /// prints its last lines.
    pub fn show_tail(&self, log: &Path) {
        for line in relevant_lines(&read_lossy(log)) {
            self.progress.print(&format!("      | {line}"));
        }
    }
}

fn relevant_lines(text: &str) -> Vec<&str> {
    let mut in_block = false;
    let blocks = text.lines().filter(|line| {
        in_block = line.starts_with("FAIL") || (in_block && line.starts_with(' '));
        in_block
    });
    let blocks: Vec<&str> = blocks.take(MAX_LINES).collect();
    if !blocks.is_empty() {
        return blocks;
    }
    let lines: Vec<&str> = text.lines().collect();
    let (_, last) = lines.split_at(lines.len().saturating_sub(MAX_LINES));
    last.to_vec()
}

/// The last line of a log that is not blank. Empty if all lines are blank.
pub fn last_line(log: &Path) -> String {
    let text = read_lossy(log);
    text.lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// A log as text. Invalid UTF-8 is replaced.
pub fn read_lossy(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
}

const MAX_LINES: usize = 40;

/// Sufficient for a cargo build on a slow machine.
pub const CARGO_LIMIT: Duration = Duration::from_secs(45 * 60);
/// Sufficient for a download of several hundred megabytes.
pub const FETCH_LIMIT: Duration = Duration::from_secs(20 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefers_the_failures_of_a_log_to_its_last_lines() {
        assert_eq!(
            relevant_lines("ok a\nFAIL b\n  why\nok c\n"),
            ["FAIL b", "  why"]
        );
        assert_eq!(relevant_lines("one\ntwo\n"), ["one", "two"]);
        let long = "line\n".repeat(MAX_LINES + 1);
        assert_eq!(relevant_lines(&long).len(), MAX_LINES);
    }
}
