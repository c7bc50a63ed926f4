//! `cargo xtask <command>`: builds, checks, tests and demonstrates stytch-edge.
//!
//! Each command is a module; this file only reads the command line.

mod build;
mod codegen;
mod emulator;
mod loopback;
mod package;
mod process;
mod progress;
mod project;
mod setup;
mod size;
mod tidy;
mod workshop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// The way to a standard library for wasm32
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
    /// Compile the crate and write pkg/wasm/
    Build,
    /// Write src/generated/ and pkg/generated/ from api/
    Codegen {
        /// Only say whether they are up to date
        #[arg(long)]
        check: bool,
    },
    /// Weigh the package beside npm's stytch, and fail above the budget
    Size,
    /// Check the house rules on the sources
    Tidy,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::interrupted() => ExitCode::from(process::EXIT_INTERRUPTED),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    process::watch_for_signals()?;
    let workshop = Workshop {
        project: Project::find()?,
        progress: Progress::new(),
        wasm_std: arguments.wasm_std,
    };
    match arguments.command {
        Request::Build => build::run(&workshop),
        Request::Codegen { check } => generate(&workshop, check),
        Request::Size => size::run(&workshop),
        Request::Tidy => tidy::run(&workshop),
    }
}

fn generate(workshop: &Workshop, check: bool) -> anyhow::Result<()> {
    let mode = if check {
        codegen::Mode::Check
    } else {
        codegen::Mode::Write
    };
    let report = codegen::run(workshop.project.root(), mode)?;
    workshop.progress.say(&format!("ok    codegen: {report}"));
    Ok(())
}
