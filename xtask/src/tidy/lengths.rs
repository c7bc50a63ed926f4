//! Limits the length of files: 500 lines per file, 20 per loader, and 120 for all sources of the example.

use super::finding::Finding;
use super::source::Source;

/// Finds files that are too long.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = sources.iter().filter_map(check_file).collect();
    findings.extend(check_example(sources));
    findings
}

fn check_file(source: &Source) -> Option<Finding> {
    if source.is_generated() || !ENDINGS.iter().any(|ending| source.path.ends_with(ending)) {
        return None;
    }
    let is_loader = LOADERS.iter().any(|folder| source.path.starts_with(folder));
    let (kind, limit) = if is_loader {
        ("a loader", MAX_LOADER_LINES)
    } else {
        ("a file", MAX_LINES)
    };
    let lines = source.text.lines().count();
    let message = format!("{lines} lines; {kind} may have at most {limit}");
    (lines > limit).then(|| Finding::new(&source.path, lines, message))
}

/// The example demonstrates that a Worker needs little code. Blank lines do not count.
fn check_example(sources: &[Source]) -> Option<Finding> {
    let lines = sources
        .iter()
        .filter(|source| source.path.starts_with(EXAMPLE) && source.path.ends_with(".ts"))
        .flat_map(|source| source.text.lines())
        .filter(|line| !line.trim().is_empty())
        .count();
    let message =
        format!("{lines} lines of TypeScript; the example may have at most {MAX_EXAMPLE_LINES}");
    (lines > MAX_EXAMPLE_LINES).then(|| Finding::new(EXAMPLE, 1, message))
}

const ENDINGS: [&str; 8] = [".rs", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".sh"];
const MAX_LINES: usize = 500;
const LOADERS: [&str; 2] = ["pkg/src/boot/", "pkg/src/entry/"];
const MAX_LOADER_LINES: usize = 20;
const EXAMPLE: &str = "worker-example/src/";
const MAX_EXAMPLE_LINES: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, lines: usize) -> usize {
        check(&[Source::new(path, &"x\n".repeat(lines))]).len()
    }

    #[test]
    fn finds_a_file_that_is_too_long() {
        assert_eq!(findings("src/a.rs", 500), 0);
        assert_eq!(findings("src/a.rs", 501), 1);
        assert_eq!(findings("src/generated/a.rs", 501), 0);
        assert_eq!(findings("docs/a.md", 501), 0);
    }

    #[test]
    fn finds_a_loader_that_is_too_long() {
        assert_eq!(findings("pkg/src/boot/node.ts", 20), 0);
        assert_eq!(findings("pkg/src/entry/node.ts", 21), 1);
    }

    #[test]
    fn finds_an_example_that_is_too_long() {
        let files = |lines: usize| {
            let text = "x\n\n".repeat(lines);
            ["a", "b"].map(|name| Source::new(&format!("worker-example/src/{name}.ts"), &text))
        };
        assert_eq!(check(&files(60)), []);
        assert_eq!(check(&files(61)).len(), 1);
    }
}
