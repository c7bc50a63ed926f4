//! Writes `src/generated/<product>.rs`: the typed requests, responses and methods for Rust callers.
//!
//! Decides which module contains a type, and which types must be deserialized. The macros of `src/typed/shape.rs`
//! define the types, so the generated text consists of names, fields and words.

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

/// Writes the modules of all products, by path below the project's root, and samples of their types for the tests.
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

/// The data that all parts of the output need.
pub struct Scope<'a> {
    pub api: &'a Api,
    /// The types to write, each with its product.
    pub types: BTreeMap<&'a str, (Product, &'a NamedType)>,
    /// The types that a response may contain.
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
        let mut requested = BTreeSet::new();
        let mut answered = BTreeSet::new();
        let methods = api
            .modules
            .values()
            .flat_map(|module| module.resources.values());
        for method in methods.flat_map(|resource| resource.methods.values()) {
            collect(&types, &method.result, &mut answered);
            for argument in &method.arguments {
                collect(&types, &argument.kind, &mut requested);
            }
        }
        for body in options {
            collect(&types, body, &mut answered);
        }
        // The other types are only for TypeScript, which exports every name that npm `stytch` exports.
        types.retain(|name, _| requested.contains(name) || answered.contains(name));
        let words = Words::of(api, &types)?;
        check_names(&types, &words)?;
        Ok(Self {
            api,
            types,
            answered,
            words,
        })
    }

    /// The path of a type in Rust, as used in a product's module.
    pub fn name_of(&self, name: &str, seen_from: Product) -> String {
        let owner = self.types.get(name).map(|(product, _)| *product);
        qualified(&names::type_name(name), owner, seen_from)
    }
}

/// A name. If it is in another module than the one that uses it, it is preceded by its module.
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
        Product::Consumer => "Requests, responses and methods of the consumer API.",
        Product::B2b => "Requests, responses and methods of the B2B API.",
        Product::Shared => "Requests, responses and methods of both the consumer and the B2B API.",
        Product::SamlShield => "Requests, responses and methods of SAML Shield.",
    };
    Ok(format!(
        "// {HEADER}\n\n//! {about}\n\n{shared}use crate::typed::shape::{macros};\n\
         use crate::typed::{{Result, core::Core}};\n\n{body}"
    ))
}

/// Collects the named types that a type contains, itself included.
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

/// Whether a type can be generated in Rust. Functions and iterators of TypeScript are written by hand.
fn has_rust_form(kind: &Type) -> bool {
    !matches!(kind, Type::Verbatim(typescript) if typescript != "Date")
}

/// Checks that names are unique within a module. Shared types are referred to by their path, so they cannot collide.
fn check_names(types: &BTreeMap<&str, (Product, &NamedType)>, words: &Words) -> Result<()> {
    let mut taken = BTreeSet::new();
    let types = types
        .iter()
        .map(|(name, (product, _))| (*product, names::type_name(name)));
    for (product, name) in types.chain(words.names()) {
        ensure!(
            taken.insert((product, name.clone())),
            "api/{}: two types would have the name `{name}` in Rust; rename one",
            product.folder()
        );
    }
    Ok(())
}
