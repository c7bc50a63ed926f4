//! The arrows between the rooms of `src/`: which may use which.
//!
//! A room is a top-level module. Looks for `crate::<room>`, also inside braces, and
//! for chains of `super::` that lead to the root.

use super::finding::Finding;
use super::source::Source;

/// Finds every use of a room that its user may not know.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".rs")) {
        let Some((room, known)) = ROOMS.iter().find(|(room, _)| is_in(&source.path, room)) else {
            continue;
        };
        for (line, used) in used_names(source) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == used);
            if is_room && used != *room && !known.contains(&used.as_str()) {
                let message =
                    format!("{room} must not use {used} (the arrows are in ARCHITECTURE.md)");
                findings.push(Finding::error(&source.path, line, message));
            }
        }
    }
    findings
}

/// Each room and the rooms that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("crypto", &[]),
    ("jwt", &["crypto"]),
    ("session", &["crypto", "jwt"]),
    ("client", &["crypto", "jwt", "session", "generated"]),
    // Data, made of the row types that client declares and the forms that typed does.
    ("generated", &["client", "typed"]),
    (
        "typed",
        &["crypto", "jwt", "session", "client", "generated"],
    ),
    ("wasm", &["crypto", "jwt", "session", "client", "typed"]),
];

fn is_in(path: &str, room: &str) -> bool {
    path.strip_prefix("src/")
        .and_then(|path| path.strip_prefix(room))
        .is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

/// The names that follow a path to the crate's root, each with its line.
fn used_names(source: &Source) -> Vec<(usize, String)> {
    let to_root = "super::".repeat(depth(&source.path));
    let mut names = Vec::new();
    for start in ["crate::", to_root.as_str()] {
        for (at, _) in source.code.match_indices(start) {
            let before = source.code.get(..at).unwrap_or_default();
            if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = before.matches('\n').count() + 1;
            let after = source.code.get(at + start.len()..).unwrap_or_default();
            names.extend(first_names(after).into_iter().map(|name| (line, name)));
        }
    }
    names
}

/// How many `super::` lead from a file's module to the crate's root.
fn depth(path: &str) -> usize {
    let inside = path
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    inside.split('/').count()
}

/// The name at the start of a path, or the names at the top of a brace group.
fn first_names(after: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = after.strip_prefix('{') else {
        return vec![name(after)];
    };
    let mut names = vec![name(group)];
    let mut depth = 0_usize;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(group.get(at + 1..).unwrap_or_default())),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        check(&[Source::new(path, text)])
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn finds_an_arrow_that_points_right() {
        assert_eq!(found("src/crypto/rsa.rs", "\nuse crate::jwt::Token;"), [2]);
        assert_eq!(found("src/jwt/mod.rs", "use super::session::Claims;"), [1]);
        assert_eq!(
            found(
                "src/jwt/token.rs",
                "fn f(_: super::super::session::Claims) {}"
            ),
            [1]
        );
        assert_eq!(
            found(
                "src/session/check.rs",
                "use crate::{\n  jwt::{a, b},\n  client::c,\n};"
            ),
            [1]
        );
    }

    #[test]
    fn lets_arrows_that_point_left_and_inside_a_room_pass() {
        assert_eq!(
            found("src/wasm/call.rs", "use crate::client::Call;"),
            [0; 0]
        );
        assert_eq!(
            found("src/session/check.rs", "use crate::{jwt::client, session};"),
            [0; 0]
        );
        assert_eq!(
            found(
                "src/jwt/token.rs",
                "use super::header::Header; // crate::wasm"
            ),
            [0; 0]
        );
        assert_eq!(found("src/lib.rs", "use crate::wasm;"), [0; 0]);
    }
}
