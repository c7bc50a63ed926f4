//! GitHub's Markdown: tables, code, and the anchors of headings.
//!
//! Does not know the API.

/// A table. Without rows, an empty string.
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = line(&head.map(str::to_owned));
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("{head}|{}\n{rows}\n", "---|".repeat(N))
}

/// Inline code. Escapes bars, because they separate table cells even in code.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// Joins alternatives, as in "`a`, `b` or `c`".
pub fn alternatives(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A sentence of the description as Markdown: special characters are escaped, and names of fields are code.
pub fn prose(text: &str) -> String {
    text.split_whitespace()
        .map(|word| {
            let name = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_field_name(name) {
                word.replacen(name, &code(name), 1)
            } else {
                escape(word)
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The anchor of a heading.
pub fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Whether a word is lower-case with underscores, like `session_token`. English words never are.
fn is_field_name(word: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    word.contains('_') && word.split('_').all(is_part)
}

fn escape(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '|' | '*' | '<' | '[' => format!("\\{c}"),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_field_names_as_code_and_escapes_special_characters() {
        assert_eq!(
            prose("Send this, session_token or\n  session_jwt; read:* stands for read:a|b."),
            "Send this, `session_token` or `session_jwt`; read:\\* stands for read:a\\|b."
        );
        assert_eq!(
            prose("RESTRICTED or NOT_ALLOWED, _fuzzy"),
            "RESTRICTED or NOT_ALLOWED, _fuzzy"
        );
    }

    #[test]
    fn a_table_has_one_line_per_row_and_is_empty_without_rows() {
        assert_eq!(table(["a", "b"], &[]), "");
        let row = ["1".to_owned(), "2".to_owned()];
        assert_eq!(
            table(["a", "b"], &[row]),
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        );
    }
}
