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

/// Builds and packs the package, and prints the path of the tarball.
pub fn run(workshop: &Workshop) -> Result<()> {
    build::run(workshop)?;
    let tarball = pack(workshop)?;
    let shown = workshop.project.shown(&tarball);
    workshop.progress.print(&format!("ok    pack: {shown}"));
    Ok(())
}

/// Packs `pkg/`. If the tarball has changed, installs it for the tests.
pub fn install(workshop: &Workshop) -> Result<()> {
    node::install(workshop, Folder::Tests)?;
    let tarball = pack(workshop)?;
    let modules = workshop
        .project
        .path(Folder::Tests.path())
        .join("node_modules");
    let installed = modules.join(NAME);
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
            .current_dir(workshop.project.path(Folder::Tests.path())),
        FETCH_LIMIT,
    )?;
    let wasm = installed.join("dist/wasm/stytch_edge_bg.wasm");
    ensure!(
        wasm.exists(),
        "the tarball does not contain dist/wasm/stytch_edge_bg.wasm; see \"files\" in pkg/package.json"
    );
    fs::write(&stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The tarball that was packed last.
pub fn tarball(workshop: &Workshop) -> Result<PathBuf> {
    let folder = workshop.project.target(FOLDER);
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|ending| ending == "tgz"))
        .with_context(|| format!("{} does not contain a tarball", folder.display()))
}

fn pack(workshop: &Workshop) -> Result<PathBuf> {
    let folder = workshop.project.target(FOLDER);
    remove(&folder)?;
    let contents = folder.join("contents");
    contents::gather(&workshop.project, &contents)?;
    workshop.run(
        "npm pack",
        "package-pack",
        Command::new("npm")
            .args(["pack", "--pack-destination"])
            .arg(&folder)
            .arg(&contents),
        FETCH_LIMIT,
    )?;
    tarball(workshop)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

const NAME: &str = "stytch-edge";
const STAMP: &str = ".installed-tarball";
const FOLDER: &str = "package";
