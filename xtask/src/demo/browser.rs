//! Checks the demo in a real browser, which `tests/demo/browser.mjs` controls.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::servers::Servers;
use super::transcript::Transcript;
use crate::process::run_logged;
use crate::workshop::{Workshop, read_lossy};

/// Runs the script in Chromium. Each line `ok …` of its output is a step of the transcript.
pub fn check(
    workshop: &Workshop,
    servers: &Servers,
    transcript: &Transcript<'_>,
    chromium: &Path,
) -> Result<()> {
    let log = workshop.project.log("demo-browser")?;
    let mut command = Command::new("node");
    command
        .arg("tests/demo/browser.mjs")
        .arg(&servers.app)
        .arg(servers.emulator.outbox())
        .env("STYTCH_CHROMIUM", chromium)
        .current_dir(workshop.project.root());
    let ended = run_logged(&mut command, &log, LIMIT, || {});
    let output = read_lossy(&log);
    for step in output.lines().filter_map(|line| line.strip_prefix("ok ")) {
        transcript.step(&format!("Chromium: {}", step.trim()), || Ok(()))?;
    }
    let failed_step = output
        .lines()
        .find_map(|line| line.strip_prefix("not ok "))
        .unwrap_or("tests/demo/browser.mjs");
    if let Err(error) = ended {
        return transcript.step(&format!("Chromium: {}", failed_step.trim()), || {
            workshop.show_tail(&log);
            bail!("{error:#}")
        });
    }
    Ok(())
}

const LIMIT: Duration = Duration::from_secs(180);
