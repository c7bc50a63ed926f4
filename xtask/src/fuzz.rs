//! `cargo xtask fuzz`: runs each target of `fuzz/` with libFuzzer for a limited time.
//!
//! Starts with the committed corpora, which `cargo test` also replays. Stores new inputs in the
//! target directory. Does not use a sanitizer, because the crate has no unsafe code and the
//! stable compiler does not have sanitizers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::run_logged;
use crate::project::cargo;
use crate::workshop::{CARGO_LIMIT, Workshop, last_line, read_lossy};

/// Runs the targets in `only` for `seconds` each. If `only` is empty, runs all targets.
pub fn run(workshop: &Workshop, seconds: u64, only: &[String]) -> Result<()> {
    for name in only {
        let known = TARGETS.contains(&name.as_str());
        ensure!(
            known,
            "--only: unknown target {name}; accepted are {}",
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
    // A failing target does not stop the others.
    let failed: Vec<&str> = TARGETS
        .iter()
        .filter(chosen)
        .filter(|target| !holds(workshop, &tools, target, seconds))
        .copied()
        .collect();
    ensure!(
        failed.is_empty(),
        "these fuzz targets failed: {}",
        failed.join(", ")
    );
    Ok(())
}

/// Runs one target and displays the number of runs. Returns `false` if the target failed.
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
    fs::create_dir_all(&learned).with_context(|| format!("cannot create {}", learned.display()))?;
    let log = project.log(&log_of(target))?;
    let mut command = cargo_fuzz(workshop, tools, "run");
    command
        .args(["--release", target])
        // libFuzzer reads both folders and writes new inputs to the first.
        .args([learned, project.path(&format!("fuzz/corpus/{target}"))])
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={SECONDS_PER_INPUT}"));
    let limit = Duration::from_secs(seconds) + GRACE;
    run_logged(&mut command, &log, limit, each_beat).with_context(|| {
        format!(
            "the input is in fuzz/artifacts/{target}; move it to fuzz/corpus/{target} under a \
             descriptive name to reproduce the failure with `cargo test --test corpus`"
        )
    })?;
    runs(&read_lossy(&log))
        .with_context(|| format!("{} has no line `Done <count> runs`", log.display()))
}

/// Reads `Done 123 runs in 4 second(s)`.
fn runs(log: &str) -> Option<u64> {
    let line = log.lines().rev().find(|line| line.starts_with("Done "))?;
    let count = line.split(' ').nth(1)?.parse().ok()?;
    (count > 0).then_some(count)
}

/// Installs cargo-fuzz into the target directory, once. Returns the folder of its binary.
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
const SECONDS_PER_INPUT: u64 = 20;
/// Additional time for the start, the corpus and the last input.
const GRACE: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_without_runs_is_an_error() {
        let log = "INFO: seed\n#8\tDONE\nDone 1234 runs in 5 second(s)\n";
        assert_eq!(runs(log), Some(1234));
        assert_eq!(runs("Done 0 runs in 5 second(s)"), None);
        assert_eq!(runs("no such target"), None);
    }

    #[test]
    fn every_target_has_a_corpus_and_every_corpus_a_target() {
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
