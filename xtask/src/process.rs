//! Child processes that end with their step.
//!
//! Every child leads a process group of its own, and the whole group is ended
//! by its number: a test runner's servers do not outlive the runner, and nothing
//! is ever ended by name. Works on Unix only, like wrangler's own signals here.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// A running child and all that it started.
#[derive(Debug)]
pub struct Group {
    child: Child,
    id: Pid,
}

impl Group {
    /// Starts a command as the leader of its own group. Its standard input must not
    /// be the terminal: a background group that reads from one is stopped.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        check_interrupted()?;
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}; is it installed?"))?;
        let id = Pid::from_raw(i32::try_from(child.id()).context("a process id out of range")?);
        live(|groups| groups.push(id));
        Ok(Self { child, id })
    }

    /// The leader, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How the leader ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for the leader, `limit` at most, and calls `each_beat` a few times a
    /// second. What is left of the group when this returns is ended by `Drop`.
    pub fn wait(&mut self, limit: Duration, mut each_beat: impl FnMut()) -> Result<ExitStatus> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            check_interrupted()?;
            if started.elapsed() > limit {
                bail!("did not end within {} s", limit.as_secs());
            }
            each_beat();
            sleep(BEAT);
        }
    }

    fn end(&mut self) {
        // An error means that no process of the group is left.
        let mut left = killpg(self.id, Signal::SIGTERM).is_ok();
        let asked = Instant::now();
        while left && asked.elapsed() < PATIENCE {
            sleep(Duration::from_millis(20));
            // Reaps the leader; a zombie would count as left for ever.
            let _ = self.child.try_wait();
            left = killpg(self.id, None).is_ok();
        }
        if left {
            let _ = killpg(self.id, Signal::SIGKILL);
            let _ = self.child.wait();
        }
        live(|groups| groups.retain(|id| *id != self.id));
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs a command to its end with all its output in a log file.
///
/// Fails when it cannot start, exits non-zero, or takes longer than `limit`.
pub fn run_logged(
    command: &mut Command,
    log: &Path,
    limit: Duration,
    each_beat: impl FnMut(),
) -> Result<()> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    let status = Group::spawn(command)?.wait(limit, each_beat)?;
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}

/// Makes Ctrl-C and SIGTERM end the children first, then this process.
///
/// The first signal is noticed by whoever waits, who then lets go of its
/// children; the second one ends everything at once.
pub fn watch_for_signals() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            live(|groups| {
                for id in groups.iter() {
                    let _ = killpg(*id, Signal::SIGKILL);
                }
            });
            std::process::exit(EXIT_INTERRUPTED.into());
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C or SIGTERM came.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// An error if Ctrl-C or SIGTERM came.
pub fn check_interrupted() -> Result<()> {
    if interrupted() {
        bail!("interrupted");
    }
    Ok(())
}

/// What a shell reports for a command that Ctrl-C ended.
pub const EXIT_INTERRUPTED: u8 = 130;

fn live(change: impl FnOnce(&mut Vec<Pid>)) {
    let mut groups = match LIVE.lock() {
        Ok(groups) => groups,
        Err(poisoned) => poisoned.into_inner(),
    };
    change(&mut groups);
}

static LIVE: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

const BEAT: Duration = Duration::from_millis(40);
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ends_the_grandchildren_with_the_child() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & sleep 600"]);
        let group = Group::spawn(&mut command).unwrap();
        let id = group.id;
        assert!(killpg(id, None).is_ok());
        drop(group);
        assert!(killpg(id, None).is_err());
    }

    #[test]
    fn reports_a_child_that_takes_too_long() {
        let mut group = Group::spawn(Command::new("sleep").arg("600")).unwrap();
        let error = group.wait(Duration::from_millis(60), || {}).unwrap_err();
        assert_eq!(error.to_string(), "did not end within 0 s");
    }
}
