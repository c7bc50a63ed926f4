//! Installs the programs in `xtask/requirements.txt` from PyPI.
//!
//! They are installed once per state of that file, into a folder of the target directory that is named after the hash of
//! the file. So the machine's own Python packages do not change.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::setup::debian;
use crate::workshop::{FETCH_LIMIT, Workshop};

/// Returns the path of a program. Installs it first if necessary.
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
        "the packages in {REQUIREMENTS} do not contain the program {name}"
    );
    Ok(program)
}

/// Ensures that `python3` can make virtual environments. `tests/official` makes one.
pub fn find_or_install_venv(workshop: &Workshop) -> Result<()> {
    // Debian has ensurepip in a package of its own. Without it, `python3 -m venv` exists and fails.
    find_or_install(
        workshop,
        "venv",
        &["-c", "import ensurepip, venv"],
        "python3-venv",
    )
}

fn find_or_install_pip(workshop: &Workshop) -> Result<()> {
    find_or_install(workshop, "pip", &["-m", "pip", "--version"], "python3-pip")
}

fn find_or_install(
    workshop: &Workshop,
    module: &str,
    probe: &[&str],
    package: &'static str,
) -> Result<()> {
    if succeeds(probe) {
        return Ok(());
    }
    debian::install(workshop, &[package]).with_context(|| {
        format!("{module} was not found: install Python 3 with {module} (Debian: {package})")
    })?;
    ensure!(
        succeeds(probe),
        "`apt-get install {package}` did not install {module} for python3"
    );
    Ok(())
}

fn succeeds(arguments: &[&str]) -> bool {
    Command::new("python3")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

const REQUIREMENTS: &str = "xtask/requirements.txt";
