//! Types and doc comments as TypeScript spells them.
//!
//! Knows syntax and line width only; which types go where is `declarations`' business.

use std::collections::BTreeSet;

use super::model::{Field, Method, Object, Type};

/// A type, on as few lines as fit; `indent` is that of the line it starts on.
pub fn spell(kind: &Type, indent: &str) -> String {
    match kind {
        Type::Text | Type::Timestamp => "string".to_owned(),
        Type::Integer | Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Always(value) => value.to_string(),
        Type::Words(words) => union(words.iter().map(quote).collect(), indent),
        Type::OpenWords(words) => union(
            words
                .iter()
                .map(quote)
                .chain(["string".to_owned()])
                .collect(),
            indent,
        ),
        Type::List(items) => match items.as_ref() {
            Type::Words(_) | Type::OpenWords(_) | Type::Union(_) => {
                format!("({})[]", spell(items, indent))
            }
            _ => format!("{}[]", spell(items, indent)),
        },
        // The official types have `any` here, and so must a type that serves in their place.
        Type::AnyObject => "Record<string, any>".to_owned(),
        Type::Map(values) => format!("Record<string, {}>", spell(values, indent)),
        Type::Object(object) => inline_object(object, indent),
        Type::Named(name) => name.clone(),
        Type::Union(kinds) => union(
            kinds.iter().map(|kind| choice(kind, indent)).collect(),
            indent,
        ),
        Type::Verbatim(typescript) => typescript.clone(),
    }
}

/// An interface with a doc comment on it and on each field.
pub fn interface(name: &str, description: &str, object: &Object) -> String {
    let fields: String = object
        .fields
        .iter()
        .map(|field| member(field, "  "))
        .collect();
    let rest = if object.open {
        "  [key: string]: unknown;\n"
    } else {
        ""
    };
    format!(
        "{}export interface {name} {{\n{fields}{rest}}}\n",
        doc(&[description], "")
    )
}

/// A type that is no interface, under a name.
pub fn alias(name: &str, description: &str, kind: &Type) -> String {
    format!(
        "{}export type {name} ={};\n",
        doc(&[description], ""),
        after(&spell(kind, ""))
    )
}

/// A method with its arguments on one line, or on one each where that is too long.
pub fn signature(name: &str, method: &Method) -> String {
    let mut result = spell(&method.result, "  ");
    if method.is_async {
        result = format!("Promise<{result}>");
    }
    let arguments: Vec<String> = method
        .arguments
        .iter()
        .map(|argument| {
            let mark = if argument.optional { "?" } else { "" };
            format!("{}{mark}: {}", argument.name, spell(&argument.kind, "    "))
        })
        .collect();
    let one_line = format!("  {name}({}): {result};\n", arguments.join(", "));
    let fits = one_line.lines().all(|line| line.len() <= WIDTH);
    if fits && !arguments.iter().any(|argument| argument.contains('\n')) {
        return one_line;
    }
    let arguments: String = arguments
        .iter()
        .map(|argument| format!("    {argument},\n"))
        .collect();
    format!("  {name}(\n{arguments}  ): {result};\n")
}

/// Names taken from the declarations of a neighbour, on one line where they fit.
pub fn import_types(names: &BTreeSet<String>, neighbour: &str) -> String {
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let one_line = format!(
        "import type {{ {} }} from \"./{neighbour}.js\";\n",
        list.join(", ")
    );
    if one_line.len() <= WIDTH {
        return one_line;
    }
    let list: String = names.iter().map(|name| format!("  {name},\n")).collect();
    format!("import type {{\n{list}}} from \"./{neighbour}.js\";\n")
}

/// A doc comment; on one line where it has one paragraph and fits.
pub fn doc(paragraphs: &[&str], indent: &str) -> String {
    if let [only] = paragraphs
        && indent.len() + only.len() + "/**  */".len() <= WIDTH
    {
        return format!("{indent}/** {only} */\n");
    }
    let mut text = format!("{indent}/**\n");
    for (number, paragraph) in paragraphs.iter().enumerate() {
        // Tags follow one another without a gap.
        let is_tag = |paragraph: &&str| paragraph.starts_with('@');
        let before = number
            .checked_sub(1)
            .and_then(|before| paragraphs.get(before));
        if before.is_some_and(|before| !(is_tag(before) && is_tag(paragraph))) {
            text.push_str(&format!("{indent} *\n"));
        }
        for line in wrap(paragraph, WIDTH - indent.len() - " * ".len()) {
            text.push_str(&format!("{indent} * {line}\n"));
        }
    }
    text.push_str(&format!("{indent} */\n"));
    text
}

/// A plain comment, on as many lines as it takes.
pub fn comment(text: &str, indent: &str) -> String {
    wrap(text, WIDTH - indent.len() - "// ".len())
        .iter()
        .map(|line| format!("{indent}// {line}\n"))
        .collect()
}

const WIDTH: usize = 110;

/// A field on lines of its own, with its doc comment.
fn member(field: &Field, indent: &str) -> String {
    let mark = if field.optional { "?" } else { "" };
    let kind = spell(&field.kind, indent);
    let says = match field.description.as_str() {
        "" => String::new(),
        description => doc(&[description], indent),
    };
    let key = key(&field.name);
    format!("{says}{indent}{key}{mark}:{};\n", after(&kind))
}

/// A type behind a colon or an equals sign: with a space, unless it starts on a line of its own.
fn after(kind: &str) -> String {
    if kind.starts_with('\n') {
        kind.to_owned()
    } else {
        format!(" {kind}")
    }
}

/// One of several types. An object is on one line here, so that they can be told apart at a glance.
fn choice(kind: &Type, indent: &str) -> String {
    match kind {
        Type::Object(object) => one_line_object(object, indent),
        other => spell(other, indent),
    }
}

/// On one line, unless there is something to say about its fields.
fn inline_object(object: &Object, indent: &str) -> String {
    let is_described = |field: &Field| !field.description.is_empty();
    if !object.fields.iter().any(is_described) {
        return one_line_object(object, indent);
    }
    let inner = format!("{indent}  ");
    let fields: String = object
        .fields
        .iter()
        .map(|field| member(field, &inner))
        .collect();
    let rest = if object.open {
        format!("{inner}[key: string]: unknown;\n")
    } else {
        String::new()
    };
    format!("{{\n{fields}{rest}{indent}}}")
}

fn one_line_object(object: &Object, indent: &str) -> String {
    let mut parts: Vec<String> = object
        .fields
        .iter()
        .map(|field| {
            let mark = if field.optional { "?" } else { "" };
            format!(
                "{}{mark}: {}",
                key(&field.name),
                choice(&field.kind, indent)
            )
        })
        .collect();
    if object.open {
        parts.push("[key: string]: unknown".to_owned());
    }
    format!("{{ {} }}", parts.join("; "))
}

/// Alternatives on one line, or one a line where that is too long.
fn union(parts: Vec<String>, indent: &str) -> String {
    let one_line = parts.join(" | ");
    if one_line.len() <= 72 {
        return one_line;
    }
    parts
        .iter()
        .map(|part| format!("\n{indent}  | {part}"))
        .collect()
}

/// A name of a field, which may be a URL.
fn key(name: &String) -> String {
    let is_identifier = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_identifier {
        name.clone()
    } else {
        quote(name)
    }
}

fn quote(word: &String) -> String {
    format!("{word:?}")
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
