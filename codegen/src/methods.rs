//! The client methods of the description: methods that send one request, and hand-written methods.
//!
//! Knows the product of a method, its result and the errors that it throws. Its arguments are read in `arguments`;
//! `assemble` checks that names are unique.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::arguments;
use super::document::{LocalMethod, Operation};
use super::model::{Argument, Endpoint, Method, Product, Route, Type};
use super::operations::{Described, sentence};
use super::schemas::{Schemas, outside_of_products, product_of};
use super::source::{At, Source};

/// A method with its product, its name and its position in the description.
pub struct NamedMethod {
    pub product: Product,
    /// Dotted, such as `magicLinks.email.loginOrCreate`.
    pub name: String,
    pub at: At,
    pub method: Method,
}

/// The methods that send the request of one operation. `row` is its row number.
pub fn remote(
    source: &Source,
    schemas: &mut Schemas<'_>,
    described: &Described<'_>,
    row: usize,
) -> Result<Vec<NamedMethod>> {
    let Described {
        endpoint,
        operation,
        at,
    } = described;
    let product = product_of(at).with_context(|| outside_of_products(at))?;
    // Read even if no method needs them, so that every operation is checked completely.
    arguments::request_fields(source, schemas, operation, at)?;
    let result = result(source, schemas, operation, at)?;
    let mut by_name: BTreeMap<&str, (Vec<&str>, &[String])> = BTreeMap::new();
    for note in &operation.methods {
        let (clients, names) = by_name
            .entry(&note.method)
            .or_insert((Vec::new(), &note.arguments));
        clients.push(&note.client);
        ensure!(
            *names == note.arguments,
            "{at}: x-stytch-methods lists `{}` with different `arguments`; they must be the same for all clients",
            note.method
        );
    }
    let mut methods = Vec::new();
    for (name, (clients, names)) in by_name {
        ensure!(
            clients == product.clients(),
            "{at}: x-stytch-methods lists `{name}` for the clients {clients:?}, but a method in api/{} must be listed for {:?}",
            product.folder(),
            product.clients()
        );
        let method = Method {
            description: sentence(&operation.description, at)?,
            arguments: arguments::read(source, schemas, operation, (name, names), at)?,
            result: result.clone(),
            is_async: true,
            ours: false,
            calls_from_typescript: false,
            route: Route::Remote { row },
            throws: throws(endpoint),
        };
        methods.push(NamedMethod {
            product,
            name: name.to_owned(),
            at: at.clone(),
            method,
        });
    }
    Ok(methods)
}

/// A hand-written method.
pub fn local(
    schemas: &mut Schemas<'_>,
    rows: &[Described<'_>],
    local: &LocalMethod,
    at: At,
) -> Result<NamedMethod> {
    let Some(first) = local.methods.first() else {
        bail!("{at}/methods: list at least one client and method")
    };
    let clients: Vec<&str> = local
        .methods
        .iter()
        .map(|name| name.client.as_str())
        .collect();
    let product = Product::ALL
        .into_iter()
        .find(|product| product.clients() == clients);
    let product = product.with_context(|| {
        let accepted = Product::ALL.map(Product::clients);
        format!("{at}/methods: no product has the clients {clients:?}; accepted are {accepted:?}")
    })?;
    ensure!(
        local.methods.iter().all(|name| name.method == first.method),
        "{at}/methods: all entries must have the same `method`"
    );
    let mut calls = Vec::new();
    for id in &local.calls {
        let row = rows.iter().position(|row| row.endpoint.operation_id == *id);
        calls.push(
            row.with_context(|| format!("{at}/calls: no operation has the operationId `{id}`"))?,
        );
    }
    let mut arguments = Vec::new();
    for argument in &local.arguments {
        let at = at.down("arguments").down(&argument.name);
        let kind = match (&argument.schema, &argument.request) {
            (Some(schema), None) => schemas.read_described(schema, &at)?,
            (None, Some(request)) => {
                let accepted_by = format!("`{}` of `{}`", argument.name, first.method);
                schemas.share_argument(request, product, &accepted_by, &at)?
            }
            _ => bail!("{at}: must have either `schema` or `request`"),
        };
        arguments.push(Argument {
            name: argument.name.clone(),
            optional: argument.optional,
            kind,
        });
    }
    let method = Method {
        description: sentence(&local.description, &at)?,
        arguments,
        result: schemas.read_described(&local.result, &at.down("result"))?,
        is_async: local.is_async,
        ours: local.ours,
        calls_from_typescript: local.calls_from_typescript,
        route: Route::Local { calls },
        throws: local
            .throws
            .iter()
            .map(|(class, when)| (class.clone(), when.clone()))
            .collect(),
    };
    Ok(NamedMethod {
        product,
        name: first.method.clone(),
        at,
        method,
    })
}

/// The type of a successful response.
fn result(
    source: &Source,
    schemas: &mut Schemas<'_>,
    operation: &Operation,
    at: &At,
) -> Result<Type> {
    let at = at.down("responses");
    let success = operation
        .responses
        .iter()
        .find(|(status, _)| status.starts_with('2'));
    let (status, response) =
        success.with_context(|| format!("{at}: a response with a 2xx status is required"))?;
    let (response, at) = source.response(response, &at.down(status))?;
    sentence(&response.description, &at)?;
    match response.content.get("application/json") {
        Some(content) => schemas.read(
            &content.schema,
            &at.down("content").down("application/json").down("schema"),
        ),
        None => bail!("{at}: `content` must have `application/json`"),
    }
}

fn throws(endpoint: &Endpoint) -> Vec<(String, String)> {
    let mut throws = vec![
        (
            "StytchError".to_owned(),
            "if the API refuses the request.".to_owned(),
        ),
        (
            "RequestError".to_owned(),
            "if no usable response arrives in time.".to_owned(),
        ),
    ];
    let names: Vec<String> = endpoint
        .path_parameters()
        .map(|name| format!("`{name}`"))
        .collect();
    if !names.is_empty() {
        let when = format!(
            "`invalid_argument` if {} cannot be a part of a path.",
            names.join(" or ")
        );
        throws.push(("ClientError".to_owned(), when));
    }
    throws
}
