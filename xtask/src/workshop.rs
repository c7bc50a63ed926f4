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

    /// Shows what a log says of failures: the blocks that begin with `FAIL`, or else its
    /// last lines.
    pub fn show_tail(&self, log: &Path) {
        for line in telling_lines(&read_lossy(log)) {
            self.progress.say(&format!("      | {line}"));
        }
    }
}

fn telling_lines(text: &str) -> Vec<&str> {
    let mut in_block = false;
    let blocks = text.lines().filter(|line| {
        in_block = line.starts_with("FAIL") || (in_block && line.starts_with(' '));
        in_block
    });
    let blocks: Vec<&str> = blocks.take(MOST_LINES).collect();
    if !blocks.is_empty() {
        return blocks;
    }
    let lines: Vec<&str> = text.lines().collect();
    let (_, last) = lines.split_at(lines.len().saturating_sub(MOST_LINES));
    last.to_vec()
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

const MOST_LINES: usize = 40;

/// Enough for a cargo build on a slow machine.
pub const CARGO_LIMIT: Duration = Duration::from_secs(45 * 60);
/// Enough for a download of some hundred megabytes.
pub const FETCH_LIMIT: Duration = Duration::from_secs(20 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_failures_of_a_log_before_its_end() {
        assert_eq!(
            telling_lines("ok a\nFAIL b\n  why\nok c\n"),
            ["FAIL b", "  why"]
        );
        assert_eq!(telling_lines("one\ntwo\n"), ["one", "two"]);
        let long = "line\n".repeat(MOST_LINES + 1);
        assert_eq!(telling_lines(&long).len(), MOST_LINES);
    }
}
