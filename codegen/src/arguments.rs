//! What client methods take: path, query and body as one argument, and the options as another.
//!
//! Knows which types that makes and who takes them; the methods themselves are `methods`' business.

use anyhow::{Result, ensure};

use super::document::{Operation, ParameterPlace};
use super::model::{Argument, Field, Object, Type};
use super::operations::parameters;
use super::schemas::Schemas;
use super::source::{At, ROOT, Source};

/// The arguments of the methods that make one request. `names` are those of the arguments, `method` is dotted.
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
        "{at}: takes arguments, but has no x-stytch-request"
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
        "{at}: {} arguments are named and {} described",
        names.len(),
        kinds.len()
    );
    let mut arguments = Vec::new();
    for (name, (kind, fields, optional)) in names.iter().zip(kinds) {
        let taken_by = format!("`{method}` takes as `{name}`");
        schemas.add_argument(
            kind,
            &taken_by,
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

/// Path, query and body make one argument, in that order.
pub fn request_fields(
    source: &Source,
    schemas: &mut Schemas<'_>,
    operation: &Operation,
    at: &At,
) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for place in [ParameterPlace::Path, ParameterPlace::Query] {
        for (parameter, at) in parameters(source, operation, place, at)? {
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

/// The options that the root describes, once for every method that has them.
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
