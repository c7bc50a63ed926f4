//! The client methods of the description: those that make one request, and those that are written by hand.
//!
//! Knows how path, query and body become one argument, and which product a method belongs to. Whether the names fit
//! together is `assemble`'s business.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::document::{LocalMethod, Operation, ParameterPlace};
use super::model::{Argument, Endpoint, Field, Method, NamedType, Object, Product, Route, Type};
use super::operations::{Described, parameters, sentence};
use super::schemas::{Schemas, product_of};
use super::source::{At, ROOT, Source};

/// A method, and where on which product it is found.
pub struct Placed {
    pub product: Product,
    /// Dotted, such as `magicLinks.email.loginOrCreate`.
    pub name: String,
    pub at: At,
    pub method: Method,
}

/// The methods that make the request of one operation, which is the given row.
pub fn remote(
    source: &Source,
    schemas: &mut Schemas<'_>,
    described: &Described<'_>,
    row: usize,
) -> Result<Vec<Placed>> {
    let Described {
        endpoint,
        operation,
        at,
    } = described;
    let product = product_of(at).with_context(|| format!("{at}: in no folder of a product"))?;
    let mut clients: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for note in &operation.methods {
        clients.entry(&note.method).or_default().push(&note.client);
    }
    let Some(first) = operation.methods.first() else {
        return Ok(Vec::new());
    };
    let same = operation
        .methods
        .iter()
        .all(|note| note.arguments == first.arguments);
    ensure!(same, "{at}: its methods name their arguments differently");
    let names: Vec<String> = clients.keys().map(|name| format!("`{name}`")).collect();
    let method = Method {
        description: sentence(&operation.description, at)?,
        arguments: arguments(
            source,
            schemas,
            operation,
            &names.join(" or "),
            &first.arguments,
            at,
        )?,
        result: result(source, schemas, operation, at)?,
        route: Route::Remote { row },
        throws: throws(endpoint),
    };
    clients
        .into_iter()
        .map(|(name, clients)| {
            ensure!(
                clients == product.clients(),
                "{at}: `{name}` is for {clients:?}, but described in {}",
                at.file
            );
            Ok(Placed {
                product,
                name: name.to_owned(),
                at: at.clone(),
                method: method.clone(),
            })
        })
        .collect()
}

/// A method that is written by hand.
pub fn local(
    schemas: &mut Schemas<'_>,
    rows: &[Described<'_>],
    local: &LocalMethod,
    at: At,
) -> Result<Placed> {
    let Some(first) = local.methods.first() else {
        bail!("{at}: no methods")
    };
    let clients: Vec<&str> = local
        .methods
        .iter()
        .map(|name| name.client.as_str())
        .collect();
    let product = Product::ALL
        .into_iter()
        .find(|product| product.clients() == clients);
    let product = product.with_context(|| format!("{at}: no product is for {clients:?}"))?;
    ensure!(
        local.methods.iter().all(|name| name.method == first.method),
        "{at}: its methods have different names"
    );
    let row =
        match &local.calls {
            None => None,
            Some(id) => {
                let row = rows.iter().position(|row| row.endpoint.operation_id == *id);
                Some(row.with_context(|| {
                    format!("{at}/calls: no operation has the operationId `{id}`")
                })?)
            }
        };
    let mut arguments = Vec::new();
    for argument in &local.arguments {
        let kind = schemas.read(&argument.schema, &at.down("arguments").down(&argument.name))?;
        arguments.push(Argument {
            name: argument.name.clone(),
            optional: argument.optional,
            kind,
        });
    }
    let method = Method {
        description: sentence(&local.description, &at)?,
        arguments,
        result: schemas.read(&local.result, &at.down("result"))?,
        route: Route::Local { row },
        throws: local
            .throws
            .iter()
            .map(|(class, when)| (class.clone(), when.clone()))
            .collect(),
    };
    Ok(Placed {
        product,
        name: first.method.clone(),
        at,
        method,
    })
}

/// What a method takes: the fields of the request as one argument, then the options.
fn arguments(
    source: &Source,
    schemas: &mut Schemas<'_>,
    operation: &Operation,
    methods: &str,
    names: &[String],
    at: &At,
) -> Result<Vec<Argument>> {
    let fields = request_fields(source, schemas, operation, at)?;
    ensure!(
        fields.is_empty() || operation.request.is_some(),
        "{at}: takes arguments, but has no x-stytch-request"
    );
    let mut kinds = Vec::new();
    if let Some(name) = &operation.request {
        schemas.add(
            name,
            at,
            arguments_type(format!("What {methods} takes."), fields),
        )?;
        kinds.push((name, false));
    }
    if let Some(name) = &operation.options {
        let says = format!("What {methods} takes beside its arguments.");
        let fields = option_fields(source, schemas)?;
        schemas.add(name, at, arguments_type(says, fields))?;
        kinds.push((name, true));
    }
    ensure!(
        names.len() == kinds.len(),
        "{at}: {} arguments are named and {} described",
        names.len(),
        kinds.len()
    );
    let argument = |(name, (kind, optional)): (&String, (&String, bool))| Argument {
        name: name.clone(),
        optional,
        kind: Type::Named(kind.clone()),
    };
    Ok(names.iter().zip(kinds).map(argument).collect())
}

fn arguments_type(description: String, fields: Vec<Field>) -> NamedType {
    NamedType {
        description,
        body: Type::Object(Object {
            fields,
            open: false,
        }),
    }
}

/// Path, query and body make one argument, in that order.
fn request_fields(
    source: &Source,
    schemas: &mut Schemas<'_>,
    operation: &Operation,
    at: &At,
) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for place in [ParameterPlace::Path, ParameterPlace::Query] {
        for (parameter, at) in parameters(source, operation, place, at)? {
            let description = match &parameter.description {
                Some(description) => description.clone(),
                None => schemas.description(&parameter.schema, &at.down("schema"))?,
            };
            let kind = schemas.read(&parameter.schema, &at.down("schema"))?;
            fields.push(Field {
                name: parameter.name.clone(),
                optional: !parameter.required,
                description,
                kind,
            });
        }
    }
    for (media_type, content) in operation.request_body.iter().flat_map(|body| &body.content) {
        let at = at
            .down("requestBody")
            .down("content")
            .down(media_type)
            .down("schema");
        fields.extend(schemas.fields(&content.schema, &at)?);
    }
    Ok(fields)
}

/// The options that the root describes, once for every method that has them.
fn option_fields(source: &Source, schemas: &mut Schemas<'_>) -> Result<Vec<Field>> {
    let at = At::top(ROOT).down("x-stytch-options");
    let mut fields = Vec::new();
    for (name, schema) in &source.root.options {
        let at = at.down(name);
        let description = schemas.description(schema, &at)?;
        fields.push(Field {
            name: name.clone(),
            optional: true,
            description,
            kind: schemas.read(schema, &at)?,
        });
    }
    Ok(fields)
}

/// What a success answers.
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
    let (status, response) = success.with_context(|| format!("{at}: no answer for success"))?;
    let (response, at) = source.response(response, &at.down(status))?;
    sentence(&response.description, &at)?;
    match response.content.get("application/json") {
        Some(content) => schemas.read(
            &content.schema,
            &at.down("content").down("application/json").down("schema"),
        ),
        None => bail!("{at}: no JSON body"),
    }
}

fn throws(endpoint: &Endpoint) -> Vec<(String, String)> {
    let mut throws = vec![
        (
            "StytchError".to_owned(),
            "when the API refuses the request.".to_owned(),
        ),
        (
            "RequestError".to_owned(),
            "when no usable answer arrives in time.".to_owned(),
        ),
    ];
    let names: Vec<String> = endpoint
        .path_parameters()
        .map(|name| format!("`{name}`"))
        .collect();
    if !names.is_empty() {
        let when = format!(
            "`invalid_argument` when {} cannot stand in a path.",
            names.join(" or ")
        );
        throws.push(("ClientError".to_owned(), when));
    }
    throws
}
