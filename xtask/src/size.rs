//! `cargo xtask size`: the size of the package in a Worker, compared with npm's `stytch`. size-limit bundles and measures;
//! `tests/size/limits.mjs` contains the limits.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::build;
use crate::package;
use crate::setup::node::{self, Folder};
use crate::setup::wasm_std::WasmStd;
use crate::workshop::{Workshop, read_lossy};

/// Prints the sizes. Fails if a size is above its limit.
pub fn run(workshop: &Workshop) -> Result<()> {
    build::run(workshop)?;
    package::install(workshop, &package::STYTCH_EDGE)?;
    let mut command = Command::new(node::tool(workshop, Folder::Tests, "size-limit")?);
    let wasm_std = WasmStd::find_or_install(workshop)?;
    command
        .args(["--config", "size/limits.mjs"])
        .env("STYTCH_EDGE_WASM_STD", wasm_std.name())
        // esbuild resolves the packages from here.
        .current_dir(workshop.project.path(Folder::Tests.path()));
    workshop.run("size", LOG, &mut command, LIMIT)?;
    let report = read_lossy(&workshop.project.log(LOG)?);
    for line in report.lines().filter(|line| line.starts_with(' ')) {
        workshop.progress.print(line);
    }
    Ok(())
}

const LOG: &str = "size-limit";
const LIMIT: Duration = Duration::from_secs(120);
