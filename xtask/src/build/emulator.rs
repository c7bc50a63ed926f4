//! Builds the npm package `stytch-emulator`: `emulator/pkg/wasm/` from the crate `stytch-emulator-npm`, then
//! `emulator/pkg/dist/` with `emulator/pkg/build.mjs`. If the inputs have not changed since the last build, a step is skipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{rustflags, shrink, stamp::Stamp, target_folder, wasm::check_for_paths};
use crate::setup::node::{self, Folder};
use crate::setup::wasm_std::WasmStd;
use crate::workshop::{CARGO_LIMIT, Workshop};

/// Brings `emulator/pkg/wasm/` and `emulator/pkg/dist/` up to date.
pub fn run(workshop: &Workshop) -> Result<()> {
    wasm(workshop)?;
    dist(workshop)
}

fn wasm(workshop: &Workshop) -> Result<()> {
    let wasm_std = WasmStd::find_or_install(workshop)?;
    node::install(workshop, Folder::Xtask)?;
    let outputs = [workshop.project.path(WASM)];
    let tools = [wasm_std.name(), &wasm_std.compiler()?];
    let stamp = Stamp::new(workshop, "emulator-stamp", &WASM_INPUTS, &tools)?;
    if stamp.matches(&outputs) {
        workshop
            .progress
            .print("ok    emulator/pkg/wasm is up to date");
        return Ok(());
    }
    let compiled = compile(workshop, &wasm_std)?;
    let folder = workshop.project.path(WASM);
    bind(&compiled, &folder)?;
    let wasm = folder.join(format!("{NAME}_bg.wasm"));
    shrink::for_speed(workshop, &wasm)?;
    check_for_paths(workshop, &wasm)?;
    let (bytes, std) = (fs::metadata(&wasm)?.len(), wasm_std.name());
    workshop.progress.print(&format!(
        "ok    {WASM}/{NAME}_bg.wasm: {bytes} bytes (standard library: {std})"
    ));
    stamp.keep(&outputs)
}

fn dist(workshop: &Workshop) -> Result<()> {
    node::install(workshop, Folder::EmulatorPackage)?;
    let outputs = [workshop.project.path("emulator/pkg/dist")];
    let stamp = Stamp::new(workshop, "emulator-dist-stamp", &DIST_INPUTS, &[])?;
    if stamp.matches(&outputs) {
        workshop
            .progress
            .print("ok    emulator/pkg/dist is up to date");
        return Ok(());
    }
    workshop.run(
        "bundle and type-check the emulator's package",
        "build-emulator-dist",
        Command::new("node").arg(workshop.project.path("emulator/pkg/build.mjs")),
        CARGO_LIMIT,
    )?;
    stamp.keep(&outputs)
}

fn compile(workshop: &Workshop, wasm_std: &WasmStd) -> Result<PathBuf> {
    let folder = target_folder(workshop, wasm_std).join("emulator");
    let mut command = wasm_std.cargo(&[
        "rustc",
        "--package",
        "stytch-emulator-npm",
        "--lib",
        "--profile",
        PROFILE,
    ]);
    command
        .arg("--target-dir")
        .arg(&folder)
        .current_dir(workshop.project.root())
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            rustflags(workshop, wasm_std).join("\x1f"),
        );
    workshop.run(
        "compile the emulator to wasm",
        "build-emulator-wasm",
        &mut command,
        CARGO_LIMIT,
    )?;
    Ok(folder
        .join("wasm32-unknown-unknown")
        .join(PROFILE)
        .join("stytch_emulator_npm.wasm"))
}

fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    // `web` without a default path, because the entry file of each runtime provides the bytes.
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name(NAME)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        // After a trap, the instance must not be used again. The next emulator needs a new instance.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen could not read the wasm")?;
    output
        .emit(folder)
        .context("wasm-bindgen could not write the glue")
}

const NAME: &str = "stytch_emulator";
const WASM: &str = "emulator/pkg/wasm";
const PROFILE: &str = "wasm-emulator";
const WASM_INPUTS: [&str; 8] = [
    "emulator/src",
    "emulator/npm",
    "emulator/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src/build",
    "xtask/src/setup/wasm_std.rs",
    "xtask/package-lock.json",
];
const DIST_INPUTS: [&str; 7] = [
    "emulator/pkg/src",
    "emulator/pkg/wasm",
    "emulator/pkg/build.mjs",
    "emulator/pkg/tsconfig.json",
    "emulator/pkg/tsconfig.server.json",
    "emulator/pkg/package.json",
    "emulator/pkg/package-lock.json",
];
