//! Links in the documents: each file and each heading that one names must exist.
//!
//! Links to the web are not followed; a check must not depend on the network.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::source::Source;

/// Finds links to files and headings that are not there.
pub fn check(sources: &[Source], exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let documents: BTreeMap<&str, BTreeSet<String>> = sources
        .iter()
        .filter(|source| source.path.ends_with(".md"))
        .map(|source| (source.path.as_str(), anchors(&source.text)))
        .collect();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".md")) {
        for (line, target) in links(&source.text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() {
                source.path.clone()
            } else {
                resolve(&source.path, file)
            };
            let missing = if !exists(&path) {
                Some(format!("there is no {path}"))
            } else {
                let anchors = documents.get(path.as_str());
                (!heading.is_empty() && !anchors.is_none_or(|anchors| anchors.contains(heading)))
                    .then(|| format!("{path} has no heading #{heading}"))
            };
            findings.extend(missing.map(|message| Finding::new(&source.path, line, message)));
        }
    }
    findings
}

/// The targets of `[text](target)` outside code blocks, each with its line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (line, text) in outside_code(text) {
        for (at, _) in text.match_indices("](") {
            let target = text.get(at + 2..).unwrap_or_default();
            if let Some(end) = target.find(')') {
                let target = target.get(..end).unwrap_or_default();
                links.push((
                    line,
                    target
                        .split_whitespace()
                        .next()
                        .unwrap_or_default()
                        .to_owned(),
                ));
            }
        }
    }
    links
}

fn outside_code(text: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            lines.push((index + 1, line));
        }
    }
    lines
}

/// The anchors of all headings.
fn anchors(text: &str) -> BTreeSet<String> {
    outside_code(text)
        .into_iter()
        .filter(|(_, line)| line.starts_with('#'))
        .map(|(_, line)| anchor(line.trim_start_matches('#').trim()))
        .collect()
}

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// A path relative to a document, from the root of the checkout.
fn resolve(document: &str, target: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let documents = [
            Source::new("README.md", text),
            Source::new("docs/b.md", "# One, two\n"),
        ];
        let exists = |path: &str| ["README.md", "docs/b.md", "src"].contains(&path);
        check(&documents, &exists)
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn finds_links_to_headings_and_files_that_are_not_there() {
        assert_eq!(
            found("[a](#nowhere)"),
            ["README.md has no heading #nowhere"]
        );
        assert_eq!(found("[a](docs/c.md)"), ["there is no docs/c.md"]);
        assert_eq!(
            found("[a](docs/b.md#two)"),
            ["docs/b.md has no heading #two"]
        );
    }

    #[test]
    fn lets_good_links_and_code_blocks_pass() {
        assert_eq!(
            found("# A b\n[a](#a-b) [b](docs/b.md#one-two) [c](src/)"),
            [""; 0]
        );
        assert_eq!(
            found("[a](https://example.com/#x)\n```\n[b](#c)\n```"),
            [""; 0]
        );
    }
}
