//! `cargo xtask fuzz`: libFuzzer looks for bytes that break what `fuzz/` promises,
//! target by target, for a bounded time.
//!
//! Begins with the committed corpora, which `cargo test` replays in any case, and
//! keeps what it learns in the target directory. No sanitizer: the crate has no
//! unsafe code, and a stable compiler has none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::run_logged;
use crate::project::cargo;
use crate::workshop::{CARGO_LIMIT, Workshop, last_line, read_lossy};

/// Runs every target for that many seconds, or the named ones.
pub fn run(workshop: &Workshop, seconds: u64, only: &[String]) -> Result<()> {
    for name in only {
        let known = TARGETS.contains(&name.as_str());
        ensure!(
            known,
            "there is no target {name}; there are {}",
            TARGETS.join(", ")
        );
    }
    let tools = install(workshop)?;
    workshop.run(
        "build the fuzz targets",
        "fuzz-build",
        cargo_fuzz(workshop, &tools, "build").arg("--release"),
        CARGO_LIMIT,
    )?;
    let chosen = |target: &&&str| only.is_empty() || only.iter().any(|name| name == **target);
    // One that finds something does not keep the others from looking.
    let failed: Vec<&str> = TARGETS
        .iter()
        .filter(chosen)
        .filter(|target| !holds(workshop, &tools, target, seconds))
        .copied()
        .collect();
    ensure!(failed.is_empty(), "broken: {}", failed.join(", "));
    Ok(())
}

/// Runs one target and says how often; false if it broke.
fn holds(workshop: &Workshop, tools: &Path, target: &str, seconds: u64) -> bool {
    let activity = workshop.progress.begin(&format!("fuzz {target}"));
    let outcome = explore(workshop, tools, target, seconds, || {
        let log = workshop.project.log(&log_of(target));
        activity.doing(&log.map(|log| last_line(&log)).unwrap_or_default());
    });
    match outcome {
        Ok(runs) => {
            activity.done(&format!("{runs} runs"));
            true
        }
        Err(error) => {
            activity.failed(&format!("{error:#}"));
            if let Ok(log) = workshop.project.log(&log_of(target)) {
                workshop.show_tail(&log);
            }
            false
        }
    }
}

fn explore(
    workshop: &Workshop,
    tools: &Path,
    target: &str,
    seconds: u64,
    each_beat: impl FnMut(),
) -> Result<u64> {
    let project = &workshop.project;
    let learned = project.target(&format!("fuzz/corpus/{target}"));
    fs::create_dir_all(&learned).with_context(|| format!("cannot make {}", learned.display()))?;
    let log = project.log(&log_of(target))?;
    let mut command = cargo_fuzz(workshop, tools, "run");
    command
        .args(["--release", target])
        // libFuzzer writes into the first and only reads the second.
        .args([learned, project.path(&format!("fuzz/corpus/{target}"))])
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={SECONDS_FOR_ONE_INPUT}"));
    let limit = Duration::from_secs(seconds) + GRACE;
    run_logged(&mut command, &log, limit, each_beat).with_context(|| {
        format!(
            "what broke it is in fuzz/artifacts/{target}; move it to fuzz/corpus/{target} \
             under a name that says what it is, and `cargo test --test corpus` fails too"
        )
    })?;
    runs(&read_lossy(&log)).context("libFuzzer did not say how often it ran")
}

/// Reads `Done 123 runs in 4 second(s)`.
fn runs(log: &str) -> Option<u64> {
    let line = log.lines().rev().find(|line| line.starts_with("Done "))?;
    let count = line.split(' ').nth(1)?.parse().ok()?;
    (count > 0).then_some(count)
}

/// cargo-fuzz, kept where a second run finds it; the folder of its binary.
fn install(workshop: &Workshop) -> Result<PathBuf> {
    let root = workshop.project.target("tools");
    let tools = root.join("bin");
    if !tools.join("cargo-fuzz").exists() {
        workshop.run(
            "install cargo-fuzz",
            "cargo-fuzz-install",
            Command::new(cargo())
                .args(["install", "cargo-fuzz", "--locked", "--version", VERSION])
                .arg("--root")
                .arg(&root)
                .current_dir(workshop.project.root()),
            CARGO_LIMIT,
        )?;
    }
    Ok(tools)
}

fn cargo_fuzz(workshop: &Workshop, tools: &Path, subcommand: &str) -> Command {
    let mut command = Command::new(tools.join("cargo-fuzz"));
    command
        .args(["fuzz", subcommand, "--fuzz-dir", "fuzz"])
        .args(["--sanitizer", "none", "--target-dir"])
        .arg(workshop.project.target("fuzz"))
        .current_dir(workshop.project.root());
    command
}

fn log_of(target: &str) -> String {
    format!("fuzz-{target}")
}

const TARGETS: [&str; 5] = ["token", "key_set", "json", "arithmetic", "digits"];
const VERSION: &str = "0.13.2";
const SECONDS_FOR_ONE_INPUT: u64 = 20;
/// For the start, the corpus and the last input.
const GRACE: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_no_silence_for_runs() {
        let log = "INFO: seed\n#8\tDONE\nDone 1234 runs in 5 second(s)\n";
        assert_eq!(runs(log), Some(1234));
        assert_eq!(runs("Done 0 runs in 5 second(s)"), None);
        assert_eq!(runs("no such target"), None);
    }

    #[test]
    fn every_target_has_a_corpus_and_no_corpus_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus");
        let mut found: Vec<String> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        found.sort();
        let mut targets = TARGETS;
        targets.sort_unstable();
        assert_eq!(found, targets);
    }
}
