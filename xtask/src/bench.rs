//! `cargo xtask bench`: stytch-edge, npm `stytch` and `jose` at the same work, in one
//! run in each runtime, and the native arithmetic beside the crate `rsa`.
//!
//! Builds what is measured and brings the runtimes; the measuring itself is JavaScript
//! in tests/bench/ and criterion in benches/.

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

/// Where something can be measured.
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
    /// Headless.
    Chromium,
}

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Minutes; its medians mean something.
    Full,
    /// Seconds; it shows that everything can be measured, and that memory stands still.
    Quick,
}

/// Measures in the given runtimes, or in all and natively, and prints a table. A full
/// run of everything writes BENCHMARKS.md. Fails where an answer is wrong or the
/// wasm's memory grows; a ratio is for the reader to judge.
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
    workshop.progress.say(&table);
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

/// A million checks in each of five runtimes, on a slow machine.
const LIMIT: Duration = Duration::from_secs(60 * 60);
