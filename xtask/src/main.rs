//! `cargo xtask <command>`: builds, checks, tests and demonstrates stytch-edge.
//!
//! Each command has a module. This file parses the command line.

mod bench;
mod build;
mod demo;
mod emulator;
mod fuzz;
mod lint;
mod loopback;
mod openapi;
mod package;
mod process;
mod progress;
mod project;
mod setup;
mod size;
mod soak;
mod test;
mod tidy;
mod workshop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use stytch_edge_codegen as codegen;

use crate::progress::Progress;
use crate::project::Project;
use crate::setup::wasm_std::Choice;
use crate::workshop::Workshop;

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, checks, tests and demonstrates stytch-edge"
)]
struct Arguments {
    /// Where the standard library for wasm32 comes from
    #[arg(
        long,
        global = true,
        env = "STYTCH_EDGE_WASM_STD",
        default_value = "auto"
    )]
    wasm_std: Choice,
    #[command(subcommand)]
    command: Request,
}

#[derive(Debug, Subcommand)]
enum Request {
    /// Compare with other packages in every runtime, and write BENCHMARKS.md
    Bench(bench::Options),
    /// Compile the crate and bundle the package: write pkg/wasm/ and pkg/dist/
    Build {
        /// Build the npm package stytch-emulator instead: write emulator/pkg/wasm/ and emulator/pkg/dist/
        #[arg(long)]
        emulator: bool,
    },
    /// Write src/generated/, pkg/src/generated/ and docs/api/ from api/
    Codegen {
        /// Write nothing, and fail if a file is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Run the example Worker and the emulator, and print their URLs
    Demo {
        /// The port of the Worker
        #[arg(long, default_value_t = demo::DEFAULT_PORT)]
        port: u16,
        /// Test both over HTTP and in headless Chromium, and exit
        #[arg(long, conflicts_with = "port")]
        check: bool,
    },
    /// Run libFuzzer on the targets token, key_set, json, arithmetic and digits
    Fuzz {
        /// The duration for each target, in seconds
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Run this target only; may be repeated
        #[arg(long, value_name = "TARGET")]
        only: Vec<String>,
    },
    /// Build and pack the npm packages into target/package/ and target/emulator-package/
    Pack,
    /// Measure the size of the package, compare it with npm's stytch, and fail above the limits
    Size,
    /// Run servers under honest and hostile load with faults of the API, and check that no limit or user is lost
    Soak {
        /// The duration
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
        /// Repeat the random choices of the run that printed this number
        #[arg(long)]
        seed: Option<u32>,
        /// Run the server in this runtime only
        #[arg(long, value_name = "RUNTIME")]
        only: Option<soak::Runtime>,
    },
    /// Run every check and every test, in every runtime
    Test {
        /// Run this step and the steps that it needs only; may be repeated
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
        /// Run every cell of the step `frameworks` instead of a sample
        #[arg(long)]
        all: bool,
    },
    /// Check the rules for source files that linters do not cover
    Tidy,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(_) if process::interrupted() => ExitCode::from(process::EXIT_INTERRUPTED),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    process::watch_for_signals()?;
    let workshop = Workshop {
        project: Project::find()?,
        progress: Progress::new(),
        wasm_std: arguments.wasm_std,
    };
    match arguments.command {
        Request::Bench(options) => bench::run(&workshop, &options),
        Request::Build { emulator: true } => build::emulator::run(&workshop),
        Request::Build { emulator: false } => build::run(&workshop),
        Request::Codegen { check } => generate(&workshop, check),
        Request::Demo { check: true, .. } => demo::check(&workshop),
        Request::Demo { port, .. } => demo::run(&workshop, port),
        Request::Fuzz { seconds, only } => fuzz::run(&workshop, seconds, &only),
        Request::Pack => package::run(&workshop),
        Request::Size => size::run(&workshop),
        Request::Soak {
            minutes,
            seed,
            only,
        } => soak::run(&workshop, minutes, seed, only),
        Request::Test { only, all } => {
            let cells = if all {
                test::Cells::All
            } else {
                test::Cells::Sample
            };
            return test::run(&workshop, &only, cells);
        }
        Request::Tidy => tidy::run(&workshop),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn generate(workshop: &Workshop, check: bool) -> anyhow::Result<()> {
    let mode = if check {
        codegen::Mode::Check
    } else {
        codegen::Mode::Write
    };
    let report = codegen::run(workshop.project.root(), mode)?;
    openapi::bundle(workshop, mode)?;
    workshop.progress.print(&format!("ok    codegen: {report}"));
    Ok(())
}
