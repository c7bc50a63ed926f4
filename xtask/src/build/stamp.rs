//! Decides whether a build can be skipped because its outputs are up to date.
//!
//! The stamp is a hash of all inputs (sources, lock files, the compiler, the code of this build)
//! and a hash of the outputs. If an output is changed by hand, or by another checkout that shares
//! the target directory, then it is built again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workshop::Workshop;

/// The current state of the inputs, and the file with the last stored stamp.
#[derive(Debug)]
pub struct Stamp {
    inputs: String,
    file: PathBuf,
}

impl Stamp {
    /// Hashes the inputs of a build: files and folders of the checkout, and `words` that identify tools.
    pub fn new(workshop: &Workshop, name: &str, inputs: &[&str], words: &[&str]) -> Result<Self> {
        let mut hash = Sha256::new();
        for word in words {
            hash.update(word);
        }
        for input in inputs {
            add_all(&mut hash, &workshop.project.path(input))?;
        }
        Ok(Self {
            inputs: format!("{:x}", hash.finalize()),
            file: workshop.project.target("wasm-build").join(name),
        })
    }

    /// Whether the stored stamp has these inputs and outputs (files or folders).
    pub fn matches(&self, outputs: &[PathBuf]) -> bool {
        let kept = fs::read_to_string(&self.file);
        self.line(outputs)
            .is_ok_and(|line| kept.is_ok_and(|kept| kept == line))
    }

    /// Stores the stamp of these inputs and outputs.
    pub fn keep(&self, outputs: &[PathBuf]) -> Result<()> {
        fs::write(&self.file, self.line(outputs)?)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn line(&self, outputs: &[PathBuf]) -> Result<String> {
        let mut hash = Sha256::new();
        for output in outputs {
            add_all(&mut hash, output)?;
        }
        Ok(format!("{} -> {:x}\n", self.inputs, hash.finalize()))
    }
}

/// Adds a file, or all files of a folder.
fn add_all(hash: &mut Sha256, path: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.iter().try_for_each(|file| add(hash, file))
}

fn add(hash: &mut Sha256, file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    // Path and length come before the bytes. Otherwise text that moves from the end of one file
    // to the start of the next one would not change the hash.
    hash.update(file.as_os_str().as_encoded_bytes());
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        collect(&entry.path(), files)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn detects_a_changed_input_and_a_changed_output() {
        let folder = std::env::temp_dir().join(format!("stytch-edge-stamp-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let output = vec![folder.join("out")];
        fs::write(folder.join("out"), "product").unwrap();
        let stamp = |inputs: &str| Stamp {
            inputs: inputs.into(),
            file: folder.join("stamp"),
        };

        assert!(!stamp("a").matches(&output));
        stamp("a").keep(&output).unwrap();
        assert!(stamp("a").matches(&output));
        assert!(!stamp("b").matches(&output));
        fs::write(folder.join("out"), "changed by hand").unwrap();
        assert!(!stamp("a").matches(&output));
        fs::remove_dir_all(&folder).unwrap();
    }
}
