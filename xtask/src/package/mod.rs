//! Packs the npm package, and installs it from its tarball for the tests.

mod contents;
mod manifest;
mod metadata;
mod notices;
mod readme;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::build;
use crate::setup::node::{self, Folder};
use crate::workshop::{FETCH_LIMIT, Workshop};

/// A package that is published to npm.
#[derive(Debug)]
pub struct Publication {
    /// Its name in npm.
    pub name: &'static str,
    /// The folder of its package.json.
    folder: &'static str,
    /// The path of its README.
    readme: &'static str,
    /// The crate that is compiled to its wasm.
    crate_name: &'static str,
    /// The folder for its tarball in the target directory.
    packed: &'static str,
    /// The path of its wasm in the package.
    wasm: &'static str,
    /// The folder of the tests that install it.
    tests: Folder,
}

/// The package of the client.
pub const STYTCH_EDGE: Publication = Publication {
    name: "stytch-edge",
    folder: "pkg",
    readme: "README.md",
    crate_name: "stytch-edge-npm",
    packed: "package",
    wasm: "dist/wasm/stytch_edge_bg.wasm",
    tests: Folder::Tests,
};

/// The package of the emulator.
pub const STYTCH_EMULATOR: Publication = Publication {
    name: "stytch-emulator",
    folder: "emulator/pkg",
    readme: "emulator/pkg/README.md",
    crate_name: "stytch-emulator-npm",
    packed: "emulator-package",
    wasm: "dist/wasm/stytch_emulator_bg.wasm",
    tests: Folder::EmulatorTests,
};

/// Builds and packs both packages, and prints the paths of their tarballs.
pub fn run(workshop: &Workshop) -> Result<()> {
    build::run(workshop)?;
    build::emulator::run(workshop)?;
    for its in [STYTCH_EDGE, STYTCH_EMULATOR] {
        let tarball = pack(workshop, &its)?;
        let shown = workshop.project.shown(&tarball);
        workshop.progress.print(&format!("ok    pack: {shown}"));
    }
    Ok(())
}

/// Packs a package. If its tarball has changed, installs it for the tests.
pub fn install(workshop: &Workshop, its: &Publication) -> Result<()> {
    node::install(workshop, its.tests)?;
    let tarball = pack(workshop, its)?;
    let modules = workshop.project.path(its.tests.path()).join("node_modules");
    let installed = modules.join(its.name);
    let stamp = modules.join(STAMP);
    let hash = format!("{:x}", Sha256::digest(fs::read(&tarball)?));
    if installed.exists() && fs::read_to_string(&stamp).is_ok_and(|kept| kept == hash) {
        return Ok(());
    }
    // npm does not reinstall a package with the same name and version.
    remove(&installed)?;
    workshop.run(
        "install the tarball for the tests",
        "package-install",
        Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--offline",
                "--no-audit",
                "--no-fund",
            ])
            .arg(&tarball)
            .current_dir(workshop.project.path(its.tests.path())),
        FETCH_LIMIT,
    )?;
    ensure!(
        installed.join(its.wasm).exists(),
        "the tarball does not contain {}; see \"files\" in {}/package.json",
        its.wasm,
        its.folder
    );
    fs::write(&stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The tarball of a package that was packed last.
pub fn tarball(workshop: &Workshop, its: &Publication) -> Result<PathBuf> {
    let folder = workshop.project.target(its.packed);
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|ending| ending == "tgz"))
        .with_context(|| format!("{} does not contain a tarball", folder.display()))
}

fn pack(workshop: &Workshop, its: &Publication) -> Result<PathBuf> {
    let folder = workshop.project.target(its.packed);
    remove(&folder)?;
    let contents = folder.join("contents");
    contents::gather(&workshop.project, its, &contents)?;
    workshop.run(
        "npm pack",
        "package-pack",
        Command::new("npm")
            .args(["pack", "--pack-destination"])
            .arg(&folder)
            .arg(&contents),
        FETCH_LIMIT,
    )?;
    tarball(workshop, its)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

const STAMP: &str = ".installed-tarball";
