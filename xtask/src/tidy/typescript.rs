//! How many lines of hand-written TypeScript the package has: logic belongs into the wasm.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::setup::node::{self, Folder};
use crate::workshop::Workshop;

/// The number of lines that become code; an error if there are too many.
pub fn count(workshop: &Workshop) -> Result<usize> {
    node::install(workshop, Folder::Package)?;
    let output = Command::new("node")
        .args(["xtask/typescript-lines.mjs", FOLDER])
        .current_dir(workshop.project.root())
        .output()
        .context("cannot run node")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.trim().parse().with_context(|| {
        let error = String::from_utf8_lossy(&output.stderr);
        format!("cannot count the lines of {FOLDER}: {error}")
    })?;
    ensure!(
        lines <= MOST_LINES,
        "{FOLDER} has {lines} lines of hand-written TypeScript, and the limit is {MOST_LINES}"
    );
    Ok(lines)
}

const FOLDER: &str = "pkg/src";
/// Lower it with each change that removes lines.
pub const MOST_LINES: usize = 2_350;
