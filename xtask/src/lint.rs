//! Runs third-party linters, each with its configuration. Every finding is an error.
//!
//! `tests/lint` contains a breach of each rule. The step `lint-breaches` fails if a linter does not report one of them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::openapi;
use crate::setup::node::{self, Folder};
use crate::setup::python;
use crate::workshop::Workshop;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linter {
    /// Redocly, on the description in `api/`: `api/redocly.yaml`.
    Api,
    /// oxlint, on the package's sources and on a file with a breach of each rule: `pkg/oxlint.jsonc`.
    TypeScript,
    /// remark-validate-links, on links between documents: `xtask/remark.json`.
    Links,
    /// typos, on every file: `xtask/typos.toml`.
    Spelling,
}

/// The command that runs a linter on the checkout.
pub fn command(workshop: &Workshop, linter: Linter) -> Result<Command> {
    let mut command = match linter {
        Linter::Api => openapi::lint(workshop)?,
        Linter::TypeScript => oxlint(workshop)?,
        Linter::Links => remark(workshop)?,
        Linter::Spelling => typos(workshop)?,
    };
    command.current_dir(workshop.project.root());
    Ok(command)
}

/// The environment variables of `tests/lint/breaches.mjs`: the paths of the linters that it starts.
pub fn programs(workshop: &Workshop) -> Result<[(&'static str, PathBuf); 3]> {
    node::install(workshop, Folder::Package)?;
    Ok([
        (
            "STYTCH_REDOCLY",
            node::tool(workshop, Folder::Xtask, "redocly")?,
        ),
        (
            "STYTCH_REMARK",
            node::tool(workshop, Folder::Xtask, "remark")?,
        ),
        ("STYTCH_TYPOS", python::tool(workshop, "typos")?),
    ])
}

/// Each breach in `tests/lint` has a directive that disables its rule. An unused directive is an error, so the linter must
/// find every breach.
fn oxlint(workshop: &Workshop) -> Result<Command> {
    let mut command = Command::new(node::tool(workshop, Folder::Xtask, "oxlint")?);
    command
        .args(["--config", "pkg/oxlint.jsonc", "--deny-warnings"])
        .args(["--report-unused-disable-directives-severity", "error"])
        .args(["pkg/src", "tests/lint/breaches.ts"]);
    Ok(command)
}

fn remark(workshop: &Workshop) -> Result<Command> {
    let mut command = Command::new(node::tool(workshop, Folder::Xtask, "remark")?);
    command
        .args([".", "--rc-path", "xtask/remark.json"])
        .args(["--ignore-path", ".gitignore"])
        .args(["--frail", "--quiet", "--no-stdout", "--no-color"]);
    Ok(command)
}

fn typos(workshop: &Workshop) -> Result<Command> {
    let mut command = Command::new(python::tool(workshop, "typos")?);
    command.args(["--config", "xtask/typos.toml", "--format", "brief", "."]);
    Ok(command)
}
