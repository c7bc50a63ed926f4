//! The npm package as a user gets it: packed, and installed from its tarball.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::setup::node::{self, Folder};
use crate::workshop::{FETCH_LIMIT, Workshop};

/// Packs `pkg/` and installs the tarball for the tests, if it is another one than
/// last time.
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
    // npm takes a package of the same name and version for the same package.
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
    let wasm = installed.join("wasm/stytch_edge_bg.wasm");
    ensure!(
        wasm.exists(),
        "the tarball holds no wasm; see \"files\" in pkg/package.json"
    );
    fs::write(&stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

fn pack(workshop: &Workshop) -> Result<PathBuf> {
    let folder = workshop.project.target("package");
    remove(&folder)?;
    fs::create_dir_all(&folder)?;
    workshop.run(
        "npm pack",
        "package-pack",
        Command::new("npm")
            .args(["pack", "--pack-destination"])
            .arg(&folder)
            .arg(workshop.project.path("pkg")),
        FETCH_LIMIT,
    )?;
    let mut entries = fs::read_dir(&folder)?;
    let tarball = entries.next().context("npm pack made nothing")??;
    Ok(tarball.path())
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
