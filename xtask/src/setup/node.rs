//! Node, and the JavaScript tools in the package-lock.json of each folder.
//!
//! A folder is installed once per state of its lock file. The hash of the lock file is stored in
//! `node_modules`, so deleting that folder also deletes the hash.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::workshop::{FETCH_LIMIT, Workshop};

/// A folder with a package.json and a committed lock file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Tools of the build and of the checks: wasm-opt, Redocly, and the linters of TypeScript and of links.
    Xtask,
    /// The npm package's own tools: Rolldown and TypeScript.
    Package,
    /// The tools of the npm package `stytch-emulator`: Rolldown and TypeScript.
    EmulatorPackage,
    /// The runtimes and the libraries of the test suite.
    Tests,
    /// The test runners and the libraries of the tests of `stytch-emulator`.
    EmulatorTests,
    /// The tools that inspect the package, and the bundlers.
    Packaging,
    /// The example, with wrangler and the Node version that wrangler requires.
    WorkerExample,
}

impl Folder {
    /// The folder's path in the checkout.
    pub fn path(self) -> &'static str {
        match self {
            Self::Xtask => "xtask",
            Self::Package => "pkg",
            Self::EmulatorPackage => "emulator/pkg",
            Self::Tests => "tests",
            Self::EmulatorTests => "tests/emulator",
            Self::Packaging => "tests/packaging",
            Self::WorkerExample => "worker-example",
        }
    }
}

/// Returns the path of a program of `folder`. Installs the folder first if necessary.
pub fn tool(workshop: &Workshop, folder: Folder, name: &str) -> Result<PathBuf> {
    let path = bin_folder(workshop, folder)?.join(name);
    ensure!(
        path.exists(),
        "{}/node_modules does not contain the program {name}; add its package to package.json",
        folder.path()
    );
    Ok(path)
}

/// Returns the path of `node_modules/.bin` in a folder. Installs the folder first if necessary.
pub fn bin_folder(workshop: &Workshop, folder: Folder) -> Result<PathBuf> {
    install(workshop, folder)?;
    Ok(workshop
        .project
        .path(folder.path())
        .join("node_modules/.bin"))
}

/// Installs the packages in the folder's lock file, unless they are already installed.
pub fn install(workshop: &Workshop, folder: Folder) -> Result<()> {
    check_node()?;
    let path = workshop.project.path(folder.path());
    let lock = fs::read(path.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.path()))?;
    let stamp = path.join("node_modules").join(STAMP);
    let hash = format!("{:x}", Sha256::digest(&lock));
    if fs::read_to_string(&stamp).is_ok_and(|kept| kept == hash) {
        return Ok(());
    }
    workshop.run(
        &format!("npm ci in {}", folder.path()),
        &format!("npm-ci-{}", folder.path()),
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&path),
        FETCH_LIMIT,
    )?;
    fs::write(&stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Fails if Node is missing or too old.
pub fn check_node() -> Result<()> {
    let required = format!("{}.{}", OLDEST_NODE.0, OLDEST_NODE.1);
    let Ok(output) = Command::new("node").arg("--version").output() else {
        bail!("Node was not found: install Node {required} or later, with npm");
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if parse_version(&version).is_none_or(|found| found < OLDEST_NODE) {
        bail!("Node {version} is too old: install Node {required} or later, with npm");
    }
    Ok(())
}

fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The first release that can `require()` an ES module without a flag.
const OLDEST_NODE: (u32, u32) = (20, 19);
const STAMP: &str = ".installed-lock";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_node_versions_as_numbers() {
        assert_eq!(parse_version("v20.19.0"), Some((20, 19)));
        assert!(parse_version("v20.9.0") < Some(OLDEST_NODE));
        assert!(parse_version("v100.0.0") > Some(OLDEST_NODE));
        assert_eq!(parse_version("20.19.0"), None);
    }
}
