//! Writes types in Rust syntax.

use anyhow::{Context, Result, bail, ensure};

use super::names::{identifier, parts, pascal, snake, type_name};
use super::{Scope, qualified};
use crate::doc_comment::wrap;
use crate::model::{Field, NamedType, Object, Product, Type};

/// Writes a named type, and the unnamed types that it contains.
pub fn write(
    scope: &Scope<'_>,
    product: Product,
    name: &str,
    made: &NamedType,
) -> Result<Vec<String>> {
    let rust_name = type_name(name);
    let spelling = Spelling {
        scope,
        product,
        owner: &rust_name,
        is_answered: scope.answered.contains(name),
    };
    match &made.body {
        Type::Object(object) => Ok(vec![spelling.object(
            &rust_name,
            &description_in_rust(&made.description),
            object,
        )?]),
        Type::Union(kinds) if kinds.iter().any(|kind| filter(kind).is_some()) => {
            spelling.filters(made, kinds)
        }
        Type::Union(kinds) => Ok(vec![spelling.either(made, kinds)?]),
        other => bail!("`{name}`: the type {other:?} is not supported in Rust"),
    }
}

/// The description of a request in Rust. The original names methods and arguments in TypeScript syntax; this names
/// methods in Rust syntax.
fn description_in_rust(description: &str) -> String {
    let methods: Option<Vec<String>> = description
        .strip_prefix("The argument ")
        .into_iter()
        .flat_map(|rest| rest.split(" and "))
        .map(|part| {
            let (_, method) = part.trim_end_matches('.').split_once("` of `")?;
            let steps: Vec<String> = method.trim_end_matches('`').split('.').map(snake).collect();
            Some(format!("`{}`", steps.join("().")))
        })
        .collect();
    match methods {
        Some(methods) if !methods.is_empty() => {
            format!("The request of {}.", methods.join(" and "))
        }
        _ => description.to_owned(),
    }
}

/// A doc comment.
pub fn doc(paragraphs: &[&str], indent: &str) -> String {
    let mut text = String::new();
    for (number, paragraph) in paragraphs.iter().enumerate() {
        if number > 0 {
            text.push_str(&format!("{indent}///\n"));
        }
        for line in wrap(&for_rustdoc(paragraph), WIDTH - indent.len() - "/// ".len()) {
            text.push_str(&format!("{indent}/// {line}\n"));
        }
    }
    text
}

/// Returns the name and the content of a search filter, which is an object with a constant `filter_name`.
pub fn filter(kind: &Type) -> Option<(&str, &Type)> {
    let Type::Object(object) = kind else {
        return None;
    };
    match object.fields.as_slice() {
        [tag, content] if tag.name == "filter_name" && content.name == "filter_value" => {
            match &tag.kind {
                Type::Words(words) => Some((words.first()?, &content.kind)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A type in Rust syntax, as used in a product's module.
pub fn spell(scope: &Scope<'_>, product: Product, kind: &Type) -> Result<String> {
    let spelling = Spelling {
        scope,
        product,
        owner: "an answer",
        is_answered: true,
    };
    spelling.spell(kind)
}

struct Spelling<'a> {
    scope: &'a Scope<'a>,
    product: Product,
    owner: &'a str,
    is_answered: bool,
}

impl Spelling<'_> {
    fn object(&self, name: &str, description: &str, object: &Object) -> Result<String> {
        ensure!(
            !object.open,
            "`{name}`: an object with additionalProperties is not supported in Rust"
        );
        let word = if self.is_answered {
            "object"
        } else {
            "request"
        };
        let mut fields = String::new();
        for field in &object.fields {
            fields.push_str(&self.field(field)?);
        }
        Ok(format!(
            "{word}! {{\n{}    pub struct {name} {{\n{fields}    }}\n}}\n",
            doc(&[description], "    ")
        ))
    }

    fn field(&self, field: &Field) -> Result<String> {
        let kind = self
            .spell(&field.kind)
            .with_context(|| format!("`{}` of `{}`", field.name, self.owner))?;
        let kind = if field.optional {
            format!("Option<{kind}>")
        } else {
            kind
        };
        let unnamed = format!("`{}`, as the API names it.", field.name);
        let description = if field.description.is_empty() {
            &unnamed
        } else {
            &field.description
        };
        let name = identifier(field.name.clone());
        let is_plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_#".contains(c));
        ensure!(
            is_plain,
            "`{name}` of `{}` cannot be the name of a field in Rust",
            self.owner
        );
        Ok(format!(
            "{}        pub {name}: {kind},\n",
            doc(&[description], "        ")
        ))
    }

    fn spell(&self, kind: &Type) -> Result<String> {
        Ok(match kind {
            Type::Text | Type::Timestamp => "String".to_owned(),
            Type::Integer => "i64".to_owned(),
            Type::Number => "f64".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Always(_) => bail!("a constant boolean is not supported in Rust"),
            Type::Words(words) | Type::OpenWords(words) => {
                let (name, owner) = self
                    .scope
                    .words
                    .name_of(words)
                    .context("this list of words has no name in Rust")?;
                qualified(name, Some(owner), self.product)
            }
            Type::List(items) => format!("Vec<{}>", self.spell(items)?),
            Type::AnyObject => "serde_json::Map<String, serde_json::Value>".to_owned(),
            Type::Map(values) => format!(
                "std::collections::BTreeMap<String, {}>",
                self.spell(values)?
            ),
            Type::Named(name) => self.scope.name_of(name, self.product),
            // `Date` in TypeScript.
            Type::Verbatim(_) => "crate::typed::UnixSeconds".to_owned(),
            Type::Union(kinds) => match kinds.as_slice() {
                [one, Type::List(many)] if **many == *one => {
                    format!("crate::typed::OneOrMany<{}>", self.spell(one)?)
                }
                _ => bail!("a union must be a named type in `components/schemas`"),
            },
            Type::Object(_) => bail!("an object must be a named type in `components/schemas`"),
        })
    }

    /// An enum of search filters. Unknown filters are always accepted, even if the description does not say so.
    fn filters(&self, made: &NamedType, kinds: &[Type]) -> Result<Vec<String>> {
        let mut variants = String::new();
        let mut within = Vec::new();
        for (word, content) in kinds.iter().filter_map(filter) {
            let variant = pascal(word);
            let kind = match content {
                Type::Object(object) => {
                    let name = format!("{}{variant}", self.owner);
                    within.push(self.object(
                        &name,
                        &format!("The value of the filter `{word}`."),
                        object,
                    )?);
                    name
                }
                other => self.spell(other)?,
            };
            variants.push_str(&format!("        {variant}({kind}) = {word:?},\n"));
        }
        let known = kinds
            .iter()
            .filter(|kind| filter(kind).is_some() || is_open(kind))
            .count();
        ensure!(
            known == kinds.len(),
            "`{}`: a union with a search filter may contain only search filters and open objects",
            self.owner
        );
        ensure!(
            !self.is_answered,
            "`{}`: a union of search filters is supported in requests only",
            self.owner
        );
        let about = doc(&[&made.description], "    ");
        let name = self.owner;
        within.insert(
            0,
            format!("filter! {{\n{about}    pub enum {name} {{\n{variants}    }}\n}}\n"),
        );
        Ok(within)
    }

    /// An enum of named types. A variant has the part of the type's name that differs from the others.
    fn either(&self, made: &NamedType, kinds: &[Type]) -> Result<String> {
        let mut variants = String::new();
        let names: Vec<&str> = kinds
            .iter()
            .filter_map(|kind| match kind {
                Type::Named(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        for kind in kinds {
            let (variant, kind) = match kind {
                Type::Named(name) => (distinct_part(name, &names), self.spell(kind)?),
                open if is_open(open) => ("Other".to_owned(), self.spell(&Type::AnyObject)?),
                other => bail!(
                    "`{}`: the type {other:?} is not supported in Rust",
                    self.owner
                ),
            };
            variants.push_str(&format!("        {variant}({kind}),\n"));
        }
        ensure!(
            !self.is_answered,
            "`{}`: a union of objects is supported in requests only",
            self.owner
        );
        let about = doc(&[&made.description], "    ");
        Ok(format!(
            "either! {{\n{about}    pub enum {} {{\n{variants}    }}\n}}\n",
            self.owner
        ))
    }
}

fn is_open(kind: &Type) -> bool {
    matches!(kind, Type::AnyObject) || matches!(kind, Type::Object(object) if object.open)
}

/// A name without the words that all names begin and end with.
fn distinct_part(name: &str, all: &[&str]) -> String {
    let all: Vec<Vec<&str>> = all.iter().map(|name| parts(name)).collect();
    let own = parts(name);
    let same = |at: usize, from_end: bool| {
        let of = |parts: &Vec<&str>| {
            let at = if from_end {
                parts.len().checked_sub(at + 1)?
            } else {
                at
            };
            parts.get(at).map(ToString::to_string)
        };
        let first = all.first().and_then(of);
        first.is_some() && all.iter().all(|parts| of(parts) == first)
    };
    let before = (0..own.len()).take_while(|at| same(*at, false)).count();
    let after = (0..own.len() - before)
        .take_while(|at| same(*at, true))
        .count();
    own.get(before..own.len() - after)
        .unwrap_or_default()
        .concat()
}

/// Escapes text for rustdoc, which reads square brackets as links and angle brackets as tags.
fn for_rustdoc(text: &str) -> String {
    text.replace('[', "\\[")
        .replace(']', "\\]")
        .replace('<', "\\<")
}

const WIDTH: usize = 100;
