//! Compares operations: clients and names, arguments and results, and requests.

use std::collections::{BTreeMap, BTreeSet};

use super::types::{named, one_line};
use super::{Facts, Http, Operation};
use crate::document::ParameterLocation;
use crate::model::{Api, Authorization, Base, Method, Route};
use crate::operations::{self, Described};
use crate::source::Source;

pub fn differences(facts: &Facts, source: &Source, api: &Api) -> Vec<String> {
    let rows = operations::read(source).unwrap();
    let mut offered = offers(api);
    let mut found = Vec::new();
    for operation in facts.operations.values() {
        for (client, name) in &operation.names {
            let path = format!("{client}.{name}");
            match offered.remove(&path) {
                None => found.push(format!("{path}: missing")),
                Some(method) => {
                    let declared = signature(operation, method);
                    let sent = requests(operation.http.as_ref(), method, source, &rows);
                    found.extend(
                        declared
                            .into_iter()
                            .chain(sent)
                            .map(|what| format!("{path}: {what}")),
                    );
                }
            }
        }
    }
    found.extend(
        offered
            .into_keys()
            .map(|path| format!("{path}: not expected")),
    );
    found
}

/// Every method, once for each client that has it.
fn offers(api: &Api) -> BTreeMap<String, &Method> {
    let mut offers = BTreeMap::new();
    for (product, module) in &api.modules {
        for (path, resource) in &module.resources {
            for (name, method) in resource.methods.iter().filter(|(_, method)| !method.ours) {
                for client in product.clients() {
                    offers.insert(format!("{client}.{path}.{name}"), method);
                }
            }
        }
    }
    offers
}

fn signature(operation: &Operation, method: &Method) -> Vec<String> {
    let facts = operation.args.iter().map(|argument| {
        let mark = if argument.optional { "?" } else { "" };
        format!("{}{mark}: {}", argument.name, named(&argument.kind))
    });
    let described = method.arguments.iter().map(|argument| {
        let mark = if argument.optional { "?" } else { "" };
        format!("{}{mark}: {}", argument.name, one_line(&argument.kind))
    });
    let (facts, described): (Vec<_>, Vec<_>) = (facts.collect(), described.collect());
    let mut found = Vec::new();
    unlike(
        &mut found,
        "accepts",
        &described.join(", "),
        &facts.join(", "),
    );
    unlike(
        &mut found,
        "returns",
        &one_line(&method.result),
        &named(&operation.returns),
    );
    found
}

fn requests(
    http: Option<&Http>,
    method: &Method,
    source: &Source,
    rows: &[Described<'_>],
) -> Vec<String> {
    match (http, &method.route) {
        (None, Route::Local { .. }) => Vec::new(),
        (None, Route::Remote { .. }) => vec!["sends a request".to_owned()],
        (Some(http), Route::Remote { row }) => request(http, &rows[*row], source),
        (Some(http), Route::Local { calls }) => {
            let route = format!("{} {}", http.method, http.path);
            let mut called = calls.iter().map(|row| &rows[*row]);
            match called.find(|row| row.endpoint.route() == route) {
                Some(row) => request_by_hand(http, row),
                None => vec![format!("does not call {route}")],
            }
        }
    }
}

fn request(http: &Http, row: &Described<'_>, source: &Source) -> Vec<String> {
    let mut found = request_by_hand(http, row);
    let route = format!("{} {}", http.method, http.path);
    unlike(&mut found, "calls", &row.endpoint.route(), &route);
    let path: BTreeSet<_> = row.endpoint.path_parameters().map(str::to_owned).collect();
    unlike(
        &mut found,
        "has in its path",
        &listed(path),
        &listed(&http.path_params),
    );
    let query = operations::parameters(source, row.operation, ParameterLocation::Query, &row.at);
    let query = query
        .unwrap()
        .into_iter()
        .map(|(parameter, _)| parameter.name.clone());
    unlike(
        &mut found,
        "has in its query",
        &listed(query),
        &listed(&http.query),
    );
    for (media_type, part, fields) in [
        ("application/json", "body", &http.body),
        ("application/x-www-form-urlencoded", "form", &http.form),
    ] {
        let content = row
            .operation
            .request_body
            .as_ref()
            .and_then(|body| body.content.get(media_type));
        let described = content
            .into_iter()
            .flat_map(|content| content.schema.properties.keys());
        unlike(
            &mut found,
            &format!("has in its {part}"),
            &listed(described.cloned()),
            &listed(fields),
        );
    }
    found
}

/// Compares the properties of a request that the description of a hand-written method contains: host, credentials and
/// headers. It does not describe the content of the request.
fn request_by_hand(http: &Http, row: &Described<'_>) -> Vec<String> {
    let base = match row.endpoint.base {
        Base::Auth => "auth",
        Base::Fraud => "fraud",
        Base::SamlShield => "saml_shield",
    };
    let auth = match row.endpoint.authorization {
        Authorization::None => "none",
        Authorization::Basic => "basic",
        Authorization::Bearer => "bearer",
    };
    let mut found = Vec::new();
    unlike(&mut found, "goes to the host", base, &http.base);
    unlike(&mut found, "sends the credentials", auth, &http.auth);
    let headers = row.endpoint.member_session_headers;
    if headers != http.member_session_headers {
        found.push(format!("accepts a member's session: {headers}"));
    }
    found
}

fn unlike(found: &mut Vec<String>, what: &str, described: &str, fact: &str) {
    if described != fact {
        found.push(format!("{what} `{described}` instead of `{fact}`"));
    }
}

fn listed<T: Into<String>>(names: impl IntoIterator<Item = T>) -> String {
    let names: BTreeSet<String> = names.into_iter().map(Into::into).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}
