//! Puts rows, methods and types together into one model, and checks what only the whole can show.
//!
//! Knows that names are unique, that every class is described and that every class hangs on another.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use super::methods::{self, Placed};
use super::model::{Api, Module, Product, Resource, Route};
use super::operations::{self, Described, sentence};
use super::schemas::{Schemas, product_of};
use super::source::{At, ROOT, Source, Target};

/// The model of a description.
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
    check_calls(&rows, &methods)?;
    read_components(source, &mut schemas)?;
    let mut modules: BTreeMap<Product, Module> = BTreeMap::new();
    for product in Product::ALL {
        modules.entry(product).or_default().resources = resources(source, product)?;
    }
    let mut taken: BTreeMap<(&str, String), At> = BTreeMap::new();
    for Placed {
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
        let (path, last) = name
            .rsplit_once('.')
            .with_context(|| format!("{at}: `{name}` is on no resource"))?;
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

/// A request that no method makes would be described and never sent.
fn check_calls(rows: &[Described<'_>], methods: &[Placed]) -> Result<()> {
    let mut called = BTreeSet::new();
    for Placed { method, .. } in methods {
        match &method.route {
            Route::Remote { row } => called.extend([*row]),
            Route::Local { calls } => called.extend(calls),
        }
    }
    for (row, described) in rows.iter().enumerate() {
        ensure!(
            called.contains(&row),
            "{}: neither a method nor the `calls` of an x-stytch-local makes this request",
            described.at
        );
    }
    Ok(())
}

/// The types that no method takes or gives are types all the same. Only the bodies of refusals are none: they reach
/// callers as errors, whose classes are written by hand.
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

/// The classes of a product, each hung on the one above it.
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
                "{at}: described twice"
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
            format!("api/{}: the class of `{parent}.{property}` is described, that of `{parent}` is not", product.folder())
        })?;
        resource.children.insert(property, class);
    }
    Ok(resources)
}

/// The names in one declaration file are one name space, and shared names are seen from the other two.
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
                    "api/{}: `{name}` is the name of two things",
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
