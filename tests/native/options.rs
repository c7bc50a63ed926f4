//! The names of options, held together: `api/options.yaml` has exactly the names that the Rust sources read.
//! `cargo xtask codegen` writes the list by which TypeScript reads a caller's objects from the same file.

use std::collections::BTreeSet;

#[test]
fn every_option_that_rust_reads_is_in_the_list_and_no_other() {
    let mut read = BTreeSet::new();
    for source in SOURCES {
        read.extend(arguments_of(source, ".option("));
        read.extend(arguments_of(source, "field("));
    }
    // Read one by one, not by name.
    read.extend(cookies());
    read.extend(["member_authenticated", "member_id"]);
    let read: BTreeSet<String> = read.into_iter().map(str::to_owned).collect();
    assert_eq!(read, listed());
}

#[test]
fn sees_names_on_the_same_line_and_on_the_next() {
    let source = "a.option(\"b\")\n field(\n    OF,\n    &c,\n    \"d\",\n) fn field(of: &str) .option(name)";
    let found: Vec<_> = [".option(", "field("]
        .into_iter()
        .flat_map(|call| arguments_of(source, call))
        .collect();
    assert_eq!(found, ["b", "d"]);
}

/// The names in the lists and fields of the file. Codegen has read it as YAML, and refuses names of another form.
fn listed() -> BTreeSet<String> {
    let (names, _) = LIST.split_once("\nkinds:\n").unwrap();
    let (_, names) = names.split_once("\nlists:\n").unwrap();
    // TypeScript reads the options of every call.
    let names = names.replace("    - signal\n    - timeout\n    - retries\n", "");
    let mut found = BTreeSet::new();
    for line in names.lines() {
        if let Some(name) = line.strip_prefix("    - ") {
            found.insert(name.to_owned());
        } else if let Some((_, fields)) = line.split_once(": [") {
            found.extend(fields.trim_end_matches(']').split(", ").map(str::to_owned));
        }
    }
    assert!(found.len() > 30, "{found:?}");
    found
}

/// The last argument of each call, if it is a name.
fn arguments_of<'a>(source: &'a str, call: &str) -> Vec<&'a str> {
    let calls = source.split(call).skip(1);
    let arguments = calls.filter_map(|rest| rest.split_once(')').map(|(arguments, _)| arguments));
    arguments
        .filter_map(|arguments| {
            let last = arguments.trim().trim_end_matches(',');
            let last = last.rsplit(',').next()?.trim();
            last.strip_prefix('"')?.strip_suffix('"')
        })
        .collect()
}

/// The names that the options of cookies are compared with.
fn cookies() -> BTreeSet<&'static str> {
    let (_, names) = COOKIES.split_once("let accepted = match name {").unwrap();
    let (names, _) = names.split_once("_ =>").unwrap();
    let patterns = names.lines().filter_map(|line| line.split_once("=>"));
    patterns
        .flat_map(|(pattern, _)| pattern.split('"').skip(1).step_by(2))
        .collect()
}

const LIST: &str = include_str!("../../api/options.yaml");
const COOKIES: &str = include_str!("../../src/client/cookies/options.rs");
const SOURCES: [&str; 8] = [
    include_str!("../../npm/src/log_in.rs"),
    include_str!("../../npm/src/options.rs"),
    include_str!("../../npm/src/api_options.rs"),
    include_str!("../../npm/src/requests.rs"),
    include_str!("../../npm/src/kinds.rs"),
    include_str!("../../npm/src/session_cookies.rs"),
    include_str!("../../npm/src/rights.rs"),
    include_str!("../../npm/src/access_tokens.rs"),
];
