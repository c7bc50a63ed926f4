//! `cargo xtask bench`: compares stytch-edge with npm `stytch`, `jose`, `fast-jwt` and
//! `aws-jwt-verify`, in one run in each runtime, and the native arithmetic with the crate `rsa`.
//!
//! Builds the package, and installs the runtimes and an older package of stytch-edge. The
//! measurements are JavaScript in `tests/bench/` and criterion in `benches/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::build;
use crate::package;
use crate::project::cargo;
use crate::setup::chromium;
use crate::setup::node::{self, Folder};
use crate::workshop::{CARGO_LIMIT, FETCH_LIMIT, Workshop};

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

/// What is measured, and for how long.
#[derive(Debug, Args)]
pub struct Options {
    /// Measure for some seconds only, and do not write BENCHMARKS.md
    #[arg(long)]
    quick: bool,
    /// Measure in this runtime only, and do not write BENCHMARKS.md; may be repeated
    #[arg(long, value_name = "RUNTIME")]
    only: Vec<Runtime>,
    /// Compare with the tarball of an older package too, and do not write BENCHMARKS.md
    #[arg(long, value_name = "TARBALL")]
    against: Option<PathBuf>,
    /// Measure the parts of a cold start instead: modules, wasm, client, keys, checks
    #[arg(long, conflicts_with = "against")]
    profile: bool,
}

/// Measures in the given runtimes and prints tables. Without options, measures in all runtimes
/// and in native code, and writes BENCHMARKS.md and its chart. Fails if a result is wrong or the
/// memory of the wasm grows. Does not fail for a slow result.
pub fn run(workshop: &Workshop, options: &Options) -> Result<()> {
    let before = options
        .against
        .as_ref()
        .map(|tarball| install_before(workshop, tarball))
        .transpose()?;
    build::run(workshop)?;
    package::install(workshop, &package::STYTCH_EDGE)?;
    let everything =
        !options.quick && !options.profile && options.only.is_empty() && before.is_none();
    let table = workshop.project.target("bench.txt");
    if table.exists() {
        fs::remove_file(&table).with_context(|| format!("cannot remove {}", table.display()))?;
    }
    let mut command = Command::new("node");
    command
        .arg("tests/bench/main.mjs")
        .arg("--table")
        .arg(&table);
    if options.quick {
        command.arg("--quick");
    }
    if options.profile {
        command.arg("--profile");
    }
    if everything {
        measure_natively(workshop)?;
        command
            .arg("--criterion")
            .arg(workshop.project.target("criterion"))
            .args(["--markdown", "BENCHMARKS.md"])
            .args(["--chart", "docs/internals/benchmarks.svg"]);
    }
    if let Some(folder) = before {
        command.arg("--before").arg(folder);
    }
    for runtime in chosen(&options.only) {
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

/// Installs the tarball of an older package in a folder of its own, and returns that folder.
fn install_before(workshop: &Workshop, tarball: &Path) -> Result<PathBuf> {
    let tarball = tarball
        .canonicalize()
        .with_context(|| format!("cannot find the package {}", tarball.display()))?;
    let folder = workshop.project.target("bench-before");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let manifest = folder.join("package.json");
    fs::write(&manifest, "{ \"private\": true, \"type\": \"module\" }\n")
        .with_context(|| format!("cannot write {}", manifest.display()))?;
    workshop.run(
        "install the package to compare with",
        "bench-before",
        Command::new("npm")
            .args(["install", "--no-save", "--no-audit", "--no-fund"])
            .arg(&tarball)
            .current_dir(&folder),
        FETCH_LIMIT,
    )?;
    Ok(folder)
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

/// Sufficient for a million verifications in each of five runtimes on a slow machine, with the
/// additional rounds of a noisy machine.
const LIMIT: Duration = Duration::from_secs(3 * 60 * 60);
