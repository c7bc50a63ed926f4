//! The section of a method: description, request, call, arguments, result and errors.
//!
//! Types are formatted in `types`.

use super::markdown::{code, prose};
use super::types::{IN_EVERY_RESPONSE, Types};
use crate::model::{Api, Argument, Base, Endpoint, Method, Payload, Route, Type};

/// The section of one method, by its dotted name.
pub fn section(types: &Types<'_>, name: &str, method: &Method) -> String {
    let description = prose(&method.description);
    let request = requests(types.api, &method.route);
    let call = call(types, name, method);
    let parameters: String = method
        .arguments
        .iter()
        .map(|argument| parameters(types, method, argument))
        .collect();
    let result = result(types, &method.result);
    let throws = throws(&method.throws);
    format!("### client.{name}\n\n{description}\n\n{request}{call}{parameters}{result}{throws}")
}

fn requests(api: &Api, route: &Route) -> String {
    match route {
        Route::Remote { row } => api.endpoints.get(*row).map_or(String::new(), |row| {
            let (route, retry) = (code(&row.route()), retry(&[row]));
            format!("{route}{}\n\n{retry}", peculiarities(row))
        }),
        Route::Local { calls } if calls.is_empty() => {
            "Does not send a request of its own.\n\n".to_owned()
        }
        Route::Local { calls } => {
            let rows = calls.iter().filter_map(|row| api.endpoints.get(*row));
            let rows: Vec<&Endpoint> = rows.collect();
            let routes: Vec<String> = rows.iter().map(|row| code(&row.route())).collect();
            format!("Can send {}.\n\n{}", routes.join(", "), retry(&rows))
        }
    }
}

/// Whether requests are repeated after a temporary failure, and why. Requests of one method can differ.
fn retry(rows: &[&Endpoint]) -> String {
    let safe = rows.iter().filter(|row| row.retry.is_safe);
    let safe: Vec<String> = safe.map(|row| code(&row.route())).collect();
    let answer = match safe.len() {
        0 => "no".to_owned(),
        count if count == rows.len() => "yes".to_owned(),
        _ => format!("only {}", safe.join(", ")),
    };
    let mut reasons: Vec<String> = Vec::new();
    for reason in rows.iter().filter_map(|row| row.retry.reason.as_deref()) {
        let reason = prose(reason);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let about = [format!("{answer}.")].into_iter().chain(reasons);
    let about = about.collect::<Vec<_>>().join(" ");
    format!("[Retried](README.md#retries) after a temporary failure: {about}\n\n")
}

/// The properties of a request that differ from the default.
fn peculiarities(row: &Endpoint) -> String {
    let host = match row.base {
        Base::Auth => None,
        Base::Fraud => Some("on `telemetry.stytch.com`"),
        Base::SamlShield => Some("on `api.samlshield.com`"),
    };
    let form = (row.payload == Payload::Form).then_some("as a form");
    let peculiarities: Vec<&str> = host.into_iter().chain(form).collect();
    if peculiarities.is_empty() {
        return String::new();
    }
    format!(", {}", peculiarities.join(", "))
}

/// The shortest call: the required arguments, with names instead of values.
fn call(types: &Types<'_>, name: &str, method: &Method) -> String {
    let arguments = method
        .arguments
        .iter()
        .filter(|argument| !argument.optional);
    let arguments: Vec<String> = arguments.map(|argument| sample(types, argument)).collect();
    let wait = if method.is_async { "await " } else { "" };
    format!(
        "```ts\n{wait}client.{name}({});\n```\n\n",
        arguments.join(", ")
    )
}

fn sample(types: &Types<'_>, argument: &Argument) -> String {
    let Some(object) = types.object(&argument.kind) else {
        return argument.name.clone();
    };
    let required = object.fields.iter().filter(|field| !field.optional);
    let names: Vec<&str> = required.map(|field| field.name.as_str()).collect();
    let one_line = format!("{{ {} }}", names.join(", "));
    match names.as_slice() {
        [] => "{}".to_owned(),
        _ if one_line.len() <= MAX_OBJECT_WIDTH => one_line,
        _ => format!("{{\n  {},\n}}", names.join(",\n  ")),
    }
}

fn parameters(types: &Types<'_>, method: &Method, argument: &Argument) -> String {
    let optional = if argument.optional { ", optional" } else { "" };
    let name = code(&argument.name);
    let Some(object) = types.object(&argument.kind) else {
        return format!(
            "Argument {name}: {}{optional}.\n\n",
            types.spell(&argument.kind)
        );
    };
    // A single argument does not need a heading.
    let heading = if method.arguments.len() > 1 {
        format!("Argument {name}{optional}:\n\n")
    } else {
        String::new()
    };
    let rest = match method.own_options() {
        Some(own) if own.name == argument.name => ALSO_CALL_OPTIONS,
        _ => "",
    };
    format!("{heading}{}{rest}", types.parameters(object))
}

fn result(types: &Types<'_>, result: &Type) -> String {
    let Some(object) = types.object(result) else {
        return format!("Returns {}.\n\n", types.spell(result));
    };
    let has = |name: &&str| object.fields.iter().any(|field| field.name == **name);
    if !IN_EVERY_RESPONSE.iter().all(has) {
        return types.fields("Result", object, &[]);
    }
    let table = types.fields("Result", object, &IN_EVERY_RESPONSE);
    let before = if table.is_empty() { "Only" } else { "Also" };
    format!("{table}{before} [the fields of every response](README.md#every-response).\n\n")
}

fn throws(throws: &[(String, String)]) -> String {
    let throws: Vec<String> = throws
        .iter()
        .map(|(class, when)| format!("{} {}", code(class), when.trim_end_matches('.')))
        .collect();
    if throws.is_empty() {
        return String::new();
    }
    format!("[Throws](README.md#errors) {}.\n\n", throws.join("; "))
}

const ALSO_CALL_OPTIONS: &str =
    "Also [the options of every call](README.md#options-of-a-call).\n\n";

const MAX_OBJECT_WIDTH: usize = 72;
