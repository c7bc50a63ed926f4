//! How long files may be: think again at 300 lines, explain yourself at 500.

use super::finding::Finding;
use super::source::Source;

/// Finds files and groups of files that are too long.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = sources.iter().filter_map(check_file).collect();
    findings.extend(GROUPS.iter().filter_map(|group| group.check(sources)));
    findings
}

fn check_file(source: &Source) -> Option<Finding> {
    if source.is_generated() || !ENDINGS.iter().any(|ending| source.path.ends_with(ending)) {
        return None;
    }
    let lines = source.text.lines().count();
    if LOADERS.iter().any(|folder| source.path.starts_with(folder)) && lines > MOST_LOADER_LINES {
        let message = format!("{lines} lines; a loader has {MOST_LOADER_LINES} at most");
        return Some(Finding::error(&source.path, lines, message));
    }
    let message = format!("{lines} lines; is this one idea?");
    match lines {
        0..=MANY_LINES => None,
        _ if lines <= TOO_MANY_LINES => Some(Finding::warning(&source.path, lines, message)),
        _ => Some(Finding::error(&source.path, lines, message)),
    }
}

/// Files that share one measure.
struct Group {
    folder: &'static str,
    ending: &'static str,
    most: usize,
}

impl Group {
    fn check(&self, sources: &[Source]) -> Option<Finding> {
        let lines: usize = sources
            .iter()
            .filter(|source| {
                source.path.starts_with(self.folder) && source.path.ends_with(self.ending)
            })
            .filter(|source| !source.is_generated())
            .map(|source| {
                source
                    .text
                    .lines()
                    .filter(|line| !line.trim().is_empty())
                    .count()
            })
            .sum();
        (lines > self.most).then(|| {
            let message = format!(
                "{lines} hand-written lines of {}; about {} is the measure",
                self.ending, self.most
            );
            Finding::warning(self.folder, 1, message)
        })
    }
}

const GROUPS: &[Group] = &[
    Group {
        folder: "pkg/src/",
        ending: ".ts",
        most: 2_800,
    },
    Group {
        folder: "worker-example/src/",
        ending: ".ts",
        most: 120,
    },
];

const ENDINGS: [&str; 8] = [".rs", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".sh"];
const LOADERS: [&str; 2] = ["pkg/src/boot/", "pkg/src/entry/"];
const MOST_LOADER_LINES: usize = 20;
const MANY_LINES: usize = 300;
const TOO_MANY_LINES: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding::Severity;

    fn found(path: &str, lines: usize) -> Vec<Severity> {
        let text = "x\n".repeat(lines);
        check(&[Source::new(path, &text)])
            .iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn warns_of_a_long_file_and_refuses_a_very_long_one() {
        assert_eq!(found("src/a.rs", 300), []);
        assert_eq!(found("src/a.rs", 301), [Severity::Warning]);
        assert_eq!(found("src/a.rs", 501), [Severity::Error]);
        assert_eq!(found("src/generated/a.rs", 501), []);
    }

    #[test]
    fn refuses_a_loader_that_does_more_than_load() {
        assert_eq!(found("pkg/src/boot/node.ts", 20), []);
        assert_eq!(found("pkg/src/entry/node.ts", 21), [Severity::Error]);
    }

    #[test]
    fn warns_when_the_hand_written_typescript_grows() {
        let findings = |lines: usize| {
            let text = "x\n".repeat(lines);
            let sources: Vec<Source> = (0..10)
                .map(|number| Source::new(&format!("pkg/src/{number}.ts"), &text))
                .collect();
            check(&sources).len()
        };
        assert_eq!(findings(280), 0);
        assert_eq!(findings(281), 1);
    }
}
