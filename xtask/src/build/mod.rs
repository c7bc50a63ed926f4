//! `cargo xtask build`: builds `pkg/wasm/` and `pkg/dist/`.
//!
//! 1. cargo compiles the crate `stytch-edge-npm` for wasm32, once for each [`Wasm`].
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
    let outputs: Vec<PathBuf> = WASMS
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
    for wasm in &WASMS {
        let bytes = wasm.build(workshop, &wasm_std)?;
        workshop.progress.print(&format!(
            "ok    pkg/wasm/{}_bg.wasm: {bytes} bytes (standard library: {})",
            wasm.name,
            wasm_std.name()
        ));
    }
    stamp.keep(&outputs)
}

/// A wasm file of the package.
struct Wasm {
    /// The name of its files in `pkg/wasm/`.
    name: &'static str,
    /// The features of the crate `stytch-edge-npm`.
    features: &'static [&'static str],
}

/// `stytch-edge`, and `stytch-edge/verify`, which only checks sessions.
const WASMS: [Wasm; 2] = [
    Wasm {
        name: "stytch_edge",
        features: &["--features", "api"],
    },
    Wasm {
        name: "stytch_edge_verify",
        features: &[],
    },
];

impl Wasm {
    /// Builds the files, and returns the size of the wasm in bytes.
    fn build(&self, workshop: &Workshop, wasm_std: &WasmStd) -> Result<u64> {
        let compiled = self.compile(workshop, wasm_std)?;
        let staging = workshop.project.target("wasm-build/staging");
        self.bind(&compiled, &staging)?;
        let wasm = staging.join(format!("{}_bg.wasm", self.name));
        shrink::run(workshop, &wasm)?;
        check_for_paths(workshop, &wasm)?;
        for output in self.outputs(workshop) {
            let name = output.file_name().unwrap_or_default();
            fs::copy(staging.join(name), &output)
                .with_context(|| format!("cannot write {}", output.display()))?;
        }
        Ok(fs::metadata(wasm)?.len())
    }

    /// The files in `pkg/wasm/`.
    fn outputs(&self, workshop: &Workshop) -> [PathBuf; 3] {
        let folder = workshop.project.path("pkg/wasm");
        [".js", ".d.ts", "_bg.wasm"].map(|ending| folder.join(format!("{}{ending}", self.name)))
    }

    fn compile(&self, workshop: &Workshop, wasm_std: &WasmStd) -> Result<PathBuf> {
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
            "--no-default-features",
        ]);
        command
            .args(self.features)
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

    fn bind(&self, compiled: &Path, staging: &Path) -> Result<()> {
        // `web` without a default path, because the entry file of each runtime provides the bytes.
        let mut output = Bindgen::new()
            .input_path(compiled)
            .out_name(self.name)
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
        let [file, types] =
            [".js", ".d.ts"].map(|ending| staging.join(format!("{}{ending}", self.name)));
        let text = glue::trim(&fs::read_to_string(&file)?)?;
        let (functions, declaration) = glue::object_of_functions(&text, self.name);
        for (file, text) in [
            (&file, text + &functions),
            (&types, fs::read_to_string(&types)? + &declaration),
        ] {
            fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
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
