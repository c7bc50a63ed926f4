//! Writes the enums for lists of words.
//!
//! The description does not name these lists. If `fields.yaml` describes a list, the enum has its name there. Otherwise it
//! is named after the common part of the fields that use it. If that name is too general, it is preceded by the name of the
//! type that contains the field.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use super::names::{pascal, type_name};
use super::types::doc;
use crate::model::{Api, NamedType, Product, Type};

/// Every list of words, with its enum.
#[derive(Debug, Default)]
pub struct Words(BTreeMap<Vec<String>, Made>);

#[derive(Debug)]
struct Made {
    name: String,
    product: Product,
    fields: Vec<String>,
}

/// A use of a list of words.
struct Use {
    product: Product,
    owner: String,
    field: String,
}

impl Words {
    pub fn of(api: &Api, types: &BTreeMap<&str, (Product, &NamedType)>) -> Result<Self> {
        let mut uses: BTreeMap<Vec<String>, Vec<Use>> = BTreeMap::new();
        for (owner, (product, made)) in types {
            let owner = type_name(owner);
            visit(&made.body, "", &mut |field, words| {
                let found = uses.entry(words.to_vec()).or_default();
                found.push(Use {
                    product: *product,
                    owner: owner.clone(),
                    field: field.to_owned(),
                });
            });
        }
        let mut preferred_names: BTreeMap<String, usize> = BTreeMap::new();
        for (words, uses) in &uses {
            *preferred_names
                .entry(preferred_name(api, words, uses))
                .or_default() += 1;
        }
        let mut named = BTreeMap::new();
        for (words, uses) in uses {
            let preferred = preferred_name(api, &words, &uses);
            let is_specific = preferred_names.get(&preferred) == Some(&1)
                && !TOO_GENERAL.contains(&preferred.as_str());
            let is_taken = types.keys().any(|name| type_name(name) == preferred);
            let Some(first) = uses.first() else { continue };
            let name = if is_specific && !is_taken {
                preferred
            } else {
                let owner = first
                    .owner
                    .trim_end_matches("Request")
                    .trim_end_matches("Response");
                format!("{owner}{preferred}")
            };
            let same_product = uses.iter().all(|found| found.product == first.product);
            let product = if same_product {
                first.product
            } else {
                Product::Shared
            };
            let mut fields: Vec<String> = uses.iter().map(|found| found.field.clone()).collect();
            fields.sort();
            fields.dedup();
            for word in &words {
                let letters = word.chars().filter(char::is_ascii_alphanumeric).count();
                ensure!(
                    letters > 0,
                    "api/{}: the word `{word}` of the enum `{name}` must contain a letter or a digit",
                    product.folder()
                );
            }
            named.insert(
                words,
                Made {
                    name,
                    product,
                    fields,
                },
            );
        }
        Ok(Self(named))
    }

    /// The name of the enum for a list of words, with its module.
    pub fn name_of(&self, words: &[String]) -> Option<(&str, Product)> {
        let made = self.0.get(words)?;
        Some((&made.name, made.product))
    }

    pub fn names(&self) -> impl Iterator<Item = (Product, String)> {
        self.0
            .values()
            .map(|made| (made.product, made.name.clone()))
    }

    /// The enums of one module, by name.
    pub fn write(&self, product: Product) -> Vec<String> {
        let mut items: BTreeMap<&str, String> = BTreeMap::new();
        for (words, made) in self.0.iter().filter(|(_, made)| made.product == product) {
            let fields: Vec<String> = made
                .fields
                .iter()
                .map(|field| format!("`{field}`"))
                .collect();
            let about = format!("The values of {}.", fields.join(" and "));
            let variants: String = words
                .iter()
                .map(|word| format!("        {} = {word:?},\n", pascal(word)))
                .collect();
            let text = format!(
                "words! {{\n{}    pub enum {} {{\n{variants}    }}\n}}\n",
                doc(&[&about], "    "),
                made.name
            );
            items.insert(&made.name, text);
        }
        items.into_values().collect()
    }
}

/// The name of a list of words, if no other list or type has the same name.
fn preferred_name(api: &Api, words: &[String], uses: &[Use]) -> String {
    if let Some(name) = api.word_lists.get(words) {
        return pascal(name);
    }
    let mut fields = uses
        .iter()
        .map(|found| found.field.split('_').rev().collect::<Vec<_>>());
    let mut common = fields.next().unwrap_or_default();
    for field in fields {
        let same = common
            .iter()
            .zip(&field)
            .take_while(|(a, b)| a == b)
            .count();
        common.truncate(same);
    }
    common.reverse();
    let name = pascal(&common.join("_"));
    if name.is_empty() {
        "Word".to_owned()
    } else {
        name
    }
}

/// Calls `found` for every list of words in a type, with the name of its field.
fn visit(kind: &Type, field: &str, found: &mut impl FnMut(&str, &[String])) {
    match kind {
        Type::Words(words) | Type::OpenWords(words) => found(field, words),
        Type::List(inner) | Type::Map(inner) => visit(inner, field, found),
        Type::Object(object) => {
            for inner in &object.fields {
                visit(&inner.kind, &inner.name, found);
            }
        }
        Type::Union(kinds) => {
            for (name, content) in kinds.iter().filter_map(super::types::filter) {
                visit(content, name, found);
            }
        }
        _ => {}
    }
}

/// Names that need the name of the owner.
const TOO_GENERAL: [&str; 4] = ["Action", "Status", "Type", "Word"];
