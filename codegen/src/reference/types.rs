//! Formats types and their fields for the reference pages.
//!
//! Decides which types have their own section and on which page, and formats a type for a table cell.

use std::collections::BTreeSet;

use super::markdown::{alternatives, anchor, code, prose, table};
use crate::model::{Api, Field, NamedType, Object, Product, Type};

/// The types, as one page displays them.
pub struct Types<'a> {
    pub api: &'a Api,
    pub page: Product,
    /// Types that are written out at the methods that use them, and do not have a section.
    pub written_out: &'a BTreeSet<&'a str>,
}

/// Fields that every response has. The index page describes them.
pub const IN_EVERY_RESPONSE: [&str; 2] = ["request_id", "status_code"];

impl<'a> Types<'a> {
    /// The sections of the types of this page.
    pub fn sections(&self) -> String {
        let module = self.api.modules.get(&self.page);
        let types = module.into_iter().flat_map(|module| &module.types);
        let mut own: Vec<_> = types
            .filter(|(name, _)| !self.written_out.contains(name.as_str()))
            .collect();
        if own.is_empty() {
            return String::new();
        }
        own.sort_by_key(|(name, _)| name.to_lowercase());
        let list: Vec<String> = own.iter().map(|(name, _)| self.named(name)).collect();
        let sections: String = own
            .iter()
            .map(|(name, made)| self.section(name, made))
            .collect();
        format!("## Types\n\n{}\n\n{sections}", list.join(", "))
    }

    /// The fields of an object type that is written out here.
    pub fn object(&self, kind: &'a Type) -> Option<&'a Object> {
        match kind {
            Type::Object(object) => Some(object),
            Type::Named(name) if self.written_out.contains(name.as_str()) => {
                match &self.find(name)?.1.body {
                    Type::Object(object) => Some(object),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A table of the fields of an argument.
    pub fn parameters(&self, object: &Object) -> String {
        let row = |name: String, field: &Field| {
            let required = if field.optional { "" } else { "yes" };
            [
                name,
                self.spell(&field.kind),
                required.to_owned(),
                description(field),
            ]
        };
        let rows = flat(object, "")
            .into_iter()
            .map(|(name, field)| row(code(&name), field));
        table(
            ["Parameter", "Type", "Required", "Description"],
            &rows.collect::<Vec<_>>(),
        )
    }

    /// A table of the fields of an object, without the fields in `left_out`. `heading` is the title of the first column.
    pub fn fields(&self, heading: &str, object: &Object, left_out: &[&str]) -> String {
        let rows: Vec<[String; 3]> = flat(object, "")
            .into_iter()
            .filter(|(name, _)| !left_out.contains(&name.as_str()))
            .map(|(name, field)| {
                let mark = if field.optional { "?" } else { "" };
                [
                    code(&format!("{name}{mark}")),
                    self.spell(&field.kind),
                    description(field),
                ]
            })
            .collect();
        table([heading, "Type", "Description"], &rows)
    }

    /// A short text for a type.
    pub fn spell(&self, kind: &Type) -> String {
        match kind {
            Type::Text => "string".to_owned(),
            Type::Timestamp => "time".to_owned(),
            Type::Integer => "integer".to_owned(),
            Type::Number => "number".to_owned(),
            Type::Boolean => "boolean".to_owned(),
            Type::Always(value) => code(&value.to_string()),
            kind if long_list(kind).is_some() => "string".to_owned(),
            Type::Words(words) => alternatives(&codes(words)),
            Type::OpenWords(words) => {
                let other = "another string".to_owned();
                alternatives(&[codes(words), vec![other]].concat())
            }
            Type::List(items) => match items.as_ref() {
                items if long_list(items).is_some() => "string[]".to_owned(),
                Type::Words(_) | Type::OpenWords(_) | Type::Union(_) | Type::Map(_) => {
                    format!("list of {}", self.spell(items))
                }
                items => format!("{}[]", self.spell(items)),
            },
            Type::AnyObject | Type::Object(_) => "object".to_owned(),
            Type::Map(values) => format!("object with values of type {}", self.spell(values)),
            Type::Named(name) => self.named(name),
            Type::Union(kinds) => alternatives(
                &kinds
                    .iter()
                    .map(|kind| self.spell(kind))
                    .collect::<Vec<_>>(),
            ),
            Type::Verbatim(typescript) => code(typescript),
        }
    }

    fn section(&self, name: &str, made: &NamedType) -> String {
        let shape = match &made.body {
            Type::Object(object) => {
                let more = if object.open {
                    "The object can have other fields.\n\n"
                } else {
                    ""
                };
                format!("{}{more}", self.fields("Field", object, &[]))
            }
            Type::Union(kinds) => self
                .choices(kinds)
                .unwrap_or_else(|| self.one_line(&made.body)),
            other => self.one_line(other),
        };
        format!("### {name}\n\n{}\n\n{shape}", prose(&made.description))
    }

    fn one_line(&self, kind: &Type) -> String {
        let list = long_list(kind).map_or(String::new(), |list| format!(" {list}"));
        format!("Type: {}.{list}\n\n", self.spell(kind))
    }

    /// A table of the objects of a union, one per row: the word that identifies the object, and the type of its value.
    fn choices(&self, kinds: &[Type]) -> Option<String> {
        let objects: Option<Vec<&Object>> = kinds
            .iter()
            .map(|kind| match kind {
                Type::Object(object) => Some(object),
                _ => None,
            })
            .collect();
        let objects = objects?;
        let [word, value] = objects.first()?.fields.as_slice() else {
            return None;
        };
        let rows: Vec<[String; 3]> = objects
            .iter()
            .map(|object| {
                let cell = |name: &str| {
                    let field = object.fields.iter().find(|field| field.name == name);
                    field.map_or("anything".to_owned(), |field| self.value(&field.kind))
                };
                let descriptions: Vec<String> = object.fields.iter().map(description).collect();
                [cell(&word.name), cell(&value.name), descriptions.concat()]
            })
            .collect();
        Some(table(
            [&code(&word.name), &code(&value.name), "Description"],
            &rows,
        ))
    }

    /// A short text for a type. For an object, its fields.
    fn value(&self, kind: &Type) -> String {
        let Type::Object(object) = kind else {
            return self.spell(kind);
        };
        let fields = object.fields.iter();
        let fields: Vec<String> = fields
            .map(|field| format!("{}: {}", code(&field.name), self.spell(&field.kind)))
            .collect();
        fields.join(", ")
    }

    /// The name of a type. If the type has a section, the name is a link to it.
    fn named(&self, name: &str) -> String {
        let code = code(name);
        match self.find(name) {
            Some(_) if self.written_out.contains(name) => code,
            Some((page, _)) if page == self.page => format!("[{code}](#{})", anchor(name)),
            Some((page, _)) => format!("[{code}]({}.md#{})", page.folder(), anchor(name)),
            None => code,
        }
    }

    fn find(&self, name: &str) -> Option<(Product, &'a NamedType)> {
        let pages = self.api.modules.iter();
        pages
            .filter(|(page, _)| self.page.may_use(**page))
            .find_map(|(page, module)| Some((*page, module.types.get(name)?)))
    }
}

/// The description of a field. If its words do not fit into the type column, they are added here.
fn description(field: &Field) -> String {
    let words = match &field.kind {
        Type::List(items) => long_list(items),
        kind => long_list(kind),
    };
    let description = prose(&field.description);
    words.map_or(description.clone(), |words| {
        format!("{description} {words}")
    })
}

/// If a list has more words than fit into the type column, a sentence that lists them.
fn long_list(kind: &Type) -> Option<String> {
    match kind {
        Type::Words(words) if words.len() > MAX_WORDS => {
            Some(format!("One of {}.", alternatives(&codes(words))))
        }
        Type::OpenWords(words) if words.len() > MAX_WORDS => {
            Some(format!("Known values: {}.", codes(words).join(", ")))
        }
        _ => None,
    }
}

fn codes(words: &[String]) -> Vec<String> {
    words.iter().map(|word| code(word)).collect()
}

const MAX_WORDS: usize = 5;

/// The fields of an object. Fields of nested unnamed objects are included, with the path before their name.
fn flat<'a>(object: &'a Object, above: &str) -> Vec<(String, &'a Field)> {
    let mut fields = Vec::new();
    for field in &object.fields {
        let name = format!("{above}{}", field.name);
        let inner = match &field.kind {
            Type::Object(inner) => Some((format!("{name}."), inner)),
            Type::List(items) => match items.as_ref() {
                Type::Object(inner) => Some((format!("{name}[]."), inner)),
                _ => None,
            },
            _ => None,
        };
        fields.push((name, field));
        fields.extend(
            inner
                .into_iter()
                .flat_map(|(above, inner)| flat(inner, &above)),
        );
    }
    fields
}
