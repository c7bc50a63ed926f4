//! `cargo xtask tidy`: checks rules for source files that third-party linters do not cover.
//!
//! Reads the sources as lines of text, without parsing them. Comments and strings are replaced
//! by blanks first, which is sufficient for rules about the use of names. Third-party linters
//! are in `lint`.

mod finding;
mod imports;
mod lengths;
mod modules;
mod prose;
mod rules;
mod source;
mod typescript;
mod words;

use anyhow::{Result, bail};

use self::finding::Finding;
use self::source::Source;
use crate::workshop::Workshop;

/// Checks every rule on every file. Fails if there is a finding.
pub fn run(workshop: &Workshop) -> Result<()> {
    let sources = source::read_all(workshop.project.root())?;
    let mut findings = check(&sources);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    for finding in &findings {
        workshop.progress.print(&finding.to_string());
    }
    if !findings.is_empty() {
        bail!(
            "{} findings in the {} files that were checked; each is listed above",
            findings.len(),
            sources.len()
        );
    }
    let typescript = typescript::count(workshop)?;
    workshop.progress.print(&format!(
        "ok    tidy: {} files checked; {typescript} of at most {} lines of hand-written TypeScript",
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
    findings.extend(prose::check(sources));
    findings
}
