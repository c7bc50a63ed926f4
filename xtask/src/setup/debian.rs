//! Installs Debian packages with apt-get.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Result, bail};
use nix::unistd::geteuid;

use crate::workshop::{FETCH_LIMIT, Workshop};

/// Updates the package lists and installs packages without a prompt.
///
/// Fails without apt-get, or if the user is not root and cannot use sudo without a password.
pub fn install(workshop: &Workshop, packages: &[&str]) -> Result<()> {
    if find_program("apt-get").is_none() {
        bail!("apt-get is not available");
    }
    let Some(prefix) = root_prefix() else {
        bail!("apt-get needs root or sudo without a password");
    };
    let names = packages.join(" ");
    // The lists may be old or absent (container images do not contain them). If the update of one
    // third-party list fails, the installation may still succeed.
    let update = apt_get(prefix, &["update"]);
    let updated = workshop.run(
        "apt-get update",
        "apt-get-update",
        &mut { update },
        FETCH_LIMIT,
    );
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend_from_slice(packages);
    let installed = workshop.run(
        &format!("apt-get install {names}"),
        "apt-get-install",
        &mut apt_get(prefix, &arguments),
        FETCH_LIMIT,
    );
    match (installed, updated) {
        (Ok(()), _) => Ok(()),
        (Err(error), Ok(())) | (Err(_), Err(error)) => Err(error),
    }
}

/// Finds a program in `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| is_executable(path))
}

/// Whether a path is an executable file.
pub fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

fn apt_get(prefix: &[&str], arguments: &[&str]) -> Command {
    let words: Vec<&str> = prefix
        .iter()
        .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .chain(arguments)
        .copied()
        .collect();
    let (program, rest) = words.split_first().unwrap_or((&"apt-get", &[]));
    let mut command = Command::new(program);
    command.args(rest);
    command
}

fn root_prefix() -> Option<&'static [&'static str]> {
    if geteuid().is_root() {
        return Some(&[]);
    }
    let may_sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    may_sudo.then_some(&["sudo", "-n"])
}
