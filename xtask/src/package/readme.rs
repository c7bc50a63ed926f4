//! Converts the README for publication. The package does not contain the files of the checkout,
//! so links to them become plain text. Links to the web, and to headings of the README, stay.

/// The README without links to files.
pub fn for_the_package(text: &str) -> String {
    let mut in_code = false;
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            result.push_str(line);
        } else {
            unlink(line, &mut result);
        }
    }
    result
}

fn unlink(line: &str, result: &mut String) {
    let mut rest = line;
    while let Some((before, text, target, after)) = next_link(rest) {
        let link = rest.strip_prefix(before).unwrap_or_default();
        let link = link.strip_suffix(after).unwrap_or_default();
        result.push_str(before);
        result.push_str(if leads_to_a_file(target) { text } else { link });
        rest = after;
    }
    result.push_str(rest);
}

/// Splits a line at its first `[text](target)`: the text before, `text`, `target`, and the text after.
fn next_link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let (head, tail) = line.split_once("](")?;
    let (before, text) = head.rsplit_once('[')?;
    let (target, after) = tail.split_once(')')?;
    Some((before, text, target, after))
}

fn leads_to_a_file(target: &str) -> bool {
    !target.contains("://") && !target.starts_with(['#', '<'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_links_to_files_and_keeps_other_links() {
        for (text, expected) in [
            ("see [a/](a/README.md) and [B](B.md#x).", "see a/ and B."),
            (
                "[up](#top), [s](https://a.b/c)",
                "[up](#top), [s](https://a.b/c)",
            ),
            ("x [1] [y](z) [2]\n", "x [1] y [2]\n"),
            ("`a[0](b`", "`a[0](b`"),
            ("no link", "no link"),
        ] {
            assert_eq!(for_the_package(text), expected);
        }
    }

    #[test]
    fn keeps_code_unchanged() {
        let text = "```js\na[0](b)\n```\n[c](d)\n";
        assert_eq!(for_the_package(text), "```js\na[0](b)\n```\nc\n");
    }
}
