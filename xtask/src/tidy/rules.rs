//! The rules about words. Each rule is a row, and has a test case that breaks it.

use super::finding::Finding;
use super::source::Source;
use super::words::{Allowed, Part, Rule};

/// Checks every row of the table.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule.check(sources)).collect()
}

const RULES: &[Rule] = &[
    Rule {
        message: "only src/wasm may use the JavaScript runtime; pass the value as an argument",
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
    // For TypeScript, the rule is in `pkg/oxlint.jsonc`.
    Rule {
        message: "only one file may escape paths; use its function",
        words: &["percent_encoding", "form_urlencoded"],
        part: Part::Code,
        folders: &["src/"],
        endings: &[".rs"],
        allowed: Allowed::OneFile,
    },
    Rule {
        message: "the code is unfinished; complete it, or return a typed error",
        words: &["todo!", "unimplemented!", "dbg!", "console.debug("],
        part: Part::Code,
        folders: &[],
        endings: &[".rs", ".js", ".mjs", ".cjs", ".ts"],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "the work is unfinished; complete it, or explain in a full sentence why it is left out",
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
        message: "tests must not be skipped, and must not exclude other tests",
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
        message: "paths of a machine are not allowed; use a path relative to the root of the checkout",
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
        message: "URLs of package registries are not allowed; use the name of the package",
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
        message: "a lock file must not contain URLs of a registry; keep `omit-lockfile-registry-resolved` in .npmrc",
        words: &["\"resolved\": \"http:", "\"resolved\": \"https:"],
        part: Part::Text,
        folders: &[],
        endings: &["package-lock.json"],
        allowed: Allowed::Nowhere,
    },
    Rule {
        message: "the file name is too general; name the file after its content",
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

    /// One row per rule, in the same order: files that break the rule, the number of findings,
    /// and files that do not break it.
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
    fn every_rule_finds_exactly_the_breaches() {
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
