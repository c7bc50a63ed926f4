//! Types, signatures and imports in TypeScript syntax.
//!
//! Knows syntax and line width. `facade` and `types` decide which file contains a type.

use std::collections::BTreeSet;

use super::doc_comment::{WIDTH, doc};
use super::model::{Field, Method, Object, Type};

/// A type, on as few lines as possible. `indent` is the indentation of its first line.
pub fn spell(kind: &Type, indent: &str) -> String {
    match kind {
        Type::Text | Type::Timestamp => "string".to_owned(),
        Type::Integer | Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Always(value) => value.to_string(),
        Type::List(items) => match items.as_ref() {
            Type::Words(_) | Type::OpenWords(_) | Type::Union(_) => {
                format!("({})[]", spell(items, indent))
            }
            _ => format!("{}[]", spell(items, indent)),
        },
        // npm `stytch` has `any` here. A type that replaces its type must accept the same values.
        Type::AnyObject => "Record<string, any>".to_owned(),
        Type::Map(values) => format!("Record<string, {}>", spell(values, indent)),
        Type::Object(object) => inline_object(object, indent),
        Type::Named(name) => name.clone(),
        Type::Words(_) | Type::OpenWords(_) | Type::Union(_) => {
            union(alternatives(kind, indent), indent)
        }
        Type::Verbatim(typescript) => typescript.clone(),
    }
}

/// The type of the options that every method accepts which sends one request. `pkg/src/config.ts` declares it.
pub const CALL_OPTIONS: &str = "CallOptions";

/// An interface with a doc comment on it and on each field. `parent` is the interface that it extends.
pub fn interface(name: &str, description: &str, parent: Option<&str>, object: &Object) -> String {
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
    let extends = parent.map_or(String::new(), |parent| format!(" extends {parent}"));
    format!(
        "{}export interface {name}{extends} {{\n{fields}{rest}}}\n",
        doc(&[description], "")
    )
}

/// A type alias.
pub fn alias(name: &str, description: &[&str], kind: &Type) -> String {
    format!(
        "{}export type {name} ={};\n",
        doc(description, ""),
        after(&spell(kind, ""))
    )
}

/// The signature of a method, without its body. If the arguments do not fit on one line, then each has its own line.
pub fn signature(name: &str, method: &Method) -> String {
    let mut result = spell(&method.result, "  ");
    if method.is_async {
        result = format!("Promise<{result}>");
    }
    let mut arguments: Vec<String> = method
        .arguments
        .iter()
        .map(|argument| {
            let mark = if argument.optional { "?" } else { "" };
            let kind = spell(&argument.kind, "    ");
            let is_own = method
                .own_options()
                .is_some_and(|own| own.name == argument.name);
            // Types with names contain the options of a call themselves.
            if is_own && kind.starts_with('{') {
                return format!("{}{mark}: {CALL_OPTIONS} & {kind}", argument.name);
            }
            format!("{}{mark}: {kind}", argument.name)
        })
        .collect();
    if method.accepts_call_options() && method.own_options().is_none() {
        arguments.push(format!("options?: {CALL_OPTIONS}"));
    }
    let one_line = format!("  {name}({}): {result}", arguments.join(", "));
    let fits = one_line
        .lines()
        .all(|line| line.len() + " {".len() <= WIDTH);
    if fits && !arguments.iter().any(|argument| argument.contains('\n')) {
        return one_line;
    }
    let arguments: String = arguments
        .iter()
        .map(|argument| format!("    {argument},\n"))
        .collect();
    format!("  {name}(\n{arguments}  ): {result}")
}

/// An import of types from the module with this specifier.
pub fn import_types(names: &BTreeSet<&str>, specifier: &str) -> String {
    import_statement("import type", names, specifier)
}

/// An import of values, such as classes.
pub fn import(names: &BTreeSet<&str>, specifier: &str) -> String {
    import_statement("import", names, specifier)
}

/// If the names do not fit on one line, then each has its own line.
fn import_statement(keyword: &str, names: &BTreeSet<&str>, specifier: &str) -> String {
    let list = names.iter().copied().collect::<Vec<_>>().join(", ");
    let one_line = format!("{keyword} {{ {list} }} from \"{specifier}\";\n");
    if one_line.len() <= WIDTH {
        return one_line;
    }
    let list: String = names.iter().map(|name| format!("  {name},\n")).collect();
    format!("{keyword} {{\n{list}}} from \"{specifier}\";\n")
}

/// A field on its own lines, with its doc comment.
fn member(field: &Field, indent: &str) -> String {
    let mark = if field.optional { "?" } else { "" };
    let kind = field_type(field, indent, spell);
    let comment = match field.description.as_str() {
        "" => String::new(),
        description => doc(&[description], indent),
    };
    let key = key(&field.name);
    format!("{comment}{indent}{key}{mark}:{};\n", after(&kind))
}

/// The type of a field, as `spell` writes it. An optional field also accepts `undefined`. Without it, TypeScript with
/// `exactOptionalPropertyTypes` would reject a variable that may be `undefined`.
fn field_type(field: &Field, indent: &str, spell: fn(&Type, &str) -> String) -> String {
    let kind = &field.kind;
    if !field.optional || WEAKENS_A_CHECK.contains(&field.name.as_str()) {
        return spell(kind, indent);
    }
    match kind {
        Type::Words(_) | Type::OpenWords(_) | Type::Union(_) => {
            let mut parts = alternatives(kind, indent);
            parts.push("undefined".to_owned());
            union(parts, indent)
        }
        // Without parentheses, `undefined` would be a part of the function's result type.
        Type::Verbatim(typescript) if typescript.contains("=>") => {
            format!("({typescript}) | undefined")
        }
        _ => format!("{} | undefined", spell(kind, indent)),
    }
}

/// A type after a colon or an equals sign: with a space before it, unless it starts on a new line.
fn after(kind: &str) -> String {
    if kind.starts_with('\n') {
        kind.to_owned()
    } else {
        format!(" {kind}")
    }
}

/// A member of a union. Each object is on one line, so that readers can compare the members.
fn choice(kind: &Type, indent: &str) -> String {
    match kind {
        Type::Object(object) => one_line_object(object, indent),
        other => spell(other, indent),
    }
}

/// On one line, unless a field has a description.
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
            let kind = field_type(field, indent, choice);
            format!("{}{mark}: {kind}", key(&field.name))
        })
        .collect();
    if object.open {
        parts.push("[key: string]: unknown".to_owned());
    }
    format!("{{ {} }}", parts.join("; "))
}

/// The members of a union. For any other type, the type itself.
fn alternatives(kind: &Type, indent: &str) -> Vec<String> {
    match kind {
        Type::Words(words) => words.iter().map(quote).collect(),
        Type::OpenWords(words) => {
            let mut parts: Vec<String> = words.iter().map(quote).collect();
            parts.push("string".to_owned());
            parts
        }
        Type::Union(kinds) => kinds.iter().map(|kind| choice(kind, indent)).collect(),
        alone => vec![spell(alone, indent)],
    }
}

/// Joins alternatives. If they do not fit on one line, then each has its own line.
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

/// The name of a field. Quoted if it is not an identifier, for example a URL.
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

/// Optional request fields that do not accept `undefined`. Each of them is a check: without it, a token or a user is
/// accepted that the check would reject. If a variable is `undefined` by mistake, then the check would be skipped. So
/// `{ required_scopes: maybe }` is a type error with `exactOptionalPropertyTypes`.
/// Without `authorization`, a call has the permissions of the project instead of the member's.
const WEAKENS_A_CHECK: [&str; 5] = [
    "audience",
    "authorization",
    "authorization_check",
    "required_claims",
    "required_scopes",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn optional(name: &str, kind: Type) -> Field {
        Field {
            name: name.to_owned(),
            optional: true,
            description: String::new(),
            kind,
        }
    }

    #[test]
    fn an_optional_field_may_be_undefined() {
        let words =
            |words: &[&str]| Type::Words(words.iter().map(|&word| word.to_owned()).collect());
        let object = Type::Object(Object {
            fields: vec![optional("b", Type::Integer)],
            open: false,
        });
        let long = "x".repeat(60);
        for (kind, expected) in [
            (Type::Text, "a?: string | undefined;\n".to_owned()),
            (words(&["b"]), "a?: \"b\" | undefined;\n".to_owned()),
            (
                words(&["b", &long]),
                format!("a?:\n  | \"b\"\n  | \"{long}\"\n  | undefined;\n"),
            ),
            (
                object,
                "a?: { b?: number | undefined } | undefined;\n".to_owned(),
            ),
            (
                Type::Verbatim("() => string".to_owned()),
                "a?: (() => string) | undefined;\n".to_owned(),
            ),
        ] {
            assert_eq!(member(&optional("a", kind), ""), expected);
        }
    }

    #[test]
    fn a_field_whose_absence_weakens_a_check_is_never_undefined() {
        for name in ["audience", "authorization_check", "required_scopes"] {
            let field = optional(name, Type::Text);
            assert_eq!(member(&field, ""), format!("{name}?: string;\n"));
        }
    }
}
