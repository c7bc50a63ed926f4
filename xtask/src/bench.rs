//! `cargo xtask bench`: compares stytch-edge with npm `stytch` and `jose`, in one run in each
//! runtime, and the native arithmetic with the crate `rsa`.
//!
//! Builds the package and installs the runtimes. The measurements are JavaScript in
//! `tests/bench/` and criterion in `benches/`.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::build;
use crate::package;
use crate::project::cargo;
use crate::setup::chromium;
use crate::setup::node::{self, Folder};
use crate::workshop::{CARGO_LIMIT, Workshop};

/// The runtimes that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Runtime {
    /// The machine's Node.
    Node,
    /// npm's `deno`.
    Deno,
    /// npm's `bun`.
    Bun,
    /// The runtime of Cloudflare Workers.
    Workerd,
    /// Headless Chromium.
    Chromium,
}

/// The duration of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Minutes. The medians are meaningful.
    Full,
    /// Seconds. Checks that every measurement works and that memory does not grow.
    Quick,
}

/// Measures in the given runtimes and prints a table. Without runtimes, measures in all of
/// them and in native code; such a run with [`Extent::Full`] also writes BENCHMARKS.md. Fails
/// if a result is wrong or the memory of the wasm grows. Does not fail for a slow result.
pub fn run(workshop: &Workshop, extent: Extent, only: &[Runtime]) -> Result<()> {
    build::run(workshop)?;
    package::install(workshop)?;
    let everything = extent == Extent::Full && only.is_empty();
    let table = workshop.project.target("bench.txt");
    if table.exists() {
        fs::remove_file(&table).with_context(|| format!("cannot remove {}", table.display()))?;
    }
    let mut command = Command::new("node");
    command
        .arg("tests/bench/main.mjs")
        .arg("--table")
        .arg(&table);
    if extent == Extent::Quick {
        command.arg("--quick");
    }
    if everything {
        measure_natively(workshop)?;
        command
            .arg("--criterion")
            .arg(workshop.project.target("criterion"))
            .args(["--markdown", "BENCHMARKS.md"]);
    }
    for runtime in chosen(only) {
        if let Some(value) = runtime.to_possible_value() {
            command.args(["--only", value.get_name()]);
        }
        match runtime {
            Runtime::Workerd => {
                let tools = node::bin_folder(workshop, Folder::WorkerExample)?;
                command.env("WRANGLER_NODE_BIN", tools);
            }
            Runtime::Chromium => {
                command.env("STYTCH_CHROMIUM", chromium::find_or_install(workshop)?);
            }
            Runtime::Node | Runtime::Deno | Runtime::Bun => {}
        }
    }
    command.current_dir(workshop.project.root());
    workshop.run("measure", "bench", &mut command, LIMIT)?;
    let table =
        fs::read_to_string(&table).with_context(|| format!("cannot read {}", table.display()))?;
    workshop.progress.print(&table);
    Ok(())
}

fn chosen(only: &[Runtime]) -> &[Runtime] {
    if only.is_empty() {
        Runtime::value_variants()
    } else {
        only
    }
}

fn measure_natively(workshop: &Workshop) -> Result<()> {
    workshop.run(
        "measure natively",
        "bench-native",
        Command::new(cargo())
            .args(["bench", "--package", "stytch-edge", "--bench", "rs256"])
            .current_dir(workshop.project.root()),
        CARGO_LIMIT,
    )
}

/// Sufficient for a million verifications in each of five runtimes on a slow machine.
const LIMIT: Duration = Duration::from_secs(60 * 60);
