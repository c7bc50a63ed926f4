//! `cargo xtask tidy`: the house rules that a machine can check.
//!
//! Reads the sources as lines of text. It is no compiler: comments and strings are
//! blanked first, and that is enough for rules about which names stand where. What
//! other projects' linters check is not here but in `lint`.

mod finding;
mod imports;
mod lengths;
mod modules;
mod rules;
mod source;
mod typescript;
mod words;

use anyhow::{Result, bail};

use self::finding::Finding;
use self::source::Source;
use crate::workshop::Workshop;

/// Checks every rule on every file, and fails if one of them is broken.
pub fn run(workshop: &Workshop) -> Result<()> {
    let sources = source::read_all(workshop.project.root())?;
    let mut findings = check(&sources);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    for finding in &findings {
        workshop.progress.say(&finding.to_string());
    }
    if !findings.is_empty() {
        bail!(
            "{} house rules broken in {} files",
            findings.len(),
            sources.len()
        );
    }
    let typescript = typescript::count(workshop)?;
    workshop.progress.say(&format!(
        "ok    tidy: {} files follow the house rules; {typescript} of {} lines of hand-written TypeScript",
        sources.len(),
        typescript::MOST_LINES
    ));
    Ok(())
}

fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = rules::check(sources);
    findings.extend(imports::check(sources));
    findings.extend(modules::check(sources));
    findings.extend(lengths::check(sources));
    findings
}
