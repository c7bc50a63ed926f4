//! `cargo xtask build`: builds `pkg/wasm/` and `pkg/dist/`.
//!
//! 1. cargo compiles the crate `stytch-edge-npm` for wasm32, for each entry and each kind of engine (`wasm.rs`).
//! 2. wasm-bindgen writes the glue. It is a library here, so the lock file pins its version.
//! 3. wasm-opt from npm reduces the size of the wasm.
//! 4. `pkg/build.mjs` bundles the wasm and the TypeScript.
//!
//! If the inputs have not changed since the last build, a step is skipped.

pub mod emulator;
mod glue;
pub mod rust_worker;
mod shrink;
mod stamp;
mod wasm;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::setup::node::{self, Folder};
use crate::setup::wasm_std::{self, WasmStd};
use crate::workshop::{CARGO_LIMIT, Workshop};

/// Brings `pkg/wasm/` and `pkg/dist/` up to date.
pub fn run(workshop: &Workshop) -> Result<()> {
    wasm(workshop)?;
    dist(workshop)
}

/// Bundles the wasm and the TypeScript into the files of the package.
fn dist(workshop: &Workshop) -> Result<()> {
    node::install(workshop, Folder::Package)?;
    let outputs = [workshop.project.path("pkg/dist")];
    let stamp = stamp::Stamp::new(workshop, "dist-stamp", &DIST_INPUTS, &[])?;
    if stamp.matches(&outputs) {
        workshop.progress.print("ok    pkg/dist is up to date");
        return Ok(());
    }
    workshop.run(
        "bundle and type-check the package",
        "build-dist",
        Command::new("node").arg(workshop.project.path("pkg/build.mjs")),
        CARGO_LIMIT,
    )?;
    stamp.keep(&outputs)
}

fn wasm(workshop: &Workshop) -> Result<()> {
    let wasm_std = WasmStd::find_or_install(workshop)?;
    node::install(workshop, Folder::Xtask)?;
    let outputs: Vec<PathBuf> = wasm::WASMS
        .iter()
        .flat_map(|wasm| wasm.outputs(workshop))
        .collect();
    let tools = [wasm_std.name(), &wasm_std.compiler()?];
    let stamp = stamp::Stamp::new(workshop, "stamp", &WASM_INPUTS, &tools)?;
    if stamp.matches(&outputs) {
        workshop.progress.print("ok    pkg/wasm is up to date");
        return Ok(());
    }

    fs::create_dir_all(workshop.project.path("pkg/wasm"))?;
    for wasm in &wasm::WASMS {
        wasm.build(workshop, &wasm_std)?;
    }
    stamp.keep(&outputs)
}

/// The target directory for wasm. Each standard library has its own, so switching between them
/// does not cause a rebuild. It is not the native one, so a wasm build does not wait for a native
/// build.
pub fn target_folder(workshop: &Workshop, wasm_std: &WasmStd) -> PathBuf {
    workshop.project.target("wasm-build").join(wasm_std.name())
}

fn rustflags(workshop: &Workshop, wasm_std: &WasmStd) -> Vec<String> {
    let mut flags: Vec<String> = wasm_std
        .rustflags()
        .iter()
        .map(ToString::to_string)
        .collect();
    // Panic messages contain paths of source files. The paths of the build machine must not be
    // published, and would make builds differ between machines.
    let mut remap = |folder: &Path, name: &str| {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    };
    remap(workshop.project.root(), "stytch-edge");
    // rustc writes paths of the standard library as it finds its sources.
    if let Ok(sources) = wasm_std::rustup_sources() {
        remap(&sources, "rust");
    }
    for registry in cargo_registries() {
        remap(&registry, "crates");
    }
    flags
}

fn cargo_registries() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    home.and_then(|home| fs::read_dir(home.join("registry/src")).ok())
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

/// Every runtime of the package has SIMD. The authors of Rust Workers set their own flags.
pub const SIMD: &str = "-Ctarget-feature=+simd128";
/// For the engines that have relaxed SIMD.
pub const RELAXED_SIMD: &str = "-Ctarget-feature=+simd128,+relaxed-simd";
const WASM_INPUTS: [&str; 9] = [
    "src",
    "npm",
    "arithmetic",
    "parser",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src/build",
    "xtask/src/setup/wasm_std.rs",
    "xtask/package-lock.json",
];
const DIST_INPUTS: [&str; 6] = [
    "pkg/src",
    "pkg/wasm",
    "pkg/build.mjs",
    "pkg/tsconfig.json",
    "pkg/package.json",
    "pkg/package-lock.json",
];
