//! Reads the files that the rules check, and blanks their comments and strings.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// A text file of the checkout.
#[derive(Debug)]
pub struct Source {
    /// The path relative to the root of the checkout, with `/`.
    pub path: String,
    /// The unchanged content.
    pub text: String,
    /// The same lines, with blanks instead of comments and strings.
    pub code: String,
}

impl Source {
    /// Blanks the comments and strings of a text.
    pub fn new(path: &str, text: &str) -> Self {
        let code = match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("rs") => blank(text, Language::Rust),
            Some("js" | "mjs" | "cjs" | "ts" | "mts" | "cts") => blank(text, Language::JavaScript),
            _ => text.to_owned(),
        };
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
        }
    }

    /// Whether the file is generated.
    pub fn is_generated(&self) -> bool {
        self.path
            .split('/')
            .any(|part| part == "generated" || part == "package-lock.json")
            || self.path == "Cargo.lock"
    }
}

/// Reads every text file of the checkout, except fetched and built files.
pub fn read_all(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    read_folder(root, "", &mut sources)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn read_folder(root: &Path, folder: &str, sources: &mut Vec<Source>) -> Result<()> {
    let path = root.join(folder);
    let entries = fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let kind = entry.file_type()?;
        if SKIPPED.contains(&name.as_str()) || SKIPPED.contains(&path.as_str()) {
            continue;
        }
        if kind.is_dir() {
            read_folder(root, &path, sources)?;
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
        {
            sources.push(Source::new(&path, &text));
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    JavaScript,
}

/// Replaces comments and strings with spaces. Keeps line breaks.
fn blank(text: &str, language: Language) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = '\n';
    // For each enclosing template literal, the number of open braces in its `${}`.
    let mut templates: Vec<usize> = Vec::new();
    while let Some(next) = rest.chars().next() {
        let template = match (language, next, templates.last_mut()) {
            (Language::JavaScript, '`', _) => Some(template_part(rest)),
            (_, '}', Some(0)) => {
                templates.pop();
                Some(template_part(rest))
            }
            (_, '}', Some(open)) => {
                *open -= 1;
                None
            }
            (_, '{', Some(open)) => {
                *open += 1;
                None
            }
            _ => None,
        };
        if let Some((length, is_open)) = template {
            let (inside, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            code.extend(inside.chars().map(blanked));
            before = if is_open { '{' } else { '"' };
            templates.extend(is_open.then_some(0));
            rest = after;
            continue;
        }
        let length = match literal_length(rest, before, language) {
            0 => {
                code.push(next);
                if !next.is_whitespace() || next == '\n' {
                    before = next;
                }
                next.len_utf8()
            }
            length => {
                let (inside, _) = rest.split_at_checked(length).unwrap_or((rest, ""));
                code.extend(inside.chars().map(blanked));
                before = '"';
                length
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    code
}

fn blanked(c: char) -> char {
    if c == '\n' { '\n' } else { ' ' }
}

/// The length in bytes of the template literal's text at the start of `rest`, including its delimiters, and whether an
/// expression follows.
fn template_part(rest: &str) -> (usize, bool) {
    let (mut escaped, mut dollar) = (false, false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '`' => return (at + 1, false),
            '{' if dollar => return (at + 1, true),
            _ => {
                dollar = c == '$';
                continue;
            }
        }
        dollar = false;
    }
    (rest.len(), false)
}

/// The length in bytes of the comment or string at the start of `rest`. 0 if it starts with something else.
fn literal_length(rest: &str, before: char, language: Language) -> usize {
    let until = |end: &str, from: usize| {
        let inside = rest.get(from..).unwrap_or_default();
        inside
            .find(end)
            .map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until("*/", 2);
    }
    if rest.starts_with('"') {
        return quoted_length(rest, '"');
    }
    match language {
        Language::Rust => rust_literal_length(rest, before, until),
        Language::JavaScript => match rest.chars().next() {
            Some(quote @ '\'') => quoted_length(rest, quote),
            // After a value, a slash is a division. Elsewhere it begins a regular expression.
            Some('/') if "(,=:[!&|?{};\n".contains(before) => pattern_length(rest),
            _ => 0,
        },
    }
}

fn rust_literal_length(rest: &str, before: char, until: impl Fn(&str, usize) -> usize) -> usize {
    if let Some(raw) = rest.strip_prefix('r')
        && !(before.is_alphanumeric() || before == '_')
    {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw.get(hashes..).is_some_and(|raw| raw.starts_with('"')) {
            return until(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
        }
    }
    // A quote begins a character only if another quote closes it. Otherwise it begins a lifetime.
    let mut inside = rest.strip_prefix('\'').unwrap_or_default().char_indices();
    match (inside.next(), inside.next()) {
        (Some((_, '\\')), Some((after, _))) => until("'", after + 2),
        (Some(_), Some((at, '\''))) => at + 2,
        _ => 0,
    }
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

fn pattern_length(rest: &str) -> usize {
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return 0,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return at + 1,
            _ => {}
        }
    }
    0
}

/// Names and paths of fetched or built files, of git's own files, and of binary test data.
const SKIPPED: [&str; 10] = [
    ".git",
    "target",
    "node_modules",
    ".wrangler",
    "emulator/pkg/dist",
    "emulator/pkg/wasm",
    "pkg/dist",
    "pkg/wasm",
    ".DS_Store",
    "fuzz/corpus",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn code(path: &str, text: &str) -> String {
        Source::new(path, text)
            .code
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn blanks_comments_and_strings_of_rust() {
        assert_eq!(code("a.rs", "a // b\nc /* d\n */ e"), "a c e");
        assert_eq!(code("a.rs", r#"a("b\"c") d"#), "a( ) d");
        assert_eq!(code("a.rs", "a(r#\"b \" c\"#) d"), "a( ) d");
        assert_eq!(
            code("a.rs", r"f('\'') g('\u{1}') <'a> h('x')"),
            "f( ) g( ) <'a> h( )"
        );
    }

    #[test]
    fn blanks_comments_strings_and_regular_expressions_of_javascript() {
        assert_eq!(code("a.js", "a('b') + c // e"), "a( ) + c");
        assert_eq!(
            code("a.js", r#"x.replace(/["/]/g, y) / z"#),
            "x.replace( g, y) / z"
        );
    }

    #[test]
    fn keeps_the_expressions_of_template_literals() {
        assert_eq!(code("a.js", "`a ${b} c` + d"), "b + d");
        assert_eq!(
            code("a.js", "`${b({ c: {} })} } ${`d ${e}`}` + f"),
            "b({ c: {} }) e + f"
        );
        assert_eq!(code("a.js", r"`\` $ {a} \${b} $\{c} $${d}` + e"), "d + e");
        assert_eq!(
            code("a.js", "`${/[`}]/.test('`')}` + { a }"),
            ".test( ) + { a }"
        );
    }

    #[test]
    fn keeps_the_number_of_lines() {
        let source = Source::new("a.rs", "\"a\nb\"\n/* c\n*/ d");
        assert_eq!(source.code.lines().count(), source.text.lines().count());
    }
}
