//! The rules about words. Each is a row, and each has a case that breaks it.

use super::finding::Finding;
use super::source::Source;
use super::words::{Allowed, Part, Rule};

/// Checks every row of the table.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule.check(sources)).collect()
}

const RULES: &[Rule] = &[
    Rule {
        message: "only src/wasm knows a JavaScript runtime; pass the value in instead",
        words: &[
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "js_sys",
            "web_sys",
            "serde_wasm_bindgen",
        ],
        part: Part::Code,
        folders: &["src/"],
        endings: &[".rs"],
        allowed: Allowed::In(&["src/wasm/", "src/wasm.rs"]),
    },
    // In TypeScript, `pkg/oxlint.jsonc` says which files escape.
    Rule {
        message: "one place escapes paths; go through it",
        words: &["percent_encoding", "form_urlencoded"],
        part: Part::Code,
        folders: &["src/"],
        endings: &[".rs"],
        allowed: Allowed::OneFile,
    },
    Rule {
        message: "unfinished; write it, or return a typed error",
        words: &["todo!", "unimplemented!", "dbg!", "console.debug("],
        part: Part::Code,
        folders: &[],
        endings: &[".rs", ".js", ".mjs", ".cjs", ".ts"],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "unfinished; do it, or say in a full sentence why it is left out",
        words: &[
            concat!("TO", "DO"),
            concat!("FIX", "ME"),
            concat!("XX", "X:"),
        ],
        part: Part::Text,
        folders: &[],
        endings: &[],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "a test that does not run cannot fail",
        words: &[
            "#[ignore",
            ", ignore)]",
            "test.skip(",
            "it.skip(",
            "describe.skip(",
            "test.todo(",
            "it.todo(",
            "test.only(",
            "it.only(",
            "describe.only(",
            "skip: true",
            "todo: true",
            "only: true",
        ],
        part: Part::Code,
        folders: &[],
        endings: &[".rs", ".js", ".mjs", ".ts"],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "a path of one machine; write it from the root of the checkout",
        words: &[
            concat!("/ro", "ot/"),
            concat!("/ho", "me/"),
            concat!("/Us", "ers/"),
            concat!("/wo", "rk/"),
        ],
        part: Part::Text,
        folders: &[],
        endings: &[],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "package registries are the package managers' business; name the package only",
        words: &[
            concat!("registry.np", "mjs.org"),
            concat!("index.crat", "es.io"),
            concat!("static.crat", "es.io"),
        ],
        part: Part::Text,
        folders: &[],
        endings: &[],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "a lock file names packages and hashes, not where they came from",
        words: &["\"resolved\": \"http:", "\"resolved\": \"https:"],
        part: Part::Text,
        folders: &[],
        endings: &["package-lock.json"],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "a file with this name has no idea of its own; name the idea",
        words: &[
            "utils", "util", "helpers", "helper", "common", "misc", "manager",
        ],
        part: Part::Path,
        folders: &[],
        endings: &[],
        allowed: Allowed::Nowhere,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths and texts.
    type Files = &'static [(&'static str, &'static str)];

    /// One row for each rule, in the table's order: files that break it, and how
    /// many findings they give; and files that do not.
    const CASES: &[(Files, usize, Files)] = &[
        (
            &[("src/jwt/a.rs", "use js_sys::Date;")],
            1,
            &[
                ("src/wasm/a.rs", "use js_sys::Date;"),
                ("src/jwt/a.rs", "// js_sys stays out"),
            ],
        ),
        (
            &[
                ("src/client/a.rs", "use percent_encoding::x;"),
                ("src/wasm/a.rs", "form_urlencoded::byte_serialize(x)"),
            ],
            2,
            &[("src/client/a.rs", "use percent_encoding::x;")],
        ),
        (
            &[("src/a.rs", "todo!()")],
            1,
            &[("src/a.rs", "let todo = \"todo!\";")],
        ),
        (
            &[("README.md", concat!("TO", "DO later"))],
            1,
            &[("README.md", "to do")],
        ),
        (
            &[
                ("tests/a.mjs", "it.skip(\"x\")"),
                ("tests/b.mjs", "test(\"x\", { skip: true }, () => {})"),
                ("src/a.rs", "#[cfg_attr(windows, ignore)]"),
            ],
            3,
            &[("src/a.rs", "items.skip(1)")],
        ),
        (
            &[("a.md", concat!("see /ro", "ot/x and (/wo", "rk/y)"))],
            2,
            &[("a.md", concat!("https://a.b/ho", "me/"))],
        ),
        (
            &[("a.toml", concat!("https://registry.np", "mjs.org/x"))],
            1,
            &[("a.toml", "npm")],
        ),
        (
            &[("tests/package-lock.json", "\"resolved\": \"https://x\"")],
            1,
            &[("tests/package-lock.json", "\"integrity\": \"sha512-x\"")],
        ),
        (
            &[("src/utils.rs", ""), ("src/http_utils.rs", "")],
            2,
            &[("src/utilities.rs", ""), ("src/commonplace.rs", "")],
        ),
    ];

    fn sources(files: Files) -> Vec<Source> {
        files
            .iter()
            .map(|(path, text)| Source::new(path, text))
            .collect()
    }

    #[test]
    fn every_rule_finds_what_breaks_it_and_nothing_else() {
        assert_eq!(CASES.len(), RULES.len());
        for (rule, (broken, count, kept)) in RULES.iter().zip(CASES) {
            assert_eq!(
                rule.check(&sources(broken)).len(),
                *count,
                "{}",
                rule.message
            );
            assert_eq!(rule.check(&sources(kept)), [], "{}", rule.message);
        }
    }
}
