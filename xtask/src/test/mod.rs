//! `cargo xtask test`: runs all checks and tests, and prints the total in the last line.
//!
//! The steps are rows in `steps`. This module runs them in order and prints the results. If a
//! step fails, then the steps that need it are not run.

mod run;
mod steps;
mod tally;

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Result, bail};

use self::steps::{Lane, STEPS, Step};
use self::tally::Tally;
use crate::process::check_interrupted;
use crate::workshop::Workshop;

/// The cells of the frameworks matrix to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells {
    /// The cells that always run, and a share of the others. The commit determines the share.
    Sample,
    All,
}

/// The result of a step.
#[derive(Clone, Debug)]
pub struct Outcome {
    name: &'static str,
    tally: Tally,
    took: Duration,
}

/// Runs the steps in `only` and the steps that they need. If `only` is empty, runs all steps.
/// Prints the total in the last line. The exit code is 0 if no test failed.
pub fn run(workshop: &Workshop, only: &[String], cells: Cells) -> Result<ExitCode> {
    let chosen = choose(only)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for batch in batches(&chosen) {
        check_interrupted()?;
        outcomes.extend(run_batch(workshop, batch, &outcomes, cells));
    }
    check_interrupted()?;
    show(workshop, &outcomes);
    let total: Tally = outcomes.iter().map(|outcome| outcome.tally).sum();
    let summary = format!("{} passed, {} failed", total.passed, total.failed);
    workshop.progress.print(&summary);
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn choose(only: &[String]) -> Result<Vec<&'static Step>> {
    for name in only {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            bail!(
                "--only: unknown step {name}; accepted are {}",
                names.join(", ")
            );
        }
    }
    let mut wanted: Vec<&str> = only.iter().map(String::as_str).collect();
    // The steps that a step needs precede it in the table.
    for step in STEPS.iter().rev().filter(|_| !only.is_empty()) {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    Ok(STEPS
        .iter()
        .filter(|step| only.is_empty() || wanted.contains(&step.name))
        .collect())
}

/// Groups consecutive steps that may run at the same time. All other steps run alone.
fn batches<'a>(steps: &'a [&'static Step]) -> impl Iterator<Item = &'a [&'static Step]> {
    steps.chunk_by(|a, b| a.lane == Lane::Parallel && b.lane == Lane::Parallel)
}

fn run_batch(
    workshop: &Workshop,
    batch: &[&'static Step],
    before: &[Outcome],
    cells: Cells,
) -> Vec<Outcome> {
    let queue = Mutex::new(batch.iter());
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..batch.len().min(MAX_PARALLEL) {
            scope.spawn(|| {
                while let Some(step) = next(&queue) {
                    let outcome = run::step(workshop, step, before, cells);
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push(outcome);
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_default();
    outcomes.sort_by_key(|outcome| STEPS.iter().position(|step| step.name == outcome.name));
    outcomes
}

fn next(queue: &Mutex<std::slice::Iter<'_, &'static Step>>) -> Option<&'static Step> {
    queue.lock().ok()?.next().copied()
}

fn show(workshop: &Workshop, outcomes: &[Outcome]) {
    workshop.progress.print("");
    workshop.progress.print(&format!(
        "{:<22}{:>8}{:>8}{:>9}",
        "step", "passed", "failed", "time"
    ));
    for Outcome { name, tally, took } in outcomes {
        let seconds = format!("{:.1} s", took.as_secs_f64());
        let mark = if tally.failed > 0 { "  <-" } else { "" };
        workshop.progress.print(&format!(
            "{name:<22}{:>8}{:>8}{seconds:>9}{mark}",
            tally.passed, tally.failed
        ));
    }
    workshop.progress.print("");
}

/// The test machines have two cores, and a runner uses about one.
const MAX_PARALLEL: usize = 2;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_needed_step_precedes_the_step_that_needs_it() {
        for (at, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                let found = STEPS.iter().position(|other| other.name == *need);
                assert!(
                    found.is_some_and(|found| found < at),
                    "{} needs {need}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn a_chosen_step_runs_with_the_steps_that_it_needs_only() {
        let names: Vec<&str> = choose(&["node-import".into()])
            .unwrap()
            .iter()
            .map(|step| step.name)
            .collect();
        assert!(names.contains(&"build"));
        assert!(names.contains(&"node-import"));
        assert!(!names.contains(&"clippy"));
        assert!(choose(&["nonsense".into()]).is_err());
    }

    #[test]
    fn only_consecutive_parallel_steps_run_together() {
        let sizes: Vec<usize> = batches(&choose(&[]).unwrap()).map(<[_]>::len).collect();
        let runners = STEPS
            .iter()
            .filter(|step| step.lane == Lane::Parallel)
            .count();
        assert_eq!(sizes.iter().max(), Some(&runners));
        assert_eq!(sizes.iter().sum::<usize>(), STEPS.len());
    }
}
