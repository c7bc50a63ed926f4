//! Runs one step and counts its tests.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::steps::{SetUp, Step, Work};
use super::tally::Tally;
use super::{Cells, Outcome};
use crate::process::run_logged;
use crate::project::cargo;
use crate::setup::chromium;
use crate::setup::node::{self, Folder};
use crate::setup::python;
use crate::setup::wasm_std::WasmStd;
use crate::workshop::{CARGO_LIMIT, Workshop, last_line, read_lossy};
use crate::{build, emulator, lint, package};

/// Runs a step, unless a step that it needs has failed.
pub fn step(workshop: &Workshop, step: &Step, before: &[Outcome], cells: Cells) -> Outcome {
    let started = Instant::now();
    let missing = step.needs.iter().find(|need| {
        before
            .iter()
            .any(|outcome| outcome.name == **need && outcome.tally.failed > 0)
    });
    let tally = match (missing, step.work) {
        (Some(need), _) => {
            workshop.progress.print(&format!(
                "FAIL  {}: not run, because {need} failed",
                step.name
            ));
            Tally::FAILED
        }
        (None, Work::SetUp(what)) => match set_up(workshop, what) {
            Ok(()) => Tally::default(),
            Err(error) => {
                workshop
                    .progress
                    .print(&format!("FAIL  {}: {error:#}", step.name));
                Tally::FAILED
            }
        },
        (None, _) => match commands(workshop, step, cells) {
            Ok(commands) => run_and_count(workshop, step, commands),
            Err(error) => {
                workshop
                    .progress
                    .print(&format!("FAIL  {}: {error:#}", step.name));
                Tally::FAILED
            }
        },
    };
    Outcome {
        name: step.name,
        tally,
        took: started.elapsed(),
    }
}

fn set_up(workshop: &Workshop, what: SetUp) -> Result<()> {
    match what {
        SetUp::WasmStd => WasmStd::find_or_install(workshop).map(drop),
        SetUp::Build => build::run(workshop),
        SetUp::Package => package::install(workshop, &package::STYTCH_EDGE),
        SetUp::EmulatorPackage => {
            build::emulator::run(workshop)?;
            package::install(workshop, &package::STYTCH_EMULATOR)
        }
        SetUp::Bundlers => node::install(workshop, Folder::Packaging),
        SetUp::WorkerExample => node::install(workshop, Folder::WorkerExample),
        SetUp::Chromium => chromium::find_or_install(workshop).map(drop),
        SetUp::Python => python::find_or_install_venv(workshop),
        SetUp::Emulator => emulator::binary(workshop).map(drop),
        SetUp::RustWorker => build::rust_worker::run(workshop),
    }
}

fn commands(workshop: &Workshop, step: &Step, cells: Cells) -> Result<Vec<Command>> {
    let mut command = match step.work {
        Work::Cargo(arguments) | Work::CargoTests(arguments) => {
            let mut command = Command::new(cargo());
            command.args(arguments);
            command
        }
        Work::Xtask(arguments) | Work::XtaskTests(arguments) => {
            let mut command = Command::new(env::current_exe()?);
            command
                .arg("--wasm-std")
                .arg(workshop.wasm_std.name())
                .args(arguments);
            command
        }
        Work::ServerTestsInNpm => {
            let mut command = Command::new(cargo());
            command
                .args(["test", "--workspace", "--all-features", "--test", "server"])
                .env("STYTCH_EMULATOR_COMMAND", server_in_npm(workshop)?);
            command
        }
        Work::ClippyForWasm => return clippy_for_wasm(workshop),
        Work::Lint(linter) => lint::command(workshop, linter)?,
        Work::LintBreaches => {
            let mut command = Command::new("node");
            command
                .arg("tests/lint/breaches.mjs")
                .envs(lint::programs(workshop)?);
            command
        }
        Work::Runner | Work::Matrix => {
            let mut command = Command::new("node");
            command.arg(format!("tests/runtimes/{}.mjs", step.name));
            if cells == Cells::All {
                command.env("STYTCH_CELLS", "all");
            }
            command
        }
        Work::NpmTest(folder) => {
            let mut command = Command::new("npm");
            command.args(["test", "--prefix", folder]);
            command
        }
        Work::SetUp(_) => return Err(anyhow::anyhow!("the step {} has no command", step.name)),
    };
    command.current_dir(workshop.project.root());
    if matches!(step.work, Work::Runner | Work::Matrix | Work::NpmTest(_)) {
        for (name, value) in runner_environment(workshop, step)? {
            command.env(name, value);
        }
    }
    Ok(vec![command])
}

/// The environment variables of a runner, according to the steps that it needs.
fn runner_environment(
    workshop: &Workshop,
    step: &Step,
) -> Result<Vec<(&'static str, std::path::PathBuf)>> {
    let mut environment = Vec::new();
    for need in step.needs {
        environment.extend(match *need {
            "build" => Some((
                "STYTCH_WASM_OPT",
                node::tool(workshop, Folder::Xtask, "wasm-opt")?,
            )),
            "package" => Some((
                "STYTCH_TARBALL",
                package::tarball(workshop, &package::STYTCH_EDGE)?,
            )),
            "emulator" => Some(("STYTCH_EMULATOR_BIN", emulator::path(workshop))),
            "rust-worker-build" => {
                Some(("STYTCH_RUST_WORKER", build::rust_worker::folder(workshop)))
            }
            "browser" => Some(("STYTCH_CHROMIUM", chromium::find_or_install(workshop)?)),
            "worker-tools" => Some((
                "WRANGLER_NODE_BIN",
                node::bin_folder(workshop, Folder::WorkerExample)?,
            )),
            _ => None,
        });
    }
    Ok(environment)
}

/// The command that starts the server of the installed package `stytch-emulator`.
fn server_in_npm(workshop: &Workshop) -> Result<String> {
    let bin = node::bin_folder(workshop, Folder::EmulatorTests)?;
    Ok(format!("node {}", bin.join("stytch-emulator").display()))
}

/// Clippy for the clients, and for the wasm of `stytch-edge/verify`: the same crates without features.
fn clippy_for_wasm(workshop: &Workshop) -> Result<Vec<Command>> {
    let wasm_std = WasmStd::find_or_install(workshop)?;
    wasm_std.install_clippy(workshop)?;
    let clippy = |features| {
        let mut command = wasm_std.cargo(&[
            "clippy",
            "--package",
            "stytch-edge",
            "--package",
            "stytch-edge-npm",
            "--package",
            "stytch-edge-arithmetic",
            "--package",
            "stytch-emulator-npm",
            "--lib",
            features,
        ]);
        command
            .arg("--target-dir")
            .arg(build::target_folder(workshop, &wasm_std))
            .current_dir(workshop.project.root())
            // Flags with which all code for wasm is compiled. Otherwise clippy would skip the SIMD code.
            .env("CARGO_ENCODED_RUSTFLAGS", build::RELAXED_SIMD)
            .args(["--", "--deny", "warnings"]);
        command
    };
    Ok(["--all-features", "--no-default-features"]
        .map(clippy)
        .into())
}

fn run_and_count(workshop: &Workshop, step: &Step, mut commands: Vec<Command>) -> Tally {
    let activity = workshop.progress.begin(step.name);
    let log = match workshop.project.log(step.name) {
        Ok(log) => log,
        Err(error) => {
            activity.failed(&format!("{error:#}"));
            return Tally::FAILED;
        }
    };
    let ended = commands.iter_mut().try_for_each(|command| {
        run_logged(command, &log, limit(step.work), || {
            activity.doing(&last_line(&log));
        })
    });
    let output = read_lossy(&log);
    let counted = match step.work {
        Work::CargoTests(_) | Work::ServerTestsInNpm => Tally::of_cargo(&output),
        Work::Runner
        | Work::Matrix
        | Work::NpmTest(_)
        | Work::XtaskTests(_)
        | Work::LintBreaches => Tally::of_last_line(&output),
        _ if ended.is_ok() => Tally::PASSED,
        _ => Tally::FAILED,
    };
    let tally = counted.with_status(ended.is_ok());
    if tally.failed == 0 {
        activity.done(&format!("{} passed", tally.passed));
    } else {
        let reason = match &ended {
            Err(error) => format!("{error:#}"),
            Ok(()) if counted == Tally::default() => "the step ran no tests".to_owned(),
            Ok(()) => String::new(),
        };
        activity.failed(&format!("{} failed; {reason}", tally.failed));
        workshop.show_tail(&log);
    }
    tally
}

fn limit(work: Work) -> Duration {
    match work {
        Work::Runner | Work::NpmTest(_) | Work::Xtask(_) | Work::Lint(_) | Work::LintBreaches => {
            RUNNER_LIMIT
        }
        // The matrix installs and builds many frameworks.
        Work::Matrix
        | Work::XtaskTests(_)
        | Work::SetUp(_)
        | Work::Cargo(_)
        | Work::CargoTests(_)
        | Work::ServerTestsInNpm
        | Work::ClippyForWasm => CARGO_LIMIT,
    }
}

const RUNNER_LIMIT: Duration = Duration::from_secs(10 * 60);
