//! Reduces the size of the wasm with wasm-opt, from npm's binaryen.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::setup::node::{self, Folder};
use crate::workshop::Workshop;

/// Optimizes a wasm file in place.
pub fn run(workshop: &Workshop, wasm: &Path, has_relaxed_simd: bool) -> Result<()> {
    let tool = node::tool(workshop, Folder::Xtask, "wasm-opt")?;
    let mut command = Command::new(tool);
    command.arg(wasm).arg("-o").arg(wasm).args(ARGUMENTS);
    if has_relaxed_simd {
        command.arg("--enable-relaxed-simd");
    }
    workshop.run("shrink with wasm-opt", "build-shrink", &mut command, LIMIT)
}

/// Optimizes the wasm of the emulator in place. Its size matters little, and it signs tokens.
pub fn for_speed(workshop: &Workshop, wasm: &Path) -> Result<()> {
    let tool = node::tool(workshop, Folder::Xtask, "wasm-opt")?;
    let mut command = Command::new(tool);
    command.arg(wasm).arg("-o").arg(wasm).arg("-O2");
    command.args(ARGUMENTS.iter().filter(|argument| {
        argument.starts_with("--enable") && !argument.ends_with("simd")
            || argument.starts_with("--strip")
    }));
    workshop.run(
        "optimize with wasm-opt",
        "build-optimize",
        &mut command,
        LIMIT,
    )
}

/// The enabled features are the features that rustc enables for wasm32-unknown-unknown, and SIMD, which
/// signature verification uses. Every runtime of the package has them.
///
/// A large function with one caller is not inlined, because gzip compresses one long function
/// less than its parts. Small functions are inlined: each function that a first check calls costs
/// about 14 us in V8, which compiles it then, and 1 KB of code costs 56 us. `--low-memory-unused`
/// is safe, because the lowest kilobyte of memory is the end of the stack, so data is never stored
/// there. The second `-Oz` still reduces the size. Rebuilding the control flow (`--flatten
/// --rereloop`) saves another 0.4 %, for four times the time.
const ARGUMENTS: [&str; 16] = [
    "-Oz",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=60",
    "--always-inline-max-function-size=8",
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
