//! What is packed: `pkg/`, and with it the README and the licences, which the
//! checkout has once, at its root. Which of the files of `pkg/` ship is not known
//! here; its package.json says so.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::readme;
use crate::project::Project;

/// Copies everything that `npm pack` is to see into a new folder.
pub fn gather(project: &Project, folder: &Path) -> Result<()> {
    copy_folder(&project.path("pkg"), folder)?;
    for licence in LICENCES {
        copy_file(&project.path(licence), &folder.join(licence))?;
    }
    let text = fs::read_to_string(project.path(README)).context("cannot read the README")?;
    fs::write(folder.join(README), readme::for_the_package(&text))
        .context("cannot write the package's README")
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            copy_file(&entry.path(), &target)?;
        } else if entry.file_name() != "node_modules" {
            copy_folder(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
const README: &str = "README.md";
