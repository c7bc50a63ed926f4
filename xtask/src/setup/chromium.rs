//! Finds Chromium or Chrome, or installs Debian's.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};

use crate::setup::debian;
use crate::workshop::Workshop;

/// The browser's executable.
///
/// Looks at `STYTCH_EDGE_CHROMIUM`, then in `PATH` and the usual places, then
/// asks apt-get.
pub fn find_or_install(workshop: &Workshop) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        let chosen = PathBuf::from(chosen);
        if !debian::is_executable(&chosen) {
            bail!("{VARIABLE} names {}, which is no program", chosen.display());
        }
        return Ok(chosen);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(workshop, &["chromium"]).map_err(|error| {
        anyhow!("no Chromium: install it, or name one in {VARIABLE} ({error:#})")
    })?;
    find().ok_or_else(|| anyhow!("no Chromium in PATH even after apt-get install chromium"))
}

fn find() -> Option<PathBuf> {
    NAMES
        .iter()
        .find_map(|name| debian::find_program(name))
        .or_else(|| PLACES.iter().map(PathBuf::from).find(|path| path.exists()))
}

const VARIABLE: &str = "STYTCH_EDGE_CHROMIUM";
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const PLACES: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
