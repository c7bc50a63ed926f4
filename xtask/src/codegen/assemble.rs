//! Puts rows, methods and types together into one model, and checks what only the whole can show.
//!
//! Knows that names are unique, that every class is described and that every class hangs on another.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use super::document::LocalMethod;
use super::model::{Api, Argument, Endpoint, Method, Module, Product, Resource, Route};
use super::operations::{self, Placed, sentence};
use super::schemas::{Schemas, product_of};
use super::source::{At, ROOT, Source};

/// The model of a description.
pub fn api(source: &Source) -> Result<Api> {
    let mut schemas = Schemas::new(source);
    let operations = operations::read(source, &mut schemas)?;
    let mut methods = operations.methods;
    for (number, local) in source.root.local.iter().enumerate() {
        let at = At::top(ROOT).down("x-stytch-local").down(number);
        methods.push(local_method(&mut schemas, &operations.endpoints, local, at)?);
    }
    let mut modules: BTreeMap<Product, Module> = BTreeMap::new();
    for product in Product::ALL {
        modules.entry(product).or_default().resources = resources(source, product)?;
    }
    let mut taken: BTreeMap<(&str, String), At> = BTreeMap::new();
    for Placed { product, name, at, method } in methods {
        for client in product.clients() {
            if let Some(first) = taken.insert((client, name.clone()), at.clone()) {
                bail!("{at}: `{name}` of {client} is already described at {first}");
            }
        }
        let (path, last) = name.rsplit_once('.').with_context(|| format!("{at}: `{name}` is on no resource"))?;
        let resource = modules.entry(product).or_default().resources.get_mut(path);
        let resource = resource.with_context(|| {
            format!("{at}: the class of `{path}` is not described in an x-stytch-resources of api/{}", product.folder())
        })?;
        resource.methods.insert(last.to_owned(), method);
    }
    for (product, name, made) in schemas.into_types()? {
        modules.entry(product).or_default().types.insert(name, made);
    }
    check_names(&modules)?;
    Ok(Api { endpoints: operations.endpoints, modules })
}

fn local_method(schemas: &mut Schemas<'_>, endpoints: &[Endpoint], local: &LocalMethod, at: At) -> Result<Placed> {
    let [first, ..] = local.methods.as_slice() else { bail!("{at}: no methods") };
    let clients: Vec<&str> = local.methods.iter().map(|name| name.client.as_str()).collect();
    let product = Product::ALL.into_iter().find(|product| product.clients() == clients);
    let product = product.with_context(|| format!("{at}: no product is for {clients:?}"))?;
    ensure!(local.methods.iter().all(|name| name.method == first.method), "{at}: its methods have different names");
    let row = match &local.calls {
        None => None,
        Some(id) => {
            let row = endpoints.iter().position(|endpoint| endpoint.operation_id == *id);
            Some(row.with_context(|| format!("{at}/calls: no operation has the operationId `{id}`"))?)
        }
    };
    let mut arguments = Vec::new();
    for argument in &local.arguments {
        let kind = schemas.read(&argument.schema, &at.down("arguments").down(&argument.name))?;
        arguments.push(Argument { name: argument.name.clone(), optional: argument.optional, kind });
    }
    let method = Method {
        description: sentence(&local.description, &at)?,
        arguments,
        result: schemas.read(&local.result, &at.down("result"))?,
        route: Route::Local { row },
        throws: local.throws.iter().map(|(class, when)| (class.clone(), when.clone())).collect(),
    };
    Ok(Placed { product, name: first.method.clone(), at, method })
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
            ensure!(resources.insert(path.clone(), made).is_none(), "{at}: described twice");
        }
    }
    let nested: Vec<(String, String, String)> = resources
        .iter()
        .filter_map(|(path, resource)| {
            let (parent, property) = path.rsplit_once('.')?;
            Some((parent.to_owned(), property.to_owned(), resource.class.clone()))
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
        for module in modules.iter().filter(|(other, _)| product.may_use(**other)).map(|(_, module)| module) {
            let classes = module.resources.values().map(|resource| &resource.class);
            for name in module.types.keys().chain(classes) {
                ensure!(taken.insert(name), "api/{}: `{name}` is the name of two things", product.folder());
            }
            for (path, resource) in &module.resources {
                let is_empty = resource.methods.is_empty() && resource.children.is_empty();
                ensure!(!is_empty, "api/{}: the class of `{path}` has no methods", product.folder());
            }
        }
    }
    Ok(())
}
