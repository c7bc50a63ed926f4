//! Converts the operations of the description to rows of the endpoint table.
//!
//! Checks that an operation is complete: all placeholders of the path are parameters, host and payload are supported,
//! and a client method sends the request. Of the methods it knows only the names.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};

use super::document::{LocalMethod, Operation, Parameter, ParameterLocation, PathItem};
use super::model::{Authorization, Base, Endpoint, Payload, Verb, placeholders};
use super::retry;
use super::source::{At, Source};

/// A row, with its operation and the position of the operation.
pub struct Described<'a> {
    pub endpoint: Endpoint,
    pub operation: &'a Operation,
    pub at: At,
}

/// Every operation of every resource, in the order of the rows.
pub fn read(source: &Source) -> Result<Vec<Described<'_>>> {
    let mut found = Vec::new();
    let mut known = BTreeMap::new();
    for (file, resource) in &source.resources {
        for (path, item) in &resource.paths {
            let at = At::top(file).down("paths").down(path);
            if let Some(first) = known.insert(shape(path), at.clone()) {
                bail!("{at}: this path is already described at {first}");
            }
            for (verb, operation) in verbs(item) {
                let at = at.down(verb.word().to_lowercase());
                found.push(Described {
                    endpoint: endpoint(source, path, verb, operation, &at)?,
                    operation,
                    at,
                });
            }
        }
    }
    check_operation_ids(&found)?;
    found.sort_by(|left, right| left.endpoint.order().cmp(&right.endpoint.order()));
    Ok(found)
}

/// The parameters in one part of the request, with references resolved.
pub fn parameters<'a>(
    source: &'a Source,
    operation: &'a Operation,
    location: ParameterLocation,
    at: &At,
) -> Result<Vec<(&'a Parameter, At)>> {
    let mut found = Vec::new();
    for (number, parameter) in operation.parameters.iter().enumerate() {
        let (parameter, at) = source.parameter(parameter, &at.down("parameters").down(number))?;
        if parameter.location == Some(location) {
            found.push((parameter, at));
        }
    }
    Ok(found)
}

/// Returns a required description.
pub fn sentence(text: &Option<String>, at: &At) -> Result<String> {
    match text.as_deref().map(str::trim) {
        None | Some("") => bail!("{at}: `description` is required"),
        Some(text) => Ok(text.to_owned()),
    }
}

/// A path without the names of its placeholders. Paths with the same shape match the same requests.
fn shape(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn verbs(item: &PathItem) -> impl Iterator<Item = (Verb, &Operation)> {
    [
        (Verb::Delete, &item.delete),
        (Verb::Get, &item.get),
        (Verb::Post, &item.post),
        (Verb::Put, &item.put),
    ]
    .into_iter()
    .filter_map(|(verb, operation)| Some((verb, operation.as_ref()?)))
}

fn endpoint(
    source: &Source,
    path: &str,
    verb: Verb,
    operation: &Operation,
    at: &At,
) -> Result<Endpoint> {
    ensure!(operation.summary.is_some(), "{at}: `summary` is required");
    sentence(&operation.description, at)?;
    check_path(source, path, operation, at)?;
    check_answers(source, operation, at)?;
    let headers = parameters(source, operation, ParameterLocation::Header, at)?;
    ensure!(
        headers.is_empty() == operation.options.is_none(),
        "{at}: an operation must have both header parameters and x-stytch-options, or neither"
    );
    Ok(Endpoint {
        operation_id: operation.operation_id.clone(),
        method_name: method_name(source, operation, at)?,
        verb,
        path: path.to_owned(),
        base: base(operation, at)?,
        payload: payload(verb, operation, at)?,
        member_session_headers: !headers.is_empty(),
        authorization: authorization(operation, at)?,
        retry: retry::read(operation.retry.as_ref(), verb, at)?,
    })
}

/// The first method in `x-stytch-methods`, or the first hand-written method that calls the operation.
fn method_name(source: &Source, operation: &Operation, at: &At) -> Result<String> {
    let generated = operation.methods.iter().map(|note| &note.method);
    let calls = |local: &&LocalMethod| local.calls.contains(&operation.operation_id);
    let by_hand = source.root.local.iter().filter(calls);
    let by_hand = by_hand
        .flat_map(|local| &local.methods)
        .map(|name| &name.method);
    let Some(name) = generated.chain(by_hand).next() else {
        bail!(
            "{at}: neither an x-stytch-methods nor the `calls` of an x-stytch-local uses this operation; add it to one of them"
        );
    };
    Ok(name.clone())
}

/// Checks that placeholders and path parameters have the same names.
fn check_path(source: &Source, path: &str, operation: &Operation, at: &At) -> Result<()> {
    let declared = parameters(source, operation, ParameterLocation::Path, at)?;
    for (parameter, at) in &declared {
        let written = placeholders(path).any(|name| name == parameter.name);
        ensure!(
            written,
            "{at}: path parameter `{}` is not in the path {path}",
            parameter.name
        );
    }
    for name in placeholders(path) {
        let declared = declared.iter().any(|(parameter, _)| parameter.name == name);
        ensure!(
            declared,
            "{at}: `{name}` is in the path {path}, but is not a path parameter"
        );
    }
    Ok(())
}

/// Checks that every response exists and has a description, error responses included.
fn check_answers(source: &Source, operation: &Operation, at: &At) -> Result<()> {
    for (status, response) in &operation.responses {
        let (response, at) = source.response(response, &at.down("responses").down(status))?;
        sentence(&response.description, &at)?;
    }
    Ok(())
}

fn base(operation: &Operation, at: &At) -> Result<Base> {
    match operation.servers.as_slice() {
        [] => Ok(Base::Auth),
        [server] if server.url == "https://telemetry.stytch.com" => Ok(Base::Fraud),
        [server] if server.url == "https://api.samlshield.com" => Ok(Base::SamlShield),
        _ => bail!(
            "{at}/servers: must be absent, or list either https://telemetry.stytch.com or https://api.samlshield.com"
        ),
    }
}

fn authorization(operation: &Operation, at: &At) -> Result<Authorization> {
    let Some(schemes) = &operation.security else {
        return Ok(Authorization::Basic); // The default of `openapi.yaml`.
    };
    let names: Vec<&str> = schemes
        .iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    match names.as_slice() {
        [] => Ok(Authorization::None),
        ["project"] => Ok(Authorization::Basic),
        ["public_token"] => Ok(Authorization::Bearer),
        _ => bail!(
            "{at}/security: the schemes {names:?} are not supported; accepted are [], [project] and [public_token]"
        ),
    }
}

fn payload(verb: Verb, operation: &Operation, at: &At) -> Result<Payload> {
    let Some(body) = &operation.request_body else {
        return Ok(if verb == Verb::Get {
            Payload::Query
        } else {
            Payload::Json
        });
    };
    ensure!(
        verb != Verb::Get,
        "{at}/requestBody: a GET request cannot have a body"
    );
    match body
        .content
        .keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["application/json"] => Ok(Payload::Json),
        ["application/x-www-form-urlencoded"] => Ok(Payload::Form),
        other => bail!(
            "{at}/requestBody: the media types {other:?} are not supported; use either application/json or application/x-www-form-urlencoded"
        ),
    }
}

fn check_operation_ids(found: &[Described<'_>]) -> Result<()> {
    let mut known = BTreeMap::new();
    for Described { endpoint, at, .. } in found {
        if let Some(first) = known.insert(&endpoint.operation_id, at) {
            bail!(
                "{at}: the operationId `{}` is already used at {first}",
                endpoint.operation_id
            );
        }
    }
    Ok(())
}
