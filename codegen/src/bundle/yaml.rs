//! Writes YAML 1.2 the way the files under `api/` are written: blocks, what is short in brackets, long sentences
//! folded.
//!
//! Quotes a text wherever a reader might take it for something else; the rules are narrower than YAML's on purpose.

use std::fmt::Write as _;

use super::node::{Map, Node};

/// A document that is one map.
pub fn write(map: &Map) -> String {
    let mut text = String::new();
    write_map(map, 0, &mut text);
    text
}

fn write_map(map: &Map, indent: usize, text: &mut String) {
    for (key, value) in map {
        let _ = write!(text, "{:indent$}{}:", "", scalar(key, Place::Block));
        write_value(value, indent, indent + key.len() + 1, text);
    }
}

/// What follows a key; `column` is where the line ends so far.
fn write_value(value: &Node, indent: usize, column: usize, text: &mut String) {
    match value {
        Node::Map(_) | Node::List(_) => {
            match flow(value).filter(|flow| column + 1 + flow.len() <= WIDTH) {
                Some(flow) => {
                    let _ = writeln!(text, " {flow}");
                }
                None => {
                    text.push('\n');
                    write_block(value, indent + STEP, text);
                }
            }
        }
        Node::Boolean(value) => {
            let _ = writeln!(text, " {value}");
        }
        Node::Integer(value) => {
            let _ = writeln!(text, " {value}");
        }
        Node::Text(value) => write_text(value, indent + STEP, column, text),
    }
}

fn write_block(value: &Node, indent: usize, text: &mut String) {
    match value {
        Node::Map(map) => write_map(map, indent, text),
        Node::List(items) => {
            for item in items {
                write_item(item, indent, text);
            }
        }
        _ => {}
    }
}

fn write_item(item: &Node, indent: usize, text: &mut String) {
    let _ = write!(text, "{:indent$}-", "");
    let Node::Map(map) = item else {
        return write_value(item, indent, indent + 1, text);
    };
    // The first key stands beside the dash, the others below it.
    let mut inside = String::new();
    write_map(map, indent + STEP, &mut inside);
    let _ = match inside.trim_start() {
        "" => writeln!(text, " {{}}"),
        inside => write!(text, " {inside}"),
    };
}

/// A text on the line of its key, or folded onto lines of its own.
fn write_text(value: &str, indent: usize, column: usize, text: &mut String) {
    let scalar = scalar(value, Place::Block);
    let folds = !scalar.starts_with('"') && scalar.contains(' ');
    if !folds || column + 1 + scalar.len() <= WIDTH {
        let _ = writeln!(text, " {scalar}");
        return;
    }
    let mut length = WIDTH;
    for word in scalar.split(' ') {
        if length + 1 + word.len() > WIDTH {
            let _ = write!(text, "\n{:indent$}{word}", "");
            length = indent + word.len();
        } else {
            let _ = write!(text, " {word}");
            length += 1 + word.len();
        }
    }
    text.push('\n');
}

/// A value in brackets or braces, if that reads well: a list of scalars, or a map of one thing that is no sentence.
fn flow(value: &Node) -> Option<String> {
    match value {
        Node::Boolean(value) => Some(value.to_string()),
        Node::Integer(value) => Some(value.to_string()),
        Node::Text(value) => Some(scalar(value, Place::Flow)),
        Node::List(items) => {
            let is_flat = |item: &Node| !matches!(item, Node::List(_) | Node::Map(_));
            let items = items
                .iter()
                .map(|item| flow(item).filter(|_| is_flat(item)));
            let items: Option<Vec<String>> = items.collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Node::Map(map) => {
            let mut entries = map.iter();
            match (entries.next(), entries.next()) {
                (None, _) => Some("{}".to_owned()),
                (Some((key, value)), None)
                    if key != "description" && !matches!(value, Node::List(_)) =>
                {
                    Some(format!(
                        "{{{}: {}}}",
                        scalar(key, Place::Flow),
                        flow(value)?
                    ))
                }
                _ => None,
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Block,
    /// In brackets, where commas and brackets separate.
    Flow,
}

/// A text as it may stand in a place: bare, or in the quotes it needs.
fn scalar(value: &str, place: Place) -> String {
    let odd_spaces = value.contains("  ") || value.trim() != value;
    if odd_spaces || value.chars().any(char::is_control) {
        // JSON's strings are YAML's, and say every character by a name.
        return serde_json::Value::from(value).to_string();
    }
    if is_plain(value, place) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "''"))
    }
}

fn is_plain(value: &str, place: Place) -> bool {
    let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '$' | '_');
    let in_flow = |c: char| place == Place::Flow && ",[]{}".contains(c);
    let marks = [": ", " #", " - "];
    let is_special = value.ends_with(':')
        || value.contains(in_flow)
        || marks.iter().any(|mark| value.contains(mark))
        || TAKEN_FOR_OTHERS.contains(&value.to_ascii_lowercase().as_str());
    value.starts_with(begins) && !is_special
}

/// Words that YAML 1.1 or 1.2 reads as a boolean or as nothing.
const TAKEN_FOR_OTHERS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

const STEP: usize = 2;
const WIDTH: usize = 110;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn map(pairs: impl IntoIterator<Item = (&'static str, Node)>) -> Map {
        let pairs = pairs.into_iter();
        pairs.map(|(key, value)| (key.to_owned(), value)).collect()
    }

    #[test]
    fn reads_back_as_what_was_written() {
        let awkward = [
            "",
            " ",
            "true",
            "No",
            "12",
            "1.5",
            "~",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "it's",
            "'a'",
            "\"a\"",
            "a, b",
            "[a]",
            "{a}",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a`",
            "a  b",
            "a\nb",
            "a:",
            "2026-11-22",
            "é",
            "\t",
            "https://a.b/c?d=e#f",
            "\u{1}",
            "null",
        ];
        let long = "word, it's: a 'long' text # of - words ".repeat(9);
        let texts: Vec<Node> = awkward
            .iter()
            .map(|text| Node::Text((*text).to_owned()))
            .collect();
        let list = vec![
            Node::Map(map([
                ("a", Node::List(texts.clone())),
                ("b", Node::Text(long.trim().to_owned())),
            ])),
            Node::Map(Map::new()),
            Node::List(texts.clone()),
            Node::List(vec![]),
            Node::Integer(-3),
            Node::Boolean(true),
        ];
        let mut document = map([("list", Node::List(list))]);
        for text in awkward {
            document.insert(text.to_owned(), Node::Text(text.to_owned()));
        }
        let read: Map = serde_saphyr::from_str(&write(&document)).unwrap();
        assert_eq!(read, document);
    }

    #[test]
    fn folds_what_is_too_long_for_a_line() {
        let document = map([
            ("short", Node::Text("One, two.".to_owned())),
            ("long", Node::Text("word ".repeat(30).trim().to_owned())),
        ]);
        let text = write(&document);
        assert!(
            text.starts_with("short: One, two.\nlong:\n  word word"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
    }
}
