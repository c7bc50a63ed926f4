//! wasm-opt, from npm's binaryen.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::setup::node::{self, Folder};
use crate::workshop::Workshop;

/// Shrinks a wasm file in place.
pub fn run(workshop: &Workshop, wasm: &Path) -> Result<()> {
    let tool = node::tool(workshop, Folder::Xtask, "wasm-opt")?;
    let mut command = Command::new(tool);
    command.arg(wasm).arg("-o").arg(wasm).args(ARGUMENTS);
    workshop.run("shrink with wasm-opt", "build-shrink", &mut command, LIMIT)
}

/// The features are those that rustc turns on for wasm32-unknown-unknown, and
/// SIMD, which the signature check may use; every runtime of the package has them.
///
/// A function with one caller is not put into it: gzip makes less of one long function
/// than of its parts. The lowest kilobyte of memory is the far end of the stack, so no
/// address of anything wraps around to it. The second round finds a little more, and more
/// again, twice, once branches are laid out anew (rereloop), which wants flat code.
const ARGUMENTS: [&str; 24] = [
    "-Oz",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=20",
    "--always-inline-max-function-size=4",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

const LIMIT: Duration = Duration::from_secs(10 * 60);
