//! Finds Chromium or Chrome, or installs Debian's Chromium.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};

use crate::setup::debian;
use crate::workshop::Workshop;

/// Returns the path of the browser's executable.
///
/// Tries `STYTCH_EDGE_CHROMIUM`, then `PATH`, then the usual paths, and then installs with
/// apt-get.
pub fn find_or_install(workshop: &Workshop) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        let chosen = PathBuf::from(chosen);
        if !debian::is_executable(&chosen) {
            bail!(
                "{VARIABLE} is {}, which is not an executable file",
                chosen.display()
            );
        }
        return Ok(chosen);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(workshop, &["chromium"]).map_err(|error| {
        anyhow!("Chromium was not found: install it, or set {VARIABLE} to its path ({error:#})")
    })?;
    find().ok_or_else(|| anyhow!("`apt-get install chromium` did not install chromium into PATH"))
}

fn find() -> Option<PathBuf> {
    NAMES
        .iter()
        .find_map(|name| debian::find_program(name))
        .or_else(|| PATHS.iter().map(PathBuf::from).find(|path| path.exists()))
}

const VARIABLE: &str = "STYTCH_EDGE_CHROMIUM";
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const PATHS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
