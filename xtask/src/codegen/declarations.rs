//! Writes `pkg/generated/<product>.d.ts`: the classes of the facade and every type they take and give.
//!
//! Knows what goes into which file and what has to be imported; the spelling is `typescript`'s business.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::facade::{client_class, top_level};
use super::model::{Api, Method, Module, Product, Resource, Route, Type};
use super::typescript::{alias, doc, import_types, interface, signature};

/// The declarations of one product.
pub fn write(api: &Api, product: Product) -> String {
    let mut text = format!("// {HEADER}\n");
    let Some(module) = api.modules.get(&product) else {
        return text;
    };
    let imports = imports(api, product, module);
    if !imports.is_empty() {
        let _ = write!(text, "\n{}", import_types(&imports));
    }
    if let Some(class) = client_class(product) {
        text.push_str(&client(api, product, class));
    }
    for (path, resource) in &module.resources {
        text.push_str(&class(api, path, resource, product));
    }
    for (name, made) in &module.types {
        text.push('\n');
        text.push_str(&match &made.body {
            Type::Object(object) => interface(name, &made.description, object),
            other => alias(name, &made.description, other),
        });
    }
    // Without this line TypeScript would export what is only declared.
    text.push_str("\nexport {};\n");
    text
}

fn client(api: &Api, product: Product, class: &str) -> String {
    let mut properties = top_level(api, product);
    properties.extend(top_level(api, Product::Shared));
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
    let word = if product == Product::Shared {
        "export class"
    } else {
        "declare class"
    };
    let mut text = format!("\n{}{word} {class} {{\n", doc(&[description], ""));
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

/// The names that this file takes from the shared one.
fn imports(api: &Api, product: Product, module: &Module) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if product == Product::Shared {
        return names;
    }
    for made in module.types.values() {
        collect_names(&made.body, &mut names);
    }
    for method in module
        .resources
        .values()
        .flat_map(|resource| resource.methods.values())
    {
        collect_names(&method.result, &mut names);
        for argument in &method.arguments {
            collect_names(&argument.kind, &mut names);
        }
    }
    let shared = api.modules.get(&Product::Shared);
    names.retain(|name| shared.is_some_and(|module| module.types.contains_key(name)));
    names.extend(
        top_level(api, Product::Shared)
            .into_iter()
            .map(|(_, class)| class),
    );
    names
}

fn collect_names(kind: &Type, names: &mut BTreeSet<String>) {
    match kind {
        Type::Named(name) => {
            names.insert(name.clone());
        }
        Type::List(inner) | Type::Map(inner) => collect_names(inner, names),
        Type::Object(object) => object
            .fields
            .iter()
            .for_each(|field| collect_names(&field.kind, names)),
        Type::Union(kinds) => kinds.iter().for_each(|kind| collect_names(kind, names)),
        _ => {}
    }
}
