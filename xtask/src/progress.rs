//! What a person sees while a long step runs: a spinner with the time on a
//! terminal, one plain line at its start and end everywhere else.
//!
//! Does not know what the steps are.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// The place where lines and spinners are shown.
#[derive(Debug)]
pub struct Progress {
    spinners: Option<MultiProgress>,
}

impl Progress {
    /// Shows spinners if both outputs are a terminal.
    pub fn new() -> Self {
        let terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        Self {
            spinners: terminal.then(MultiProgress::new),
        }
    }

    /// Prints a line above whatever is spinning.
    pub fn say(&self, line: &str) {
        match &self.spinners {
            Some(spinners) => spinners.suspend(|| println!("{line}")),
            None => println!("{line}"),
        }
    }

    /// Starts showing a step.
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

/// One step while it runs. Dropping it unfinished shows it as failed.
#[derive(Debug)]
pub struct Activity<'a> {
    progress: &'a Progress,
    title: String,
    started: Instant,
    spinner: Option<ProgressBar>,
    ended: bool,
}

impl Activity<'_> {
    /// Shows what the step is at, on a terminal.
    pub fn doing(&self, what: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(what.to_owned());
        }
    }

    /// Ends the step well; the note may be empty.
    pub fn done(mut self, note: &str) {
        self.end("ok", note);
    }

    /// Ends the step badly; the note says why.
    pub fn failed(mut self, note: &str) {
        self.end("FAIL", note);
    }

    /// Ends a step that did not work out and has an alternative.
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
        self.progress.say(line.trim_end());
    }
}

impl Drop for Activity<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.end("FAIL", "");
        }
    }
}
