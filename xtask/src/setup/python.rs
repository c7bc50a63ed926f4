//! The programs that `xtask/requirements.txt` names, from PyPI.
//!
//! They are installed once for each state of that file, into a folder of the target directory that is named after its
//! hash: nothing of the machine's own Python changes.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::setup::debian;
use crate::workshop::{FETCH_LIMIT, Workshop};

/// A program of the file, installed if need be.
pub fn tool(workshop: &Workshop, name: &str) -> Result<PathBuf> {
    let requirements = workshop.project.path(REQUIREMENTS);
    let text = fs::read(&requirements).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let hash = format!("{:x}", Sha256::digest(&text));
    let folder = workshop.project.target(&format!("python-tools-{hash:.16}"));
    let program = folder.join("bin").join(name);
    if !debian::is_executable(&program) {
        find_or_install_pip(workshop)?;
        let mut command = Command::new("python3");
        command
            .args(["-m", "pip", "install", "--disable-pip-version-check"])
            .args(["--no-deps", "--require-hashes", "--upgrade"])
            .arg("--requirement")
            .arg(&requirements)
            .arg("--target")
            .arg(&folder);
        let title = format!("pip install {REQUIREMENTS}");
        workshop.run(&title, "pip-install", &mut command, FETCH_LIMIT)?;
    }
    ensure!(
        debian::is_executable(&program),
        "{REQUIREMENTS} installs no program {name}"
    );
    Ok(program)
}

fn find_or_install_pip(workshop: &Workshop) -> Result<()> {
    if has_pip() {
        return Ok(());
    }
    debian::install(workshop, &["python3-pip"]).context("no Python: install Python 3 with pip")?;
    ensure!(has_pip(), "python3 has no pip even after apt-get install");
    Ok(())
}

fn has_pip() -> bool {
    Command::new("python3")
        .args(["-m", "pip", "--version"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

const REQUIREMENTS: &str = "xtask/requirements.txt";
