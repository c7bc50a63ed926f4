//! `cargo xtask build`: builds `pkg/wasm/` and `pkg/dist/`.
//!
//! 1. cargo compiles the crate `stytch-edge-npm` for wasm32.
//! 2. wasm-bindgen writes the glue. It is a library here, so the lock file pins its version.
//! 3. wasm-opt from npm reduces the size of the wasm.
//! 4. `pkg/build.mjs` bundles the wasm and the TypeScript.
//!
//! If the inputs have not changed since the last build, a step is skipped.

mod glue;
pub mod rust_worker;
mod shrink;
mod stamp;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::node::{self, Folder};
use crate::setup::wasm_std::WasmStd;
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
    let outputs = OUTPUTS.map(|name| workshop.project.path(name));
    let tools = [wasm_std.name(), &wasm_std.compiler()?];
    let stamp = stamp::Stamp::new(workshop, "stamp", &WASM_INPUTS, &tools)?;
    if stamp.matches(&outputs) {
        workshop.progress.print("ok    pkg/wasm is up to date");
        return Ok(());
    }

    let compiled = compile(workshop, &wasm_std)?;
    let staging = workshop.project.target("wasm-build/staging");
    bind(&compiled, &staging)?;
    shrink::run(workshop, &staging.join(WASM_NAME))?;
    check_for_paths(workshop, &staging.join(WASM_NAME))?;

    fs::create_dir_all(workshop.project.path("pkg/wasm"))?;
    for (name, output) in [JS_NAME, TYPES_NAME, WASM_NAME].iter().zip(&outputs) {
        fs::copy(staging.join(name), output)
            .with_context(|| format!("cannot write {}", output.display()))?;
    }
    stamp.keep(&outputs)?;
    let bytes = fs::metadata(workshop.project.path("pkg/wasm").join(WASM_NAME))?.len();
    workshop.progress.print(&format!(
        "ok    pkg/wasm/{WASM_NAME}: {bytes} bytes (standard library: {})",
        wasm_std.name()
    ));
    Ok(())
}

/// The target directory for wasm. Each standard library has its own, so switching between them
/// does not cause a rebuild. It is not the native one, so a wasm build does not wait for a native
/// build.
pub fn target_folder(workshop: &Workshop, wasm_std: &WasmStd) -> PathBuf {
    workshop.project.target("wasm-build").join(wasm_std.name())
}

fn compile(workshop: &Workshop, wasm_std: &WasmStd) -> Result<PathBuf> {
    let folder = target_folder(workshop, wasm_std);
    let mut flags = rustflags(workshop, wasm_std);
    flags.extend([SIMD, STACK, PLAIN_ADDRESSES].map(str::to_owned));
    let mut command = wasm_std.cargo(&[
        "rustc",
        "--package",
        "stytch-edge-npm",
        "--lib",
        "--profile",
        "wasm",
    ]);
    command
        .arg("--target-dir")
        .arg(&folder)
        .current_dir(workshop.project.root())
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    workshop.run(
        "compile to wasm",
        "build-compile",
        &mut command,
        CARGO_LIMIT,
    )?;
    Ok(folder.join("wasm32-unknown-unknown/wasm/stytch_edge_npm.wasm"))
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

fn bind(compiled: &Path, staging: &Path) -> Result<()> {
    // `web` without a default path, because the entry file of each runtime provides the bytes.
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name("stytch_edge")
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        // After a trap, the instance must not be used again. The next call needs a new instance.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen could not read the wasm")?;
    output
        .emit(staging)
        .context("wasm-bindgen could not write the glue")?;
    let file = staging.join(JS_NAME);
    let text = fs::read_to_string(&file)?;
    fs::write(&file, glue::trim(&text)?).with_context(|| format!("cannot write {}", file.display()))
}

fn check_for_paths(workshop: &Workshop, wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm)?;
    let root = workshop.project.root().display().to_string();
    let home = env::var("HOME").unwrap_or_default();
    for private in [root, home].iter().filter(|path| path.len() > 1) {
        ensure!(
            !bytes
                .windows(private.len())
                .any(|window| window == private.as_bytes()),
            "the wasm contains a path of this machine: {private}; add it to --remap-path-prefix in xtask/src/build/mod.rs"
        );
    }
    Ok(())
}

/// Every runtime of the package has SIMD. The authors of Rust Workers set their own flags.
pub const SIMD: &str = "-Ctarget-feature=+simd128";
/// 64 KiB instead of the default 1 MiB. Functions do not recurse, calls were measured to use less
/// than 2 KiB, and the largest frame has 800 bytes. The stack is at the lowest addresses, so a
/// stack overflow traps.
const STACK: &str = "-Clink-arg=-zstack-size=65536";
/// Disables LLVM's loop strength reduction. It computes addresses in loops with additions, which
/// the offsets of wasm's load instructions provide without code. Saves 0.4 KB of the package,
/// gzipped.
const PLAIN_ADDRESSES: &str = "-Cllvm-args=-disable-lsr";
const JS_NAME: &str = "stytch_edge.js";
const TYPES_NAME: &str = "stytch_edge.d.ts";
const WASM_NAME: &str = "stytch_edge_bg.wasm";
const OUTPUTS: [&str; 3] = [
    "pkg/wasm/stytch_edge.js",
    "pkg/wasm/stytch_edge.d.ts",
    "pkg/wasm/stytch_edge_bg.wasm",
];
const WASM_INPUTS: [&str; 8] = [
    "src",
    "npm",
    "arithmetic",
    "parser",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src/build",
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
