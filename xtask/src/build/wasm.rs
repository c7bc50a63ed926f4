//! Compiles a wasm of the package and writes its glue.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::{RELAXED_SIMD, SIMD, glue, rustflags, shrink, target_folder};
use crate::setup::wasm_std::WasmStd;
use crate::workshop::{CARGO_LIMIT, Workshop};

/// The wasm of an entry of the package, for two kinds of engines.
pub struct Wasm {
    /// The name of its files in `pkg/wasm/`.
    pub name: &'static str,
    /// The features of the crate `stytch-edge-npm`.
    features: &'static [&'static str],
}

/// `stytch-edge`, and `stytch-edge/verify`, which only checks sessions.
pub const WASMS: [Wasm; 2] = [
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
    /// Builds the files. The glue of both engines is the same.
    pub fn build(&self, workshop: &Workshop, wasm_std: &WasmStd) -> Result<()> {
        let [glue, types, wasm, relaxed] = self.outputs(workshop);
        let plain = workshop.project.target("wasm-build/staging");
        let fused = workshop.project.target("wasm-build/staging-relaxed");
        self.build_for(workshop, wasm_std, Engine::Simd, &plain)?;
        self.build_for(workshop, wasm_std, Engine::RelaxedSimd, &fused)?;
        let [glue_here, types_here, wasm_here] =
            [".js", ".d.ts", "_bg.wasm"].map(|ending| format!("{}{ending}", self.name));
        let same = fs::read(plain.join(&glue_here))? == fs::read(fused.join(&glue_here))?;
        ensure!(same, "the glue for relaxed SIMD differs");
        for (from, to) in [
            (plain.join(&glue_here), glue),
            (plain.join(&types_here), types),
            (plain.join(&wasm_here), wasm),
            (fused.join(&wasm_here), relaxed),
        ] {
            let bytes =
                fs::copy(from, &to).with_context(|| format!("cannot write {}", to.display()))?;
            if to.extension().is_some_and(|ending| ending == "wasm") {
                let name = to.file_name().unwrap_or_default().display().to_string();
                let std = wasm_std.name();
                workshop.progress.print(&format!(
                    "ok    pkg/wasm/{name}: {bytes} bytes (standard library: {std})"
                ));
            }
        }
        Ok(())
    }

    fn build_for(
        &self,
        workshop: &Workshop,
        wasm_std: &WasmStd,
        engine: Engine,
        staging: &Path,
    ) -> Result<()> {
        let compiled = self.compile(workshop, wasm_std, engine)?;
        self.bind(&compiled, staging)?;
        let wasm = staging.join(format!("{}_bg.wasm", self.name));
        shrink::run(workshop, &wasm, engine == Engine::RelaxedSimd)?;
        check_for_paths(workshop, &wasm)
    }

    /// The files in `pkg/wasm/`.
    pub fn outputs(&self, workshop: &Workshop) -> [PathBuf; 4] {
        let folder = workshop.project.path("pkg/wasm");
        let endings = [".js", ".d.ts", "_bg.wasm", "_relaxed_bg.wasm"];
        endings.map(|ending| folder.join(format!("{}{ending}", self.name)))
    }

    fn compile(&self, workshop: &Workshop, wasm_std: &WasmStd, engine: Engine) -> Result<PathBuf> {
        let folder = target_folder(workshop, wasm_std).join(engine.name());
        let mut flags = rustflags(workshop, wasm_std);
        flags.extend([engine.features(), STACK, PLAIN_ADDRESSES].map(str::to_owned));
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

/// The instructions that an engine accepts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    /// Every runtime of the package.
    Simd,
    /// workerd and Deno: a faster arithmetic for 2048 bits. Node 20 and Safari refuse such a wasm.
    RelaxedSimd,
}

impl Engine {
    fn features(self) -> &'static str {
        match self {
            Self::Simd => SIMD,
            Self::RelaxedSimd => RELAXED_SIMD,
        }
    }

    /// The folder of its compiled code.
    fn name(self) -> &'static str {
        match self {
            Self::Simd => "simd",
            Self::RelaxedSimd => "relaxed-simd",
        }
    }
}

/// Fails if the wasm contains a path of this machine.
pub fn check_for_paths(workshop: &Workshop, wasm: &Path) -> Result<()> {
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

/// 64 KiB instead of the default 1 MiB. Functions do not recurse, calls were measured to use less
/// than 2 KiB, and the largest frame has 800 bytes. The stack is at the lowest addresses, so a
/// stack overflow traps.
const STACK: &str = "-Clink-arg=-zstack-size=65536";
/// Disables LLVM's loop strength reduction. It computes addresses in loops with additions, which
/// the offsets of wasm's load instructions provide without code. Saves 0.4 KB of the package,
/// gzipped.
const PLAIN_ADDRESSES: &str = "-Cllvm-args=-disable-lsr";
