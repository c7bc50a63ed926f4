//! The stable codes, reasons and statuses: `api/words.yaml` contains exactly the words of the sources, and hand-written
//! documents use these words. `cargo xtask codegen` writes the TypeScript types and docs/reference/errors.md from the same file.

use std::collections::BTreeSet;

use crate::documents::{between, each_between, in_backticks, row_with_start, table_with_head};

#[test]
fn the_list_contains_exactly_the_words_of_the_crate() {
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
            listed(Listed::is_reason),
        ),
        (
            "statuses",
            said(VERDICT, "impl Verdict {"),
            listed(|word| word.has("VerdictStatus")),
        ),
        (
            "statuses of log-ins",
            said(LOG_IN, "impl LogInOutcome {"),
            listed(|word| word.has("LogInStatus")),
        ),
        (
            "refusals of log-ins",
            said(LOG_IN_REFUSAL, "impl LogInRefusal {"),
            listed(|word| word.has("LogInRefusal")),
        ),
        (
            "ways to a valid token",
            said(CHECK, "impl Via {"),
            listed(|word| word.has("Via")),
        ),
        (
            "events",
            types_of_events(),
            listed(|word| word.has("EventType")),
        ),
        (
            "findings",
            said(FINDINGS, "impl FindingCode {"),
            listed(|word| word.has("FindingCode")),
        ),
        (
            "severities of findings",
            said(FINDINGS, "impl Severity {"),
            listed(|word| word.has("FindingSeverity")),
        ),
    ] {
        let distinct: BTreeSet<&str> = in_sources.iter().copied().collect();
        assert_eq!(distinct, in_list, "{what}");
        assert_eq!(distinct.len(), in_sources.len(), "{what}: {in_sources:?}");
    }
}

#[test]
fn documents_list_exactly_the_statuses_events_and_findings() {
    let guide = column(SESSIONS, "| `status` |", 0);
    let ways = in_backticks(row_with_start(SESSIONS, "| `authenticated` |")[2]);
    for (what, written, in_list) in [
        (
            "README: statuses",
            each_between(
                between(README, "What you get back:", "`refusal"),
                "\n- `",
                "`",
            ),
            listed(|word| word.has("VerdictStatus")),
        ),
        (
            "guide: statuses",
            guide,
            listed(|word| word.has("VerdictStatus")),
        ),
        (
            "guide: ways to a valid token",
            ways,
            listed(|word| word.has("Via")),
        ),
        (
            "guide: events",
            column(OUTAGES, "| event |", 0),
            listed(|word| word.has("EventType")),
        ),
        (
            "guide: findings",
            column(TROUBLESHOOTING, "| finding |", 0),
            listed(|word| word.has("FindingCode")),
        ),
    ] {
        let distinct: BTreeSet<&str> = written.iter().copied().collect();
        assert_eq!(distinct, in_list, "{what}");
        assert_eq!(distinct.len(), written.len(), "{what}: {written:?}");
    }
}

#[test]
fn tables_of_the_guide_contain_only_reasons_and_codes_of_the_list() {
    for (status, group) in [
        ("unauthenticated", "refused"),
        ("forbidden", "forbidden"),
        ("unavailable", "undecided"),
    ] {
        let reasons = listed(|word| word.is_reason() && word.group == Some(group));
        let named = in_backticks(row_with_start(SESSIONS, &format!("| `{status}` |"))[2]);
        assert!(named.len() > 2, "{status}: {named:?}");
        assert!(named.iter().all(|word| reasons.contains(word)), "{named:?}");
    }
    let reasons = listed(|word| word.has("Reason"));
    let codes = listed(|word| word.has("ErrorCode"));
    for (index, known) in [(1, codes), (2, reasons)] {
        let named = column(JOSE, "| jose | `code` |", index);
        assert!(named.len() > 7, "{named:?}");
        assert!(named.iter().all(|word| known.contains(word)), "{named:?}");
    }
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

    fn is_reason(&self) -> bool {
        self.types.iter().any(|name| name.ends_with("Reason"))
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
    each_between(between(source, block, "\n}\n"), "=> \"", "\"")
}

/// The types of events in the declaration of the npm package. One member of the union may have several.
fn types_of_events() -> Vec<&'static str> {
    let events = between(CONFIG, "export type ClientEvent =", "\n/**");
    let types = events
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("type: "));
    types
        .flat_map(|types| each_between(types, "\"", "\""))
        .collect()
}

/// The words in backticks in one column of the table with this head.
fn column(document: &'static str, head: &str, index: usize) -> Vec<&'static str> {
    let rows = table_with_head(document, head).into_iter();
    rows.flat_map(|row| in_backticks(row[index])).collect()
}

/// The codes of the npm package that the crate does not have: they concern the loading of the wasm.
fn only_in_javascript() -> Vec<&'static str> {
    vec!["not_supported", "wasm_not_ready"]
}

const LIST: &str = include_str!("../../api/words.yaml");
const README: &str = include_str!("../../README.md");
const SESSIONS: &str = include_str!("../../docs/guide/sessions-and-cookies.md");
const OUTAGES: &str = include_str!("../../docs/guide/keys-stores-and-outages.md");
const TROUBLESHOOTING: &str = include_str!("../../docs/guide/troubleshooting.md");
const JOSE: &str = include_str!("../../docs/guide/moving-from-jose.md");
const JWT_REFUSAL: &str = include_str!("../../src/jwt/refusal.rs");
const SESSION_REFUSAL: &str = include_str!("../../src/session/refusal.rs");
const ERROR: &str = include_str!("../../src/client/error.rs");
const CHECK: &str = include_str!("../../src/client/check.rs");
const LOG_IN: &str = include_str!("../../src/client/log_in/decided.rs");
const LOG_IN_REFUSAL: &str = include_str!("../../src/client/log_in/refusal.rs");
const FINDINGS: &str = include_str!("../../src/client/findings/mod.rs");
const VERDICT: &str = include_str!("../../src/client/verdict.rs");
const CONFIG: &str = include_str!("../../pkg/src/config.ts");
