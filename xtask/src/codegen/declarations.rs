//! Writes `pkg/generated/<product>.d.ts`: the classes of the facade.
//!
//! Knows what has to be imported; the types are `types`' business, the spelling `typescript`'s.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::facade::{class_keyword, client_class, shared_resources, top_level};
use super::model::{Api, Method, Module, Product, Resource, Route};
use super::types::collect_names;
use super::typescript::{doc, import_types, signature};

/// The declarations of one product.
pub fn write(api: &Api, product: Product) -> String {
    let mut text = format!("// {HEADER}\n");
    let Some(module) = api.modules.get(&product) else {
        return text;
    };
    let imports = imports(api, product, module);
    if !imports.is_empty() {
        let _ = write!(text, "\n{imports}");
    }
    if let Some(class) = client_class(product) {
        text.push_str(&client(api, product, class));
    }
    for (path, resource) in &module.resources {
        text.push_str(&class(api, path, resource, product));
    }
    // Without this line TypeScript would export what is only declared.
    text.push_str("\nexport {};\n");
    text
}

fn client(api: &Api, product: Product, class: &str) -> String {
    let mut properties = top_level(api, product);
    properties.extend(shared_resources(api, product));
    properties.sort();
    let says = format!(
        "The methods of {}, by resource.",
        product.clients().join(" and ")
    );
    let mut text = format!("\n{}export class {class} {{\n", doc(&[&says], ""));
    for (property, class) in properties {
        let described = [product, Product::Shared]
            .iter()
            .find_map(|product| api.modules.get(product)?.resources.get(&property))
            .map_or("", |resource| &resource.description);
        let _ = writeln!(text, "{}  {property}: {class};", doc(&[described], "  "));
    }
    text.push_str("}\n");
    text
}

fn class(api: &Api, path: &str, resource: &Resource, product: Product) -> String {
    let Resource {
        class,
        description,
        methods,
        children,
    } = resource;
    let keyword = class_keyword(product).unwrap_or("declare class");
    let mut text = format!("\n{}{keyword} {class} {{\n", doc(&[description], ""));
    for (property, class) in children {
        let described = api
            .modules
            .get(&product)
            .and_then(|module| module.resources.get(&format!("{path}.{property}")))
            .map_or("", |resource| &resource.description);
        let _ = writeln!(text, "{}  {property}: {class};", doc(&[described], "  "));
    }
    for (number, (name, made)) in methods.iter().enumerate() {
        if number > 0 || !children.is_empty() {
            text.push('\n');
        }
        text.push_str(&method(api, name, made));
    }
    text.push_str("}\n");
    text
}

fn method(api: &Api, name: &str, method: &Method) -> String {
    let route = match &method.route {
        Route::Remote { row } => Some(quoted(api, &[*row])),
        Route::Local { calls } if calls.is_empty() => None,
        Route::Local { calls } => Some(format!("May call {}.", quoted(api, calls))),
    };
    let throws: Vec<String> = method
        .throws
        .iter()
        .map(|(class, when)| format!("@throws {{{class}}} {when}"))
        .collect();
    let mut paragraphs: Vec<&str> = vec![&method.description];
    paragraphs.extend(route.as_deref());
    paragraphs.extend(throws.iter().map(String::as_str));
    format!("{}{}", doc(&paragraphs, "  "), signature(name, method))
}

/// The requests of rows, as text that is code.
fn quoted(api: &Api, rows: &[usize]) -> String {
    let routes: Vec<String> = rows
        .iter()
        .filter_map(|row| Some(format!("`{}`", api.endpoints.get(*row)?.route())))
        .collect();
    routes.join(", ")
}

/// The types that the methods of a product name, by the file that declares them.
fn imports(api: &Api, product: Product, module: &Module) -> String {
    let mut names = BTreeSet::new();
    let resources = module.resources.values();
    for method in resources.flat_map(|resource| resource.methods.values()) {
        collect_names(&method.result, &mut names);
        for argument in &method.arguments {
            collect_names(&argument.kind, &mut names);
        }
    }
    let mut text = String::new();
    for other in [product, Product::Shared] {
        let Some(module) = api.modules.get(&other) else {
            continue;
        };
        let theirs: BTreeSet<String> = names
            .iter()
            .filter(|name| module.types.contains_key(*name))
            .cloned()
            .collect();
        names.retain(|name| !theirs.contains(name));
        if !theirs.is_empty() {
            text.push_str(&import_types(&theirs, &format!("{}_types", other.folder())));
        }
    }
    let classes: BTreeSet<String> = shared_resources(api, product)
        .into_iter()
        .map(|(_, class)| class)
        .collect();
    if !classes.is_empty() {
        text.push_str(&import_types(&classes, "shared"));
    }
    text
}
