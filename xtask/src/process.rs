//! Child processes that end with their step.
//!
//! Every child leads its own process group, and the whole group is ended by its id. So the
//! servers of a test runner end with the runner, and processes are never ended by name.
//! Works on Unix only.

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

/// A running child and all processes that it started.
#[derive(Debug)]
pub struct Group {
    child: Child,
    id: Pid,
}

impl Group {
    /// Starts a command as the leader of its own group. Its standard input must not be the
    /// terminal, because a background group that reads from the terminal is stopped.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        check_interrupted()?;
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}; is it installed?"))?;
        let id =
            Pid::from_raw(i32::try_from(child.id()).context("the process id is out of range")?);
        live(|groups| groups.push(id));
        Ok(Self { child, id })
    }

    /// The leader, for access to its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The exit status of the leader, if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for the leader, at most `limit`, and calls `each_beat` every 40 ms. `Drop` ends the
    /// rest of the group.
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
        let mut is_running = killpg(self.id, Signal::SIGTERM).is_ok();
        let asked = Instant::now();
        while is_running && asked.elapsed() < TERM_TIMEOUT {
            sleep(Duration::from_millis(20));
            // Reaps the leader, because a zombie would count as running.
            let _ = self.child.try_wait();
            is_running = killpg(self.id, None).is_ok();
        }
        if is_running {
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

/// Runs a command to its end and writes all its output to a log file.
///
/// Fails if the command cannot start, exits with a non-zero status, or takes longer than `limit`.
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

/// Handles Ctrl-C and SIGTERM, which end the children first and then this process.
///
/// After the first signal, functions that wait return an error, so their children are dropped.
/// A second signal kills all children and exits immediately.
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
    .context("cannot handle Ctrl-C")
}

/// Whether this process has received Ctrl-C or SIGTERM.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Returns an error if this process has received Ctrl-C or SIGTERM.
pub fn check_interrupted() -> Result<()> {
    if interrupted() {
        bail!("interrupted");
    }
    Ok(())
}

/// The exit code of shells for a command that was interrupted by Ctrl-C.
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
const TERM_TIMEOUT: Duration = Duration::from_secs(5);

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
