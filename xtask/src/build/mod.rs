//! `cargo xtask build`: from the crate to `pkg/wasm/` and `pkg/dist/`.
//!
//! cargo compiles the root crate for wasm32, wasm-bindgen (as a library, so that
//! it cannot drift from the lock file) writes the glue, wasm-opt from npm shrinks
//! the result, and `pkg/build.mjs` makes the package's files of that and of the
//! TypeScript. Nothing happens when no input changed since the last time.

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

/// Makes the package's files of the wasm and the TypeScript.
fn dist(workshop: &Workshop) -> Result<()> {
    node::install(workshop, Folder::Package)?;
    let outputs = [workshop.project.path("pkg/dist")];
    let stamp = stamp::Stamp::new(workshop, "dist-stamp", &DIST_INPUTS, &[])?;
    if stamp.matches(&outputs) {
        workshop.progress.say("ok    pkg/dist is up to date");
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
        workshop
            .progress
            .say("ok    the package's wasm is up to date");
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
    workshop.progress.say(&format!(
        "ok    pkg/wasm/{WASM_NAME}: {bytes} bytes (standard library: {})",
        wasm_std.name()
    ));
    Ok(())
}

/// Where cargo builds for wasm: a folder of its own for each way to a standard
/// library, so that switching between them costs no rebuild, and a wasm build does
/// not wait for a native one.
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
    // Panic messages name source files. Where those lie on the building machine
    // is nobody's business, and would make each machine's product differ.
    let mut forget = |folder: &Path, name: &str| {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    };
    forget(workshop.project.root(), "stytch-edge");
    for registry in cargo_registries() {
        forget(&registry, "crates");
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
    // `web` and no default path: every runtime's entry file brings its own bytes.
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name("stytch_edge")
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        // A call that trapped leaves its instance broken; the next one needs a new.
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
            "the wasm names a folder of this machine: {private}"
        );
    }
    Ok(())
}

/// Every runtime of the package has it; a Rust Worker's owner decides for themselves.
pub const SIMD: &str = "-Ctarget-feature=+simd128";
/// 64 KiB, where 1 MiB is usual: nothing recurses, no call was seen to take 2 KiB, and the
/// largest frame has 800 bytes. It lies below everything else: running over it traps.
const STACK: &str = "-Clink-arg=-zstack-size=65536";
/// Without LLVM's loop strength reduction, which writes the addresses of a loop as sums that
/// the offsets of wasm's loads would take for nothing: 0.4 KB of the package, gzipped.
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
