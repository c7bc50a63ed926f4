//! `cargo xtask soak`: servers in Node and workerd under honest and hostile load, with faults of the API, for minutes.
//!
//! Builds the package and installs the runtimes. The soak is JavaScript in `tests/soak/`. The step `soak` of
//! `cargo xtask test` is the same soak, for 30 seconds.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use crate::setup::node::{self, Folder};
use crate::workshop::{Workshop, read_lossy};
use crate::{build, emulator, package};

/// The runtimes of the server under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Runtime {
    /// The machine's Node.
    Node,
    /// The runtime of Cloudflare Workers.
    Workerd,
}

/// Runs the soak, in all runtimes or in one, and prints a table. A run with the same seed makes the same random
/// choices. Fails if a check fails.
pub fn run(
    workshop: &Workshop,
    minutes: u32,
    seed: Option<u32>,
    only: Option<Runtime>,
) -> Result<()> {
    build::run(workshop)?;
    package::install(workshop, &package::STYTCH_EDGE)?;
    let seconds = minutes.saturating_mul(60);
    let mut command = Command::new("node");
    command
        .args(["tests/soak/main.mjs", "--seconds", &seconds.to_string()])
        .env("STYTCH_EMULATOR_BIN", emulator::binary(workshop)?)
        .env(
            "WRANGLER_NODE_BIN",
            node::bin_folder(workshop, Folder::WorkerExample)?,
        )
        .current_dir(workshop.project.root());
    if let Some(seed) = seed {
        command.args(["--seed", &seed.to_string()]);
    }
    if let Some(runtime) = only.and_then(|only| only.to_possible_value()) {
        command.args(["--only", runtime.get_name()]);
    }
    // The time after an outage depends on the pauses of the client.
    let limit = Duration::from_secs(u64::from(seconds) * 2) + MARGIN;
    let outcome = workshop.attempt("soak", LOG, &mut command, limit);
    let output = read_lossy(&workshop.project.log(LOG)?);
    for line in output.lines().skip_while(|line| !line.is_empty()) {
        workshop.progress.print(line);
    }
    outcome
}

const LOG: &str = "soak-minutes";
const MARGIN: Duration = Duration::from_secs(5 * 60);
