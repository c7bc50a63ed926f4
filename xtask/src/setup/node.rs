//! Node, and the JS tools that each folder's package-lock.json names.
//!
//! A folder is installed once for each state of its lock file: the lock's hash is
//! kept inside `node_modules`, so that deleting the folder forgets the stamp too.

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
    /// The runtimes and the libraries of the test suite.
    Tests,
    /// What looks at the package, and the bundlers that it goes through.
    Packaging,
    /// The example, with wrangler and the Node that wrangler asks for.
    WorkerExample,
}

impl Folder {
    /// The folder's path in the checkout.
    pub fn path(self) -> &'static str {
        match self {
            Self::Xtask => "xtask",
            Self::Package => "pkg",
            Self::Tests => "tests",
            Self::Packaging => "tests/packaging",
            Self::WorkerExample => "worker-example",
        }
    }
}

/// A program that `folder` installed, set up if need be.
pub fn tool(workshop: &Workshop, folder: Folder, name: &str) -> Result<PathBuf> {
    let path = bin_folder(workshop, folder)?.join(name);
    ensure!(
        path.exists(),
        "{} has no {name} in node_modules; is it in its package.json?",
        folder.path()
    );
    Ok(path)
}

/// The `node_modules/.bin` of a folder, set up if need be.
pub fn bin_folder(workshop: &Workshop, folder: Folder) -> Result<PathBuf> {
    install(workshop, folder)?;
    Ok(workshop
        .project
        .path(folder.path())
        .join("node_modules/.bin"))
}

/// Installs what the folder's lock file names, unless that is there already.
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

/// Fails in one line when Node is missing or too old.
pub fn check_node() -> Result<()> {
    let wanted = format!("{}.{}", OLDEST_NODE.0, OLDEST_NODE.1);
    let Ok(output) = Command::new("node").arg("--version").output() else {
        bail!("no Node: install Node {wanted} or newer, with npm");
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if parse_version(&version).is_none_or(|found| found < OLDEST_NODE) {
        bail!("Node {version} is too old: install Node {wanted} or newer, with npm");
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
    fn orders_node_versions_by_number_and_not_by_text() {
        assert_eq!(parse_version("v20.19.0"), Some((20, 19)));
        assert!(parse_version("v20.9.0") < Some(OLDEST_NODE));
        assert!(parse_version("v100.0.0") > Some(OLDEST_NODE));
        assert_eq!(parse_version("20.19.0"), None);
    }
}
