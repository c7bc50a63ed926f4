//! Checks imports from JavaScript in Rust: functions that send requests are imported in one file only, and so are functions
//! that escape paths.
//!
//! Reads the `extern` blocks. `clippy.toml` has the rules for the functions of js-sys and web-sys, and for functions without a
//! name; `pkg/oxlint.jsonc` has the rules for TypeScript.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::source::Source;
use super::words::has_word;

/// Finds imports of one kind in more than one file, and imports of JavaScript that these rules do not read.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let sources = sources.iter().filter(|source| is_about(&source.path));
    let mut findings = Vec::new();
    let mut of_kind: Vec<Vec<Finding>> = KINDS.iter().map(|_| Vec::new()).collect();
    for source in sources {
        for Line {
            number,
            text,
            is_import,
        } in attributes_and_imports(source)
        {
            let indirect = if is_import { INDIRECT } else { &[] };
            let mut words = UNREADABLE.iter().chain(indirect);
            if let Some(word) = words.find(|word| has_word(&text, word)) {
                let message = format!(
                    "`{word}`: the imported functions cannot be checked; import a function by name"
                );
                findings.push(Finding::new(&source.path, number, message));
            }
            for ((names, message), found) in KINDS.iter().zip(&mut of_kind) {
                if let Some(name) = names.iter().find(|name| is_import && has_word(&text, name)) {
                    let message = format!("`{name}`: {message}");
                    found.push(Finding::new(&source.path, number, message));
                }
            }
        }
    }
    let spread = of_kind.into_iter().filter(|found| {
        let files: BTreeSet<&str> = found.iter().map(|finding| finding.path.as_str()).collect();
        files.len() > 1
    });
    findings.extend(spread.flatten());
    findings
}

/// The Worker of the tests is a user of the crate, so the rules do not apply to it.
fn is_about(path: &str) -> bool {
    path.ends_with(".rs") && !path.starts_with("tests/") && !path.starts_with("xtask/")
}

/// A line of code without its comment. Strings are kept, because a name may be in quotes (`js_name = "fetch"`).
struct Line {
    number: usize,
    text: String,
    /// Whether the line is inside an `extern` block. Otherwise it is inside an attribute for wasm-bindgen.
    is_import: bool,
}

fn attributes_and_imports(source: &Source) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut depth, mut inside, mut in_attribute) = (0_usize, false, false);
    for (index, (code, text)) in source.code.lines().zip(source.text.lines()).enumerate() {
        inside |= has_word(code, "extern") && !has_word(code, "crate");
        let is_attribute = in_attribute || (code.contains("#[") && has_word(code, "wasm_bindgen"));
        in_attribute = is_attribute && !code.contains(']');
        if inside || is_attribute {
            lines.push(Line {
                number: index + 1,
                text: text.split("//").next().unwrap_or_default().to_owned(),
                is_import: inside,
            });
        }
        if inside {
            depth = (depth + code.matches('{').count()).saturating_sub(code.matches('}').count());
            inside = depth > 0 || !code.contains('}');
        }
    }
    lines
}

/// Names that may be imported in one file only, each group with the message for a second file.
const KINDS: [(&[&str], &str); 2] = [
    (
        &[
            "fetch",
            "XMLHttpRequest",
            "WebSocket",
            "EventSource",
            "sendBeacon",
        ],
        "only one file may import functions that send requests; use its function",
    ),
    (
        &["encodeURIComponent", "encodeURI", "escape"],
        "only one file may import functions that escape paths; use its function",
    ),
];

/// Attributes that import other JavaScript.
const UNREADABLE: &[&str] = &["inline_js", "module", "raw_module"];

/// Imports that provide access to every function.
const INDIRECT: &[&str] = &["eval", "globalThis", "self", "window"];

#[cfg(test)]
mod tests {
    use super::*;

    const ONCE: (&str, &str) = (
        "src/wasm/fetch.rs",
        "#[wasm_bindgen]\nextern \"C\" {\n    fn fetch(url: &str);\n}\n",
    );

    fn found(files: &[(&str, &str)]) -> Vec<(String, usize)> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source::new(path, text))
            .collect();
        let findings = check(&sources).into_iter();
        findings
            .map(|finding| (finding.path, finding.line))
            .collect()
    }

    #[test]
    fn finds_a_second_import_in_any_spelling() {
        for (second, line) in [
            ("extern \"C\" {\n    fn fetch(url: &str);\n}", 2),
            ("#[wasm_bindgen] extern \"C\" { fn fetch(url: &str); }", 1),
            ("extern \"C\"\n{ fn fetch(url: &str); }", 2),
            (
                "extern \"C\" {\n    #[wasm_bindgen(js_name = fetch)] fn send();\n}",
                2,
            ),
            (
                "extern \"C\" {\n    #[wasm_bindgen(\n    js_name = \"fetch\")]\n    fn send();\n}",
                3,
            ),
            ("unsafe extern {\n    type XMLHttpRequest;\n}", 2),
            ("extern \"C\" {\n    fn a() {}\n    fn sendBeacon();\n}", 3),
        ] {
            let found = found(&[ONCE, ("src/wasm/other.rs", second)]);
            let expected = [("src/wasm/fetch.rs", 3), ("src/wasm/other.rs", line)];
            assert_eq!(
                found,
                expected.map(|(path, line)| (path.to_owned(), line)),
                "{second}"
            );
        }
    }

    #[test]
    fn finds_imports_that_cannot_be_checked() {
        for text in [
            "#[wasm_bindgen(inline_js = \"export const f = fetch\")]\nextern \"C\" { fn f(); }",
            "#[wasm_bindgen(\n    module = \"/send.js\"\n)]\nextern \"C\" { fn f(); }",
            "extern \"C\" {\n    #[wasm_bindgen(js_name = globalThis)]\n    static GLOBAL: Object;\n}",
            "#[wasm_bindgen(raw_module = \"send\")]\nextern \"C\" { fn f(); }",
        ] {
            assert_eq!(found(&[("src/wasm/a.rs", text)]).len(), 1, "{text}");
        }
    }

    #[test]
    fn accepts_calls_methods_and_comments() {
        let other = "extern \"C\" {\n    // unlike fetch\n    fn stringify();\n}\n\nextern crate alloc;\n\
                     trait Platform {\n    fn fetch(&self);\n}\nfn f(platform: &P) { platform.fetch(); escape(); }\n\
                     #[wasm_bindgen(js_name = fetch)]\npub fn exported() { wasm_bindgen::module(); }\n";
        assert_eq!(found(&[ONCE, ("src/wasm/other.rs", other)]), []);
        assert_eq!(found(&[ONCE, ("tests/rust-worker/src/lib.rs", ONCE.1)]), []);
    }
}
