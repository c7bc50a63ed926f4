//! Displays long steps: on a terminal, a spinner with the elapsed time; otherwise one line at
//! the start and one at the end.
//!
//! Does not know the steps.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// The display for lines and spinners.
#[derive(Debug)]
pub struct Progress {
    spinners: Option<MultiProgress>,
}

impl Progress {
    /// Displays spinners if stdout and stderr are terminals.
    pub fn new() -> Self {
        let terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        Self {
            spinners: terminal.then(MultiProgress::new),
        }
    }

    /// Prints a line above the spinners.
    pub fn print(&self, line: &str) {
        match &self.spinners {
            Some(spinners) => spinners.suspend(|| println!("{line}")),
            None => println!("{line}"),
        }
    }

    /// Starts the display of a step.
    pub fn begin(&self, title: &str) -> Activity<'_> {
        let spinner = self.spinners.as_ref().map(|spinners| {
            let bar = spinners.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template(
                "{spinner:.cyan}  {prefix} {elapsed:.dim}  {wide_msg:.dim}",
            ) {
                bar.set_style(style);
            }
            bar.set_prefix(title.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if spinner.is_none() {
            println!("..    {title}");
        }
        Activity {
            progress: self,
            title: title.to_owned(),
            started: Instant::now(),
            spinner,
            ended: false,
        }
    }
}

/// A running step. If it is dropped before its end, it is displayed as failed.
#[derive(Debug)]
pub struct Activity<'a> {
    progress: &'a Progress,
    title: String,
    started: Instant,
    spinner: Option<ProgressBar>,
    ended: bool,
}

impl Activity<'_> {
    /// Displays the current activity of the step, on a terminal only.
    pub fn doing(&self, what: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(what.to_owned());
        }
    }

    /// Ends the step as successful. The note may be empty.
    pub fn done(mut self, note: &str) {
        self.end("ok", note);
    }

    /// Ends the step as failed. The note contains the reason.
    pub fn failed(mut self, note: &str) {
        self.end("FAIL", note);
    }

    /// Ends a failed step that has an alternative.
    pub fn given_up(mut self, note: &str) {
        self.end("--", note);
    }

    fn end(&mut self, outcome: &str, note: &str) {
        self.ended = true;
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let line = format!("{outcome:<5} {} ({seconds:.1} s)  {note}", self.title);
        self.progress.print(line.trim_end());
    }
}

impl Drop for Activity<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.end("FAIL", "");
        }
    }
}
