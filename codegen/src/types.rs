//! Writes `pkg/src/generated/<product>_types.ts`: every type that the methods of a product accept and return.
//!
//! Classes are in other files, so that the package can export all types of a file without exporting a class.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::model::{Api, Method, Product, Type};
use super::typescript::{CALL_OPTIONS, alias, import_types, interface};

/// Writes the types of one product.
pub fn write(api: &Api, product: Product) -> String {
    let mut text = format!("// {HEADER}\n");
    let Some(module) = api.modules.get(&product) else {
        return text;
    };
    let options = options(api);
    let mut imports = String::new();
    if module
        .types
        .keys()
        .any(|name| options.contains(name.as_str()))
    {
        let names = BTreeSet::from([CALL_OPTIONS]);
        imports.push_str(&import_types(&names, "../config.js"));
    }
    if product != Product::Shared {
        let mut names = BTreeSet::new();
        for made in module.types.values() {
            made.body.collect_names(&mut names);
        }
        let shared = api.modules.get(&Product::Shared);
        names.retain(|name| shared.is_some_and(|shared| shared.types.contains_key(*name)));
        if !names.is_empty() {
            imports.push_str(&import_types(&names, "./shared_types.js"));
        }
    }
    if !imports.is_empty() {
        let _ = write!(text, "\n{imports}");
    }
    for (name, made) in &module.types {
        text.push('\n');
        text.push_str(&match &made.body {
            Type::Object(object) => {
                let parent = options.contains(name.as_str()).then_some(CALL_OPTIONS);
                interface(name, &made.description, parent, object)
            }
            other => alias(name, &[&made.description], other),
        });
    }
    // A file without an export would not be a module.
    if module.types.is_empty() {
        text.push_str("\nexport {};\n");
    }
    text
}

/// The types of the options of methods that send one request. They contain the options of every call.
fn options(api: &Api) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for argument in api
        .methods()
        .filter(|method| method.is_remote())
        .filter_map(Method::own_options)
    {
        argument.kind.collect_names(&mut names);
    }
    names
}
