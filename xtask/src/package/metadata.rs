//! Reads the metadata of crates from cargo: folder, authors, licence, and whether a crate is
//! compiled into the npm package.
//!
//! Does not know how the metadata is used.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::project::{Project, cargo};

/// The packages of the lock file that are used on wasm32, as `cargo metadata` describes them.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
}

/// One package. Fields without a comment have the value of the same key in Cargo.toml.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    pub version: String,
    pub license: Option<String>,
    pub authors: Vec<String>,
    pub repository: Option<String>,
    pub homepage: Option<String>,
    /// The path of its Cargo.toml, which is in the folder of its sources.
    pub manifest_path: PathBuf,
}

impl Metadata {
    /// Runs `cargo metadata`.
    pub fn read(project: &Project) -> Result<Self> {
        let arguments = ["metadata", "--format-version", "1", "--locked"];
        let platform = ["--filter-platform", TARGET];
        let json = printed(project, &[arguments.as_slice(), &platform].concat())?;
        serde_json::from_str(&json).context("the output of cargo metadata has an unknown format")
    }

    /// The package with this name. Several versions are an error.
    pub fn package(&self, name: &str) -> Result<&Package> {
        let mut found = self.packages.iter().filter(|package| package.name == name);
        match (found.next(), found.next()) {
            (Some(package), None) => Ok(package),
            (None, _) => anyhow::bail!("cargo metadata does not list the package {name}"),
            (Some(_), Some(_)) => {
                anyhow::bail!("cargo metadata lists several versions of the package {name}")
            }
        }
    }

    /// The third-party packages that are compiled into the wasm of this crate. Excludes
    /// members of the workspace, and build scripts and macros with their dependencies.
    ///
    /// Uses `cargo tree`, which resolves features for one package. `cargo metadata` resolves them
    /// for the whole workspace, so it would also list dependencies of the emulator's features.
    pub fn compiled_in(&self, project: &Project, crate_name: &str) -> Result<Vec<&Package>> {
        let arguments = [
            "tree",
            "--locked",
            "--color",
            "never",
            "--package",
            crate_name,
        ];
        let choice = ["--target", TARGET];
        let format = ["--edges", "normal,no-proc-macro", "--prefix", "none"];
        let tree = printed(project, &[arguments.as_slice(), &choice, &format].concat())?;
        self.listed(&tree)
    }

    /// The packages in the lines of a tree (`name v1.0.0`), sorted, without members of the
    /// workspace.
    fn listed(&self, tree: &str) -> Result<Vec<&Package>> {
        let mut packages = Vec::new();
        for line in tree.lines().filter(|line| !line.is_empty()) {
            let package = self
                .packages
                .iter()
                .find(|package| {
                    let mut words = line.split_whitespace();
                    words.next() == Some(&package.name)
                        && words.next().and_then(|word| word.strip_prefix('v'))
                            == Some(&package.version)
                })
                .with_context(|| format!("cargo metadata does not list `{line}`"))?;
            if !self.workspace_members.contains(&package.id) {
                packages.push(package);
            }
        }
        packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        packages.dedup_by(|a, b| a.id == b.id);
        Ok(packages)
    }
}

fn printed(project: &Project, arguments: &[&str]) -> Result<String> {
    let output = Command::new(cargo())
        .args(arguments)
        .current_dir(project.root())
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "cargo {} failed: {}",
        arguments.first().unwrap_or(&""),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    String::from_utf8(output.stdout).context("the output of cargo is not UTF-8")
}

const TARGET: &str = "wasm32-unknown-unknown";

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        let package = |name: &str, version: &str| {
            serde_json::json!({
                "id": format!("{name}#{version}"), "name": name, "version": version,
                "license": "MIT", "authors": [], "manifest_path": "Cargo.toml",
            })
        };
        let packages = [
            package("b", "1.0.0"),
            package("b", "2.0.0"),
            package("a", "1.0.0"),
            package("own", "1.0.0"),
            package("unused", "1.0.0"),
        ];
        let json = serde_json::json!({ "packages": packages, "workspace_members": ["own#1.0.0"] });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn lists_each_package_of_a_tree_once_without_members_of_the_workspace() {
        let tree = "own v1.0.0 (/folder)\nb v2.0.0\na v1.0.0\nb v1.0.0\nb v2.0.0 (*)\n";
        let metadata = metadata();
        let listed = metadata.listed(tree).unwrap();
        let names: Vec<String> = listed
            .iter()
            .map(|package| format!("{} {}", package.name, package.version))
            .collect();
        assert_eq!(names, ["a 1.0.0", "b 1.0.0", "b 2.0.0"]);
    }

    #[test]
    fn rejects_a_package_of_a_tree_that_the_metadata_does_not_list() {
        let error = metadata().listed("c v1.0.0\n").unwrap_err();
        assert_eq!(error.to_string(), "cargo metadata does not list `c v1.0.0`");
    }

    #[test]
    fn rejects_a_name_with_several_versions() {
        assert_eq!(metadata().package("a").unwrap().version, "1.0.0");
        assert!(metadata().package("b").is_err());
        assert!(metadata().package("c").is_err());
    }
}
