//! Combines rows, methods and types in one model, and checks the rules that concern more than one of them.
//!
//! Checks that names are unique, and that every class and its parent class are described.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use super::methods::{self, NamedMethod};
use super::model::{Api, Module, Product, Resource};
use super::operations::{self, sentence};
use super::schemas::{Schemas, product_of};
use super::source::{At, ROOT, Source, Target};

/// Builds the model of a description.
pub fn api(source: &Source) -> Result<Api> {
    let mut schemas = Schemas::new(source);
    let rows = operations::read(source)?;
    let mut methods = Vec::new();
    for (row, described) in rows.iter().enumerate() {
        methods.extend(methods::remote(source, &mut schemas, described, row)?);
    }
    for (number, local) in source.root.local.iter().enumerate() {
        let at = At::top(ROOT).down("x-stytch-local").down(number);
        methods.push(methods::local(&mut schemas, &rows, local, at)?);
    }
    read_components(source, &mut schemas)?;
    let mut modules: BTreeMap<Product, Module> = BTreeMap::new();
    for product in Product::ALL {
        modules.entry(product).or_default().resources = resources(source, product)?;
    }
    let mut taken: BTreeMap<(&str, String), At> = BTreeMap::new();
    for NamedMethod {
        product,
        name,
        at,
        method,
    } in methods
    {
        for client in product.clients() {
            if let Some(first) = taken.insert((client, name.clone()), at.clone()) {
                bail!("{at}: `{name}` of {client} is already described at {first}");
            }
        }
        let (path, last) = name.rsplit_once('.').with_context(|| {
            format!("{at}: the method `{name}` must have the form `resource.method`")
        })?;
        let resource = modules.entry(product).or_default().resources.get_mut(path);
        let resource = resource.with_context(|| {
            format!(
                "{at}: the class of `{path}` is not described in an x-stytch-resources of api/{}",
                product.folder()
            )
        })?;
        resource.methods.insert(last.to_owned(), method);
    }
    for (product, name, made) in schemas.into_types()? {
        modules.entry(product).or_default().types.insert(name, made);
    }
    check_names(&modules)?;
    Ok(Api {
        endpoints: rows.into_iter().map(|row| row.endpoint).collect(),
        modules,
        word_lists: source.word_lists(),
    })
}

/// Reads the types in `components` that no method uses. Skips the bodies of refusals: callers receive them as errors,
/// whose classes are written by hand.
fn read_components(source: &Source, schemas: &mut Schemas<'_>) -> Result<()> {
    for (file, resource) in &source.resources {
        let at = At::top(file).down("components");
        let mut refusals = Vec::new();
        for content in resource
            .components
            .responses
            .values()
            .flat_map(|response| response.content.values())
        {
            if let Some(reference) = &content.schema.reference
                && let Target::Named { name, .. } = source.schema(reference, &at)?
            {
                refusals.push(name);
            }
        }
        for name in resource.components.schemas.keys() {
            if !refusals.contains(&name.as_str()) {
                schemas.read_named(name, &at)?;
            }
        }
    }
    Ok(())
}

/// The classes of a product, each entered in its parent.
fn resources(source: &Source, product: Product) -> Result<BTreeMap<String, Resource>> {
    let mut resources = BTreeMap::new();
    for (file, resource_file) in &source.resources {
        for (path, note) in &resource_file.resources {
            let at = At::top(file).down("x-stytch-resources").down(path);
            if product_of(&at) != Some(product) {
                continue;
            }
            let made = Resource {
                class: note.class.clone(),
                description: sentence(&note.description, &at)?,
                methods: BTreeMap::new(),
                children: BTreeMap::new(),
            };
            ensure!(
                resources.insert(path.clone(), made).is_none(),
                "{at}: another file describes this resource too; remove one of them"
            );
        }
    }
    let nested: Vec<(String, String, String)> = resources
        .iter()
        .filter_map(|(path, resource)| {
            let (parent, property) = path.rsplit_once('.')?;
            Some((
                parent.to_owned(),
                property.to_owned(),
                resource.class.clone(),
            ))
        })
        .collect();
    for (parent, property, class) in nested {
        let resource = resources.get_mut(&parent).with_context(|| {
            format!("api/{}: an x-stytch-resources describes `{parent}.{property}`, but none describes `{parent}`", product.folder())
        })?;
        resource.children.insert(property, class);
    }
    Ok(resources)
}

/// The names in one declaration file are one namespace. Consumer and B2B files also use the shared names.
fn check_names(modules: &BTreeMap<Product, Module>) -> Result<()> {
    for product in Product::ALL {
        let mut taken = BTreeSet::new();
        for module in modules
            .iter()
            .filter(|(other, _)| product.may_use(**other))
            .map(|(_, module)| module)
        {
            let classes = module.resources.values().map(|resource| &resource.class);
            for name in module.types.keys().chain(classes) {
                ensure!(
                    taken.insert(name),
                    "api/{}: `{name}` is the name of two types or classes; rename one",
                    product.folder()
                );
            }
            for (path, resource) in &module.resources {
                let is_empty = resource.methods.is_empty() && resource.children.is_empty();
                ensure!(
                    !is_empty,
                    "api/{}: the class of `{path}` has no methods",
                    product.folder()
                );
            }
        }
    }
    Ok(())
}
