//! Reads documents and sources as text for the tests that compare them with the code: sections and tables of Markdown, and
//! texts between two marks. This module does not know which documents exist.
//!
//! A text without the heading, table or mark ends the test, so that a comparison never passes because it compares nothing.

/// Returns the part of a document below a heading of the second level.
pub fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let rest = after(document, &format!("\n## {heading}\n"));
    rest.split("\n## ").next().unwrap()
}

/// Returns the rows of the first table in a text, without the head.
pub fn table(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().skip_while(|line| !line.starts_with('|'));
    let rows: Vec<_> = lines
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(cells)
        .collect();
    assert!(!rows.is_empty(), "no table: {text}");
    rows
}

/// Returns the rows of the table whose head starts with `head`.
pub fn table_with_head<'a>(document: &'a str, head: &str) -> Vec<Vec<&'a str>> {
    let start = document.find(head);
    let start = start.unwrap_or_else(|| panic!("no {head:?}"));
    table(&document[start..])
}

/// Returns the cells of the first row that starts with `start`.
pub fn row_with_start<'a>(document: &'a str, start: &str) -> Vec<&'a str> {
    let row = document.lines().find(|line| line.starts_with(start));
    cells(row.unwrap_or_else(|| panic!("no {start:?}")))
}

/// Returns the words in backticks.
pub fn in_backticks(text: &str) -> Vec<&str> {
    each_between(text, "`", "`")
}

/// Returns all texts between the marks `opens` and `closes`.
pub fn each_between<'a>(text: &'a str, opens: &str, closes: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, opened)) = rest.split_once(opens) {
        let (word, closed) = opened
            .split_once(closes)
            .unwrap_or_else(|| panic!("no {closes:?} in {opened:?}"));
        found.push(word);
        rest = closed;
    }
    found
}

/// Returns the text between the first `from` and the next `to`.
pub fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let part = after(text, from).split_once(to);
    part.unwrap_or_else(|| panic!("no {to:?} after {from:?}")).0
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    let parts = text.split_once(mark);
    parts.unwrap_or_else(|| panic!("no {mark:?}")).1
}

fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}
