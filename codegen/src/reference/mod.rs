//! Writes `docs/api/*.md`: the reference, with one page per product and an index page.
//!
//! Decides the content of each page and its order. Links lead to headings, so the headings of a page are unique.

mod emulator;
mod errors;
mod index;
mod markdown;
mod methods;
#[cfg(test)]
mod tests;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub use self::emulator::write as emulator;
pub use self::errors::write as errors;
use self::markdown::{anchor, code, prose, table};
use self::types::Types;
use super::HEADER;
use super::model::{Api, Method, Product, Resource, Type};

/// Writes every page, by path below the project's root.
pub fn write(api: &Api) -> BTreeMap<String, String> {
    let written_out = written_out(api);
    let mut pages = BTreeMap::from([("docs/api/README.md".to_owned(), index::write(api))]);
    for page in Product::ALL {
        let types = Types {
            api,
            page,
            written_out: &written_out,
        };
        pages.insert(format!("docs/api/{}.md", page.folder()), product(&types));
    }
    pages
}

fn product(types: &Types<'_>) -> String {
    let clients = clients(types.page);
    let mut text = format!("<!-- {HEADER} -->\n\n# Methods of {clients}\n\n");
    if matches!(types.page, Product::Consumer | Product::B2b) {
        text.push_str("[shared.md](shared.md) describes the methods that both clients have. ");
    }
    text.push_str("[How to read this page](README.md#how-to-read-the-pages).\n\n");
    text.push_str(&contents(types));
    for (path, resource) in resources(types.api, types.page) {
        text.push_str(&format!(
            "## client.{path}\n\n{}\n\n",
            prose(&resource.description)
        ));
        for (name, method) in &resource.methods {
            text.push_str(&methods::section(types, &format!("{path}.{name}"), method));
        }
    }
    text.push_str(&types.sections());
    format!("{}\n", text.trim_end())
}

fn contents(types: &Types<'_>) -> String {
    let rows: Vec<[String; 2]> = resources(types.api, types.page)
        .filter(|(_, resource)| !resource.methods.is_empty())
        .map(|(path, resource)| {
            let link = |name: &str, whole: &str| {
                format!("[{}](#{})", code(name), anchor(&format!("client.{whole}")))
            };
            let methods = resource.methods.keys();
            let methods: Vec<String> = methods
                .map(|name| link(name, &format!("{path}.{name}")))
                .collect();
            [link(path, path), methods.join(", ")]
        })
        .collect();
    table(["Resource", "Methods"], &rows)
}

fn resources(api: &Api, page: Product) -> impl Iterator<Item = (&String, &Resource)> {
    let module = api.modules.get(&page).into_iter();
    module.flat_map(|module| &module.resources)
}

fn clients(page: Product) -> String {
    let clients = page.clients().iter().map(|client| code(client));
    clients.collect::<Vec<_>>().join(" and ")
}

/// Objects that are arguments or results of methods, and not part of another type. They are described at the methods.
fn written_out(api: &Api) -> BTreeSet<&str> {
    let types = || api.modules.values().flat_map(|module| &module.types);
    let mut held = BTreeSet::new();
    for (_, made) in types() {
        made.body.collect_names(&mut held);
    }
    let mut at_methods = BTreeSet::new();
    for method in api.methods() {
        for kind in arguments_and_result(method) {
            match kind {
                Type::Named(name) => drop(at_methods.insert(name.as_str())),
                other => other.collect_names(&mut held),
            }
        }
    }
    types()
        .filter(|(name, made)| {
            let is_object = matches!(made.body, Type::Object(_));
            is_object && at_methods.contains(name.as_str()) && !held.contains(name.as_str())
        })
        .map(|(name, _)| name.as_str())
        .collect()
}

fn arguments_and_result(method: &Method) -> impl Iterator<Item = &Type> {
    let arguments = method.arguments.iter().map(|argument| &argument.kind);
    arguments.chain([&method.result])
}
