//! Doc comments in TypeScript syntax, and line breaking.
//!
//! Knows line width, tags and list items. Does not know the content.

/// A doc comment. If it has one paragraph that fits, it is on one line.
pub fn doc(paragraphs: &[&str], indent: &str) -> String {
    if let [only] = paragraphs
        && indent.len() + only.len() + "/**  */".len() <= WIDTH
    {
        return format!("{indent}/** {only} */\n");
    }
    let mut text = format!("{indent}/**\n");
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let before = number
            .checked_sub(1)
            .and_then(|before| paragraphs.get(before));
        if before.is_some_and(|before| !follows(before, paragraph)) {
            text.push_str(&format!("{indent} *\n"));
        }
        let hanging = if paragraph.starts_with(ITEM) {
            "  "
        } else {
            ""
        };
        let width = WIDTH - indent.len() - " * ".len() - hanging.len();
        for (number, line) in wrap(paragraph, width).iter().enumerate() {
            let hanging = if number == 0 { "" } else { hanging };
            text.push_str(&format!("{indent} * {hanging}{line}\n"));
        }
    }
    text.push_str(&format!("{indent} */\n"));
    text
}

/// Whether two paragraphs follow each other without a blank line: tags, and items of a list.
fn follows(before: &str, paragraph: &str) -> bool {
    [TAG, ITEM]
        .iter()
        .any(|mark| before.starts_with(mark) && paragraph.starts_with(mark))
}

/// Breaks text into lines.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The maximum length of a line.
pub const WIDTH: usize = 110;
const TAG: &str = "@";
const ITEM: &str = "- ";
