//! Builds the Rust Worker for the tests. It is a separate crate and compiled like the Worker of
//! any user, but with the same wasm-bindgen as the package.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{rustflags, target_folder};
use crate::setup::wasm_std::WasmStd;
use crate::workshop::{CARGO_LIMIT, Workshop};

/// Builds the Rust Worker.
pub fn run(workshop: &Workshop) -> Result<()> {
    let wasm_std = WasmStd::find_or_install(workshop)?;
    let target = target_folder(workshop, &wasm_std).join("rust-worker");
    let manifest = workshop.project.path(SOURCE).join("Cargo.toml");
    // Without `--locked`, because its lock file must follow the dependencies of the package.
    let mut command = wasm_std.cargo(&["build", "--release", "--lib"]);
    command
        .arg("--manifest-path")
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&target)
        .current_dir(workshop.project.root())
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            rustflags(workshop, &wasm_std).join("\x1f"),
        );
    workshop.run(
        "compile the Rust Worker to wasm",
        "build-rust-worker",
        &mut command,
        CARGO_LIMIT,
    )?;
    let folder = folder(workshop);
    Bindgen::new()
        .input_path(target.join("wasm32-unknown-unknown/release/rust_worker.wasm"))
        .out_name("rust_worker")
        .web(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .generate(&folder)
        .context("wasm-bindgen could not write the Rust Worker's glue")?;
    let entry = workshop.project.path(SOURCE).join(ENTRY);
    fs::copy(&entry, folder.join(ENTRY))
        .with_context(|| format!("cannot copy {}", entry.display()))?;
    Ok(())
}

/// The folder of the built Worker.
pub fn folder(workshop: &Workshop) -> PathBuf {
    workshop.project.target("wasm-build/rust-worker")
}

const SOURCE: &str = "tests/rust-worker";
const ENTRY: &str = "worker.mjs";
