//! The stable codes, reasons and statuses: `api/words.yaml` contains exactly the words of the sources and of the README.
//! `cargo xtask codegen` writes the TypeScript types from the same file.

use std::collections::BTreeSet;

#[test]
fn the_list_contains_exactly_the_words_of_the_crate() {
    let reasons = |list: &Listed| list.types.iter().any(|name| name.ends_with("Reason"));
    for (what, in_sources, in_list) in [
        (
            "codes",
            [said(ERROR, "impl ClientErrorCode {"), only_in_javascript()].concat(),
            listed(|word| word.has("ErrorCode")),
        ),
        (
            "reasons",
            [
                said(JWT_REFUSAL, "impl Refusal {"),
                said(SESSION_REFUSAL, "impl Refusal {"),
                said(ERROR, "impl Reason {"),
            ]
            .concat(),
            listed(reasons),
        ),
        (
            "statuses",
            said(VERDICT, "impl Verdict {"),
            listed(|word| word.has("VerdictStatus")),
        ),
        (
            "ways to a valid token",
            said(CHECK, "impl Via {"),
            listed(|word| word.has("Via")),
        ),
        (
            "events",
            between(
                CONFIG,
                "export type ClientEvent =",
                "};\n",
                "type: \"",
                "\"",
            ),
            listed(|word| word.has("EventType")),
        ),
    ] {
        let distinct: BTreeSet<&str> = in_sources.iter().copied().collect();
        assert_eq!(distinct, in_list, "{what}");
        assert_eq!(distinct.len(), in_sources.len(), "{what}: {in_sources:?}");
    }
}

#[test]
fn the_readme_explains_exactly_the_words_of_the_list() {
    let row = |start| between(README, start, "\n", "`", "`");
    let refusals = |word: &Listed| {
        let is_reason = word.types.iter().any(|name| name.ends_with("Reason"));
        is_reason && matches!(word.group, Some("refused" | "forbidden"))
    };
    for (what, explained, in_list) in [
        (
            "codes",
            first_column("| `code` |"),
            listed(|word| word.has("ErrorCode")),
        ),
        (
            "reasons of refusals",
            first_column("| `reason` |"),
            listed(refusals),
        ),
        (
            "reasons of unavailability",
            between(README, "What could not be had is", "The list may", "`", "`"),
            listed(|word| word.has("UnavailableReason")),
        ),
        (
            "statuses",
            first_column("| `status` |"),
            listed(|word| word.has("VerdictStatus")),
        ),
        (
            "events",
            row("| `on_event` |"),
            listed(|word| word.has("EventType")),
        ),
    ] {
        let explained: BTreeSet<&str> = explained.into_iter().collect();
        assert_eq!(explained, in_list, "{what}");
    }
    let ways = listed(|word| word.has("Via"));
    let authenticated = row("| `authenticated` |");
    assert!(ways.iter().all(|way| authenticated.contains(way)));
}

/// An entry of the list.
struct Listed {
    word: &'static str,
    group: Option<&'static str>,
    types: Vec<&'static str>,
}

impl Listed {
    fn has(&self, name: &str) -> bool {
        self.types.contains(&name)
    }
}

/// The words of the entries for which `is_wanted` returns true.
fn listed(is_wanted: impl Fn(&Listed) -> bool) -> BTreeSet<&'static str> {
    let words = all_listed();
    let wanted = words.iter().filter(|word| is_wanted(word));
    wanted.map(|word| word.word).collect()
}

/// All entries of the list. This function reads the lines by their indentation. Codegen has already read the file as YAML.
fn all_listed() -> Vec<Listed> {
    let (_, lines) = LIST.split_once("\nwords:\n").unwrap();
    let mut words: Vec<Listed> = Vec::new();
    for line in lines.lines().map(str::trim_end) {
        if let Some(rest) = line.strip_prefix("    ") {
            let word = words.last_mut().unwrap();
            match rest.split_once(": ").unwrap() {
                ("group", group) => word.group = Some(group),
                ("types", types) => {
                    let types = types.trim_start_matches('[').trim_end_matches(']');
                    word.types = types.split(", ").collect();
                }
                (key, _) => assert_eq!(key, "means", "{line}"),
            }
        } else if let Some(word) = line.trim_start().strip_suffix(':') {
            words.push(Listed {
                word,
                group: None,
                types: Vec::new(),
            });
        } else {
            assert!(line.is_empty() || line.starts_with("  #"), "{line}");
        }
    }
    assert!(words.iter().all(|word| !word.types.is_empty()));
    words
}

/// The words that one `impl` of a Rust source maps its variants to.
fn said(source: &'static str, block: &str) -> Vec<&'static str> {
    between(source, block, "\n}\n", "=> \"", "\"")
}

/// The words in the first column of the README's table with this head.
fn first_column(head: &str) -> Vec<&'static str> {
    let (_, table) = README.split_once(head).unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let rows = table.lines().skip(2);
    rows.flat_map(|row| {
        let cell = row.split('|').nth(1).unwrap();
        cell.split('`').skip(1).step_by(2)
    })
    .collect()
}

/// The words between the marks `opens` and `closes`, in the part of `text` between the marks `from` and `to`.
fn between(
    text: &'static str,
    from: &str,
    to: &str,
    opens: &str,
    closes: &str,
) -> Vec<&'static str> {
    let (_, part) = text.split_once(from).unwrap_or_else(|| panic!("{from}"));
    let (part, _) = part.split_once(to).unwrap_or_else(|| panic!("{to}"));
    let mut found = Vec::new();
    let mut rest = part;
    while let Some((_, after)) = rest.split_once(opens) {
        let (word, after) = after.split_once(closes).unwrap();
        found.push(word);
        rest = after;
    }
    found
}

/// The codes of the npm package that the crate does not have: they concern the loading of the wasm.
fn only_in_javascript() -> Vec<&'static str> {
    vec!["not_supported", "wasm_not_ready"]
}

const LIST: &str = include_str!("../../api/words.yaml");
const README: &str = include_str!("../../README.md");
const JWT_REFUSAL: &str = include_str!("../../src/jwt/refusal.rs");
const SESSION_REFUSAL: &str = include_str!("../../src/session/refusal.rs");
const ERROR: &str = include_str!("../../src/client/error.rs");
const CHECK: &str = include_str!("../../src/client/check.rs");
const VERDICT: &str = include_str!("../../src/client/verdict.rs");
const CONFIG: &str = include_str!("../../pkg/src/config.ts");
