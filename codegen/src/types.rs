//! Writes `pkg/src/generated/<product>_types.ts`: every type that the methods of a product accept and return.
//!
//! Classes are in other files, so that the package can export all types of a file without exporting a class.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::model::{Api, Product, Type};
use super::typescript::{alias, import_types, interface};

/// Writes the types of one product.
pub fn write(api: &Api, product: Product) -> String {
    let mut text = format!("// {HEADER}\n");
    let Some(module) = api.modules.get(&product) else {
        return text;
    };
    if product != Product::Shared {
        let mut names = BTreeSet::new();
        for made in module.types.values() {
            made.body.collect_names(&mut names);
        }
        let shared = api.modules.get(&Product::Shared);
        names.retain(|name| shared.is_some_and(|shared| shared.types.contains_key(*name)));
        if !names.is_empty() {
            let _ = write!(text, "\n{}", import_types(&names, "./shared_types.js"));
        }
    }
    for (name, made) in &module.types {
        text.push('\n');
        text.push_str(&match &made.body {
            Type::Object(object) => interface(name, &made.description, object),
            other => alias(name, &[&made.description], other),
        });
    }
    // A file without an export would not be a module.
    if module.types.is_empty() {
        text.push_str("\nexport {};\n");
    }
    text
}
