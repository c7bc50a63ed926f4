//! Whether a build would give what is there already.
//!
//! The stamp is a hash over everything that goes in (sources, lock files, the
//! compiler, this build's own code), kept with a hash of what came out. Comparing
//! both means that a product changed by hand, or by another checkout that shares
//! the target directory, is built again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workshop::Workshop;

/// The state of the inputs now, and the place of the last kept state.
#[derive(Debug)]
pub struct Stamp {
    inputs: String,
    file: PathBuf,
}

impl Stamp {
    /// Hashes the inputs of a build, which are files and folders of the checkout and `words` about tools.
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

    /// Whether these inputs gave these outputs (files or folders) last time.
    pub fn matches(&self, outputs: &[PathBuf]) -> bool {
        let kept = fs::read_to_string(&self.file);
        self.line(outputs)
            .is_ok_and(|line| kept.is_ok_and(|kept| kept == line))
    }

    /// Remembers that these inputs gave these outputs.
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
    // Name and length before the bytes, so that text moved from one file to the
    // next one is a change.
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
    fn notices_a_changed_input_and_a_changed_output() {
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
