//! The arguments of client methods: path, query and body as one argument, and the options as another.
//!
//! Knows the types of the arguments and the methods that accept them. The rest of a method is in `methods`.

use anyhow::{Result, ensure};

use super::document::{Operation, ParameterLocation};
use super::model::{Argument, Field, Object, Type};
use super::operations::parameters;
use super::schemas::Schemas;
use super::source::{At, ROOT, Source};

/// Reads the arguments of a method that sends one request. `names` are the names of the arguments; `method` is the
/// dotted name of the method.
pub fn read(
    source: &Source,
    schemas: &mut Schemas<'_>,
    operation: &Operation,
    (method, names): (&str, &[String]),
    at: &At,
) -> Result<Vec<Argument>> {
    let request = request_fields(source, schemas, operation, at)?;
    let is_named = request.is_empty() || operation.request.is_some();
    ensure!(
        is_named,
        "{at}: an operation with parameters or a body needs x-stytch-request, the name of the argument's type"
    );
    let mut kinds = Vec::new();
    if let Some(kind) = &operation.request {
        kinds.push((kind, request, false));
    }
    if let Some(kind) = &operation.options {
        kinds.push((kind, option_fields(source, schemas)?, true));
    }
    ensure!(
        names.len() == kinds.len(),
        "{at}: `arguments` of `{method}` has {} names, but x-stytch-request and x-stytch-options describe {} arguments",
        names.len(),
        kinds.len()
    );
    let mut arguments = Vec::new();
    for (name, (kind, fields, optional)) in names.iter().zip(kinds) {
        let accepted_by = format!("`{name}` of `{method}`");
        schemas.add_argument(
            kind,
            &accepted_by,
            Object {
                fields,
                open: false,
            },
            at,
        )?;
        arguments.push(Argument {
            name: name.clone(),
            optional,
            kind: Type::Named(kind.clone()),
        });
    }
    Ok(arguments)
}

/// The fields of the first argument: path, query and body, in that order.
pub fn request_fields(
    source: &Source,
    schemas: &mut Schemas<'_>,
    operation: &Operation,
    at: &At,
) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for location in [ParameterLocation::Path, ParameterLocation::Query] {
        for (parameter, at) in parameters(source, operation, location, at)? {
            let kind = schemas.read(&parameter.schema, &at.down("schema"))?;
            let description = match &parameter.description {
                Some(description) => description.clone(),
                None => schemas.description(&parameter.schema, &at.down("schema"))?,
            };
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

/// The fields of the options argument. The root file describes them for all methods.
fn option_fields(source: &Source, schemas: &mut Schemas<'_>) -> Result<Vec<Field>> {
    let at = At::top(ROOT).down("x-stytch-options");
    let mut fields = Vec::new();
    for (name, schema) in &source.root.options {
        let at = at.down(name);
        let kind = schemas.read(schema, &at)?;
        let description = schemas.description(schema, &at)?;
        fields.push(Field {
            name: name.clone(),
            optional: true,
            description,
            kind,
        });
    }
    Ok(fields)
}
