//! Operations of the description, understood as endpoint rows and client methods.
//!
//! Knows what a complete operation is: a description, a path whose placeholders are all parameters, arguments that its
//! methods take, an answer. What its schemas mean is `schemas`'s business.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use super::document::{Operation, Parameter, ParameterPlace, PathItem, Schema};
use super::model::{
    Argument, Base, Endpoint, Field, Method, NamedType, Object, Payload, Product, Route, Type, Verb, placeholders,
};
use super::schemas::{Schemas, product_of};
use super::source::{At, ROOT, Source};

/// A method, and where on which product it is found.
pub struct Placed {
    pub product: Product,
    pub name: String,
    pub at: At,
    pub method: Method,
}

/// Everything that the paths say.
pub struct Operations {
    pub endpoints: Vec<Endpoint>,
    pub methods: Vec<Placed>,
}

/// Reads every path that the root lists.
pub fn read(source: &Source, schemas: &mut Schemas<'_>) -> Result<Operations> {
    let mut found = Vec::new();
    let mut listed = BTreeSet::new();
    for (path, link) in &source.root.paths {
        let from = At::top(ROOT).down("paths").down(path);
        let (item, at) = source.path_item(&link.reference, &from)?;
        ensure!(at == At::top(&at.file).down("paths").down(path), "{from}: leads to another path, {at}");
        listed.insert((at.file.clone(), path.clone()));
        for (verb, operation) in verbs(item) {
            let at = at.down(verb.word().to_lowercase());
            found.push((endpoint(source, path, verb, operation, &at)?, operation, at));
        }
    }
    check_all_listed(source, &listed)?;
    found.sort_by(|(left, ..), (right, ..)| (&left.path, left.verb).cmp(&(&right.path, right.verb)));
    let mut methods = Vec::new();
    for (row, (endpoint, operation, at)) in found.iter().enumerate() {
        methods.extend(client_methods(source, schemas, row, endpoint, operation, at)?);
    }
    let endpoints: Vec<Endpoint> = found.into_iter().map(|(endpoint, ..)| endpoint).collect();
    check_operation_ids(&endpoints)?;
    Ok(Operations { endpoints, methods })
}

fn verbs(item: &PathItem) -> impl Iterator<Item = (Verb, &Operation)> {
    [(Verb::Delete, &item.delete), (Verb::Get, &item.get), (Verb::Post, &item.post), (Verb::Put, &item.put)]
        .into_iter()
        .filter_map(|(verb, operation)| Some((verb, operation.as_ref()?)))
}

fn endpoint(source: &Source, path: &str, verb: Verb, operation: &Operation, at: &At) -> Result<Endpoint> {
    let in_path: BTreeSet<&str> = placeholders(path).collect();
    for parameter in &operation.parameters {
        let (parameter, at) = source.parameter(parameter, at)?;
        let name = parameter.name.as_str();
        let is_path = parameter.place == Some(ParameterPlace::Path);
        ensure!(!is_path || in_path.contains(name), "{at}: path parameter `{name}` is not in the path {path}");
    }
    for name in in_path {
        let declared = parameters(source, operation, ParameterPlace::Path, at)?;
        ensure!(declared.iter().any(|(parameter, _)| parameter.name == name), "{at}: `{{{name}}}` is no parameter");
    }
    let headers = parameters(source, operation, ParameterPlace::Header, at)?;
    ensure!(
        headers.is_empty() != operation.options.is_some(),
        "{at}: x-stytch-options and the headers it stands for go together"
    );
    let base = match operation.servers.as_slice() {
        [] => Base::Auth,
        [server] if server.url == "https://telemetry.stytch.com" => Base::Fraud,
        _ => bail!("{at}: no base is known for these servers"),
    };
    Ok(Endpoint {
        operation_id: operation.operation_id.clone(),
        verb,
        path: path.to_owned(),
        base,
        payload: payload(verb, operation, at)?,
        member_session_headers: !headers.is_empty(),
        basic_auth: operation.security.as_ref().is_none_or(|schemes| !schemes.is_empty()),
    })
}

fn payload(verb: Verb, operation: &Operation, at: &At) -> Result<Payload> {
    let Some(body) = &operation.request_body else {
        return Ok(if verb == Verb::Get { Payload::Query } else { Payload::Json });
    };
    ensure!(verb != Verb::Get, "{at}: a GET has no body");
    match body.content.keys().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["application/json"] => Ok(Payload::Json),
        ["application/x-www-form-urlencoded"] => Ok(Payload::Form),
        other => bail!("{at}/requestBody: no payload is known for {other:?}"),
    }
}

/// The methods that make the request of an operation.
fn client_methods(
    source: &Source,
    schemas: &mut Schemas<'_>,
    row: usize,
    endpoint: &Endpoint,
    operation: &Operation,
    at: &At,
) -> Result<Vec<Placed>> {
    sentence(&operation.summary, at).with_context(|| format!("{at}: no summary"))?;
    let description = sentence(&operation.description, at)?;
    let product = product_of(at).with_context(|| format!("{at}: in no folder of a product"))?;
    let result = result(source, schemas, operation, at)?;
    let request = request(source, schemas, operation, at)?;
    let throws = throws(endpoint);
    let mut methods: BTreeMap<String, (Vec<&str>, Method)> = BTreeMap::new();
    for (number, note) in operation.methods.iter().enumerate() {
        let at = at.down("x-stytch-methods").down(number);
        let mut arguments = Vec::new();
        for (place, name) in note.arguments.iter().enumerate() {
            let (kind, optional) = match (place, &request, &operation.options) {
                (0, Some(request), _) => (request.clone(), false),
                (1, _, Some(options)) => (Type::Named(options.clone()), true),
                _ => bail!("{at}: nothing says what the argument `{name}` is"),
            };
            arguments.push(Argument { name: name.clone(), optional, kind });
        }
        let takes = usize::from(request.is_some()) + usize::from(operation.options.is_some());
        ensure!(arguments.len() == takes, "{at}: {} arguments are named and {takes} described", arguments.len());
        let made = Method {
            description: description.clone(),
            arguments,
            result: result.clone(),
            route: Route::Remote { row },
            throws: throws.clone(),
        };
        let (clients, _) = methods.entry(note.method.clone()).or_insert((Vec::new(), made));
        clients.push(&note.client);
    }
    if let Some(options) = &operation.options {
        let fields = option_fields(source, schemas)?;
        let of = methods.keys().next().cloned().unwrap_or_default();
        add_arguments(schemas, options, &format!("What `{of}` takes beside its arguments."), fields, at)?;
    }
    if let (Some(Type::Named(name)), false) = (&request, methods.is_empty()) {
        let fields = request_fields(source, schemas, operation, at)?;
        add_arguments(schemas, name, &format!("What {} takes.", quoted(methods.keys())), fields, at)?;
    }
    methods
        .into_iter()
        .map(|(name, (clients, method))| {
            ensure!(clients == product.clients(), "{at}: `{name}` is for {clients:?}, but described in {}", at.file);
            Ok(Placed { product, name, at: at.clone(), method })
        })
        .collect()
}

fn request(source: &Source, _: &mut Schemas<'_>, operation: &Operation, at: &At) -> Result<Option<Type>> {
    let takes_something = operation.request_body.is_some()
        || !parameters(source, operation, ParameterPlace::Path, at)?.is_empty()
        || !parameters(source, operation, ParameterPlace::Query, at)?.is_empty();
    match &operation.request {
        Some(name) => Ok(Some(Type::Named(name.clone()))),
        None if takes_something => bail!("{at}: takes arguments, but has no x-stytch-request"),
        None => Ok(None),
    }
}

/// Path, query and body make one argument, in that order.
fn request_fields(source: &Source, schemas: &mut Schemas<'_>, operation: &Operation, at: &At) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for place in [ParameterPlace::Path, ParameterPlace::Query] {
        for (parameter, at) in parameters(source, operation, place, at)? {
            let description = match &parameter.description {
                Some(description) => description.clone(),
                None => schemas.description(&parameter.schema, &at.down("schema"))?,
            };
            let kind = schemas.read(&parameter.schema, &at.down("schema"))?;
            fields.push(Field { name: parameter.name.clone(), optional: !parameter.required, description, kind });
        }
    }
    let content = operation.request_body.iter().flat_map(|body| &body.content);
    for (media_type, content) in content {
        let at = at.down("requestBody").down("content").down(media_type).down("schema");
        fields.extend(schemas.fields(&content.schema, &at)?);
    }
    Ok(fields)
}

fn option_fields(source: &Source, schemas: &mut Schemas<'_>) -> Result<Vec<Field>> {
    let at = At::top(ROOT).down("x-stytch-options");
    let read = |(name, schema): (&String, &Schema)| {
        let at = at.down(name);
        let description = schemas.description(schema, &at)?;
        Ok(Field { name: name.clone(), optional: true, description, kind: schemas.read(schema, &at)? })
    };
    source.root.options.iter().map(read).collect()
}

fn add_arguments(schemas: &mut Schemas<'_>, name: &str, says: &str, fields: Vec<Field>, at: &At) -> Result<()> {
    let body = Type::Object(Object { fields, open: false });
    schemas.add(name, at, NamedType { description: says.to_owned(), body })
}

/// What a success answers.
fn result(source: &Source, schemas: &mut Schemas<'_>, operation: &Operation, at: &At) -> Result<Type> {
    let at = at.down("responses");
    let (status, response) = operation
        .responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))
        .with_context(|| format!("{at}: no answer for success"))?;
    let (response, at) = source.response(response, &at.down(status))?;
    sentence(&response.description, &at)?;
    match response.content.get("application/json") {
        Some(content) => schemas.read(&content.schema, &at.down("content").down("application/json").down("schema")),
        None => bail!("{at}: no JSON body"),
    }
}

fn parameters<'a>(
    source: &'a Source,
    operation: &'a Operation,
    place: ParameterPlace,
    at: &At,
) -> Result<Vec<(&'a Parameter, At)>> {
    let mut found = Vec::new();
    for (number, parameter) in operation.parameters.iter().enumerate() {
        let (parameter, at) = source.parameter(parameter, &at.down("parameters").down(number))?;
        if parameter.place == Some(place) {
            found.push((parameter, at));
        }
    }
    Ok(found)
}

fn throws(endpoint: &Endpoint) -> Vec<(String, String)> {
    let mut throws = vec![
        ("StytchError".to_owned(), "when the API refuses the request.".to_owned()),
        ("RequestError".to_owned(), "when no usable answer arrives in time.".to_owned()),
    ];
    let names = quoted(endpoint.path_parameters());
    if !names.is_empty() {
        throws.push(("ClientError".to_owned(), format!("`invalid_argument` when {names} cannot stand in a path.")));
    }
    throws
}

fn quoted(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(" or ")
}

/// A description that must be there.
pub fn sentence(text: &Option<String>, at: &At) -> Result<String> {
    match text.as_deref().map(str::trim) {
        None | Some("") => bail!("{at}: no description"),
        Some(text) => Ok(text.to_owned()),
    }
}

/// A path that the root does not list would be described and never generated.
fn check_all_listed(source: &Source, listed: &BTreeSet<(String, String)>) -> Result<()> {
    for (file, resource) in &source.resources {
        for path in resource.paths.keys() {
            let at = At::top(file).down("paths").down(path);
            ensure!(
                listed.contains(&(file.clone(), path.clone())),
                "{at}: not listed; add to the paths of api/{ROOT}: `{path}: {{$ref: '{}'}}`",
                at.to_string().trim_start_matches("api/")
            );
        }
    }
    Ok(())
}

fn check_operation_ids(endpoints: &[Endpoint]) -> Result<()> {
    let mut known = BTreeMap::new();
    for endpoint in endpoints {
        let id = &endpoint.operation_id;
        if let Some(first) = known.insert(id, endpoint.route()) {
            bail!("operationId `{id}` is used by {first} and by {}", endpoint.route());
        }
    }
    Ok(())
}
