//! Writes `src/generated/<product>.rs`: the typed requests, answers and methods for Rust callers.
//!
//! Knows which type goes into which module and which of them are read back. The forms of types are macros of
//! `src/typed/shape.rs`, so what is written here is names, fields and words.

mod methods;
mod names;
mod samples;
#[cfg(test)]
mod tests;
mod types;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};

use self::words::Words;
use super::HEADER;
use super::model::{Api, NamedType, Product, Type};

/// The modules of all products, by path below the project's root, and the samples of their types for the tests.
pub fn write(api: &Api) -> Result<BTreeMap<String, String>> {
    let scope = Scope::of(api)?;
    let mut files = BTreeMap::new();
    for product in Product::ALL {
        let name = format!("src/generated/{}.rs", product.folder());
        files.insert(name, module(&scope, product)?);
    }
    files.insert(
        "tests/generated/samples.json".to_owned(),
        samples::write(&scope)?,
    );
    files.insert(
        "tests/generated/answers.rs".to_owned(),
        samples::table(&scope),
    );
    Ok(files)
}

/// What every part of the output has to know of the whole.
pub struct Scope<'a> {
    pub api: &'a Api,
    /// The types that are written, and where.
    pub types: BTreeMap<&'a str, (Product, &'a NamedType)>,
    /// The types that an answer may hold.
    pub answered: BTreeSet<&'a str>,
    pub words: Words,
}

impl<'a> Scope<'a> {
    fn of(api: &'a Api) -> Result<Self> {
        let mut types = BTreeMap::new();
        let mut options = Vec::new();
        for (product, module) in &api.modules {
            for (name, made) in &module.types {
                if names::is_options(name) {
                    options.push(&made.body);
                } else if has_rust_form(&made.body) {
                    types.insert(name.as_str(), (*product, made));
                }
            }
        }
        let mut asked = BTreeSet::new();
        let mut answered = BTreeSet::new();
        let methods = api
            .modules
            .values()
            .flat_map(|module| module.resources.values());
        for method in methods.flat_map(|resource| resource.methods.values()) {
            collect(&types, &method.result, &mut answered);
            for argument in &method.arguments {
                collect(&types, &argument.kind, &mut asked);
            }
        }
        for body in options {
            collect(&types, body, &mut answered);
        }
        // The rest is there for TypeScript, which exports every name that npm `stytch` does.
        types.retain(|name, _| asked.contains(name) || answered.contains(name));
        let words = Words::of(api, &types)?;
        check_names(&types, &words)?;
        Ok(Self {
            api,
            types,
            answered,
            words,
        })
    }

    /// A type's name in Rust, as seen from a product's module.
    pub fn name_of(&self, name: &str, seen_from: Product) -> String {
        let owner = self.types.get(name).map(|(product, _)| *product);
        qualified(&names::type_name(name), owner, seen_from)
    }
}

/// A name with the module before it, unless that is where it is used.
pub fn qualified(name: &str, owner: Option<Product>, seen_from: Product) -> String {
    match owner {
        Some(Product::Shared) if seen_from != Product::Shared => format!("shared::{name}"),
        _ => name.to_owned(),
    }
}

fn module(scope: &Scope<'_>, product: Product) -> Result<String> {
    let mut items: Vec<String> = Vec::new();
    let Some(module) = scope.api.modules.get(&product) else {
        return Ok(String::new());
    };
    items.extend(methods::client(scope, product));
    for (path, resource) in &module.resources {
        items.push(methods::resource(scope, product, path, resource)?);
    }
    for (name, (_, made)) in scope
        .types
        .iter()
        .filter(|(_, (owner, _))| *owner == product)
    {
        items.extend(types::write(scope, product, name, made)?);
    }
    items.extend(scope.words.write(product));
    let body = items.join("\n");
    let macros = ["either", "filter", "object", "request", "words"];
    let used: Vec<&str> = macros
        .into_iter()
        .filter(|name| body.contains(&format!("\n{name}! {{")))
        .collect();
    let shared = if body.contains("shared::") {
        "use super::shared;\n"
    } else {
        ""
    };
    let macros = match used.as_slice() {
        [only] => (*only).to_owned(),
        many => format!("{{{}}}", many.join(", ")),
    };
    let about = match product {
        Product::Consumer => "Requests, answers and methods of the consumer API.",
        Product::B2b => "Requests, answers and methods of the B2B API.",
        Product::Shared => "Requests, answers and methods that both of these have.",
        Product::SamlShield => "Requests, answers and methods of SAML Shield.",
    };
    Ok(format!(
        "// {HEADER}\n\n//! {about}\n\n{shared}use crate::typed::shape::{macros};\n\
         use crate::typed::{{Result, core::Core}};\n\n{body}"
    ))
}

/// Everything a type holds, itself included.
fn collect<'a>(
    types: &BTreeMap<&'a str, (Product, &'a NamedType)>,
    kind: &Type,
    found: &mut BTreeSet<&'a str>,
) {
    match kind {
        Type::Named(name) => {
            if let Some((name, (_, made))) = types.get_key_value(name.as_str())
                && found.insert(name)
            {
                collect(types, &made.body, found);
                // Taken out above so that a circle ends; in again by being there.
            }
        }
        Type::List(inner) | Type::Map(inner) => collect(types, inner, found),
        Type::Object(object) => object
            .fields
            .iter()
            .for_each(|field| collect(types, &field.kind, found)),
        Type::Union(kinds) => kinds.iter().for_each(|kind| collect(types, kind, found)),
        _ => {}
    }
}

/// A function or an iterator of TypeScript's has none, and is written by hand.
fn has_rust_form(kind: &Type) -> bool {
    !matches!(kind, Type::Verbatim(typescript) if typescript != "Date")
}

/// A module is one name space, its resources included, and what is shared is kept apart by its path.
fn check_names(types: &BTreeMap<&str, (Product, &NamedType)>, words: &Words) -> Result<()> {
    let mut taken = BTreeSet::new();
    let types = types
        .iter()
        .map(|(name, (product, _))| (*product, names::type_name(name)));
    for (product, name) in types.chain(words.names()) {
        ensure!(
            taken.insert((product, name.clone())),
            "api/{}: `{name}` would be the Rust name of two types",
            product.folder()
        );
    }
    Ok(())
}
