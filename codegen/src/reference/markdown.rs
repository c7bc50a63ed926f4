//! Markdown as GitHub reads it: tables, code, and the anchors of headings.
//!
//! Knows nothing of the API.

/// A table, or nothing where it would have no rows.
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = line(&head.map(str::to_owned));
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("{head}|{}\n{rows}\n", "---|".repeat(N))
}

/// Something in the type of code. Bars separate cells even there.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// Things to choose from, as in "`a`, `b` or `c`".
pub fn alternatives(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A sentence of the description, whose characters mean themselves and whose names of fields stand out.
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

/// The anchor that a heading gets.
pub fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Words like `session_token`, which no English word looks like.
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
    fn names_of_fields_are_code_and_marks_mean_themselves() {
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
    fn a_table_has_a_line_for_each_row_and_none_without_rows() {
        assert_eq!(table(["a", "b"], &[]), "");
        let row = ["1".to_owned(), "2".to_owned()];
        assert_eq!(
            table(["a", "b"], &[row]),
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        );
    }
}
