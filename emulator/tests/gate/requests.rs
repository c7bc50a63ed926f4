//! Generates requests from the description: valid requests, requests without a required field, and requests with a field
//! of a wrong type.
//!
//! Knows which fields exclude each other, which the description does not say.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use stytch_emulator::{Request, Settings};

use super::description::{Operation, Parameter, Place, names, resolve};
use super::excluded::MORE_EXCLUDED;
use super::prepared;
use super::world::{SETTINGS, World, request};
use super::world_apps;
use super::world_passwords;

/// The arguments of a call, by the name of the parameter.
pub type Arguments = Map<String, Value>;

/// Optional parameters without which a call is refused: the description cannot express "one of these".
const NEEDED: &[(&str, &str)] = &[
    (
        "PUT /v1/users/{user_id}/exchange_primary_factor",
        "email_address",
    ),
    ("POST /v1/users", "email"),
    ("POST /v1/oauth/attach", "user_id"),
    ("POST /v1/rules/set", "visitor_id"),
    ("POST /v1/passwords/session/reset", "session_token"),
    ("POST /v1/sessions/authenticate", "session_token"),
    ("POST /v1/sessions/revoke", "session_id"),
    ("POST /v1/b2b/discovery/organizations", "session_token"),
    ("POST /v1/b2b/sessions/exchange", "session_token"),
    ("POST /v1/b2b/passwords/session/reset", "session_token"),
    (
        "POST /v1/b2b/organizations/{organization_id}/members/{member_id}/unlink_retired_email",
        "email_id",
    ),
    ("POST /v1/b2b/sessions/authenticate", "session_token"),
    ("POST /v1/b2b/sessions/revoke", "member_session_id"),
    (
        "GET /v1/b2b/organizations/{organization_id}/member",
        "member_id",
    ),
    (
        "POST /v1/public/{project_id}/oauth2/introspect",
        "client_secret",
    ),
    ("POST /v1/idp/oauth/authorize/start", "user_id"),
    ("POST /v1/idp/oauth/authorize", "user_id"),
    ("POST /v1/b2b/idp/oauth/authorize/start", "member_id"),
    ("POST /v1/b2b/idp/oauth/authorize/start", "organization_id"),
    ("POST /v1/b2b/idp/oauth/authorize", "member_id"),
    ("POST /v1/b2b/idp/oauth/authorize", "organization_id"),
];

/// Optional parameters that a valid call of the route cannot have in addition to the others, with the reason.
const EXCLUDED: &[(&str, &str, &str)] = &[
    (
        "POST /v1/b2b/sso/authenticate",
        "pkce_code_verifier",
        "The log-in has no challenge.",
    ),
    (
        "POST /v1/b2b/sso/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "GET /v1/b2b/scim/{organization_id}/connection/{connection_id}",
        "cursor",
        "No list has a second page.",
    ),
    (
        "POST /v1/b2b/scim/{organization_id}/connection",
        "X-Stytch-Member-Session",
        "The member belongs to an organization that has a connection.",
    ),
    (
        "POST /v1/sessions/attest",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/sessions/attest",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "PUT /v1/users/{user_id}/exchange_primary_factor",
        "phone_number",
        "Excludes email_address.",
    ),
    (
        "POST /v1/otps/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/magic_links/email/send",
        "session_token",
        "Excludes user_id.",
    ),
    (
        "POST /v1/magic_links/email/send",
        "session_jwt",
        "Excludes user_id.",
    ),
    (
        "POST /v1/otps/sms/send",
        "session_token",
        "Excludes user_id.",
    ),
    ("POST /v1/otps/sms/send", "session_jwt", "Excludes user_id."),
    (
        "POST /v1/otps/whatsapp/send",
        "session_token",
        "Excludes user_id.",
    ),
    (
        "POST /v1/otps/whatsapp/send",
        "session_jwt",
        "Excludes user_id.",
    ),
    (
        "POST /v1/otps/email/send",
        "session_token",
        "Excludes user_id.",
    ),
    (
        "POST /v1/otps/email/send",
        "session_jwt",
        "Excludes user_id.",
    ),
    (
        "POST /v1/sessions/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/sessions/revoke",
        "session_token",
        "Excludes session_id.",
    ),
    (
        "POST /v1/sessions/revoke",
        "session_jwt",
        "Excludes session_id.",
    ),
    (
        "POST /v1/magic_links/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/magic_links/authenticate",
        "code_verifier",
        "The link has no challenge.",
    ),
    (
        "POST /v1/users/search",
        "cursor",
        "No search has a second page.",
    ),
    (
        "POST /v1/m2m/clients/search",
        "cursor",
        "No search has a second page.",
    ),
    (
        "POST /v1/connected_apps/clients/search",
        "cursor",
        "No search has a second page.",
    ),
    (
        "POST /v1/b2b/sessions/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/sessions/revoke",
        "session_token",
        "Excludes member_session_id.",
    ),
    (
        "POST /v1/b2b/sessions/revoke",
        "session_jwt",
        "Excludes member_session_id.",
    ),
    (
        "POST /v1/b2b/sessions/revoke",
        "member_id",
        "Excludes member_session_id.",
    ),
    (
        "GET /v1/b2b/organizations/{organization_id}/member",
        "email_address",
        "Excludes member_id.",
    ),
    (
        "POST /v1/b2b/magic_links/authenticate",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/magic_links/authenticate",
        "pkce_code_verifier",
        "The link has no challenge.",
    ),
    (
        "POST /v1/b2b/organizations/{organization_id}/members",
        "trusted_metadata",
        "Not together with a member session.",
    ),
    (
        "POST /v1/b2b/discovery/organizations",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/discovery/organizations",
        "intermediate_session_token",
        "Excludes session_token.",
    ),
    (
        "POST /v1/b2b/magic_links/discovery/authenticate",
        "pkce_code_verifier",
        "The link has no challenge.",
    ),
    (
        "POST /v1/b2b/sessions/exchange",
        "session_jwt",
        "Excludes session_token.",
    ),
    (
        "PUT /v1/b2b/organizations/{organization_id}",
        "trusted_metadata",
        "Not together with a member session.",
    ),
    (
        "PUT /v1/b2b/organizations/{organization_id}/members/{member_id}",
        "trusted_metadata",
        "Not together with a member session.",
    ),
    (
        "POST /v1/b2b/magic_links/email/invite",
        "trusted_metadata",
        "Not together with a member session.",
    ),
    (
        "PUT /v1/b2b/organizations/{organization_id}/members/{member_id}",
        "email_address",
        "A member session must not change the address of its own member.",
    ),
    (
        "PUT /v1/b2b/organizations/{organization_id}/members/{member_id}",
        "mfa_phone_number",
        "The member has a phone number.",
    ),
    (
        "POST /v1/b2b/organizations/search",
        "cursor",
        "No search has a second page.",
    ),
    (
        "POST /v1/b2b/organizations/members/search",
        "cursor",
        "No search has a second page.",
    ),
    (
        "*",
        "X-Stytch-Member-SessionJWT",
        "Excludes X-Stytch-Member-Session.",
    ),
];

/// The arguments of the smallest valid call.
pub fn minimal(operation: &Operation, world: &World) -> Arguments {
    let route = operation.route();
    let is_needed = |parameter: &&Parameter| {
        let name = parameter.name.as_str();
        parameter.required
            || NEEDED.contains(&(route.as_str(), name))
            || prepared::is_needed(&route, name)
    };
    let needed = operation.parameters.iter().filter(is_needed);
    needed
        .map(|parameter| valid(operation, parameter, world))
        .collect()
}

/// The arguments of a valid call with every parameter that does not exclude another one.
pub fn full(operation: &Operation, world: &World) -> Arguments {
    let included = operation
        .parameters
        .iter()
        .filter(|field| !is_excluded(operation, field));
    included
        .map(|parameter| valid(operation, parameter, world))
        .collect()
}

/// The parameters that can be added to the smallest call one at a time.
pub fn additions(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    let parameters = operation.parameters.iter();
    parameters.filter(|field| {
        !field.required && (!is_excluded(operation, field) || field.name == "trusted_metadata")
    })
}

/// A valid argument.
pub fn valid(operation: &Operation, parameter: &Parameter, world: &World) -> (String, Value) {
    let value = match world.value(operation, &parameter.name) {
        Some(value) => value.clone(),
        None => sample(&parameter.name, parameter.schema),
    };
    (parameter.name.clone(), value)
}

/// The words that the description lists for a field or for the items of a list.
pub fn words(schema: &'static Value) -> impl Iterator<Item = &'static str> {
    let schema = resolve(schema);
    let items = match schema["type"] == "array" {
        true => resolve(&schema["items"]),
        false => schema,
    };
    let variant = items["anyOf"]
        .as_array()
        .map_or(items, |variants| &variants[0]);
    names(&variant["enum"])
}

/// The word as a value of the schema.
pub fn with_word(schema: &'static Value, word: &str) -> Value {
    match resolve(schema)["type"] == "array" {
        true => json!([word]),
        false => json!(word),
    }
}

/// Values that do not have the type of the schema, each with the path to the wrong value.
pub fn wrong_values(name: &str, schema: &'static Value) -> Vec<(String, Value)> {
    let schema = resolve(schema);
    let others: &[Value] = &match schema["type"].as_str() {
        _ if schema.get("anyOf").is_some() => vec![json!(true), json!({}), json!([])],
        Some("string") => vec![json!(7), json!(true), json!(["x"]), json!({ "x": 1 })],
        Some("integer") => vec![json!("7"), json!(1.5), json!(true), json!([]), json!({})],
        Some("boolean") => vec![json!("true"), json!(1), json!([]), json!({})],
        Some("array") => vec![json!("x"), json!(1), json!(true), json!({ "x": 1 })],
        Some("object") => vec![json!("x"), json!(1), json!(false), json!(["x"])],
        _ => Vec::new(),
    };
    let mut wrong: Vec<(String, Value)> = others
        .iter()
        .map(|value| (name.to_owned(), value.clone()))
        .collect();
    if schema["type"] == "array" {
        for (path, item) in wrong_values(&format!("{name}/0"), &schema["items"]) {
            wrong.push((path, json!([item])));
        }
    }
    let properties = schema["properties"].as_object();
    for (property, inner) in properties.into_iter().flatten() {
        for (path, value) in wrong_values(&format!("{name}/{property}"), inner) {
            let mut object = sample(name, schema);
            object[property] = value;
            wrong.push((path, object));
        }
    }
    wrong
}

/// Builds the request of a call.
pub fn build(operation: &Operation, arguments: &Arguments) -> Request {
    let Settings { consumer, b2b, .. } = &*SETTINGS;
    let credentials = if operation.is_b2b() { b2b } else { consumer };
    let mut path = operation.path.clone();
    let (mut body, mut query, mut headers) = (Map::new(), Vec::new(), Vec::new());
    for (name, value) in arguments {
        let mut parameters = operation.parameters.iter();
        let known = parameters.find(|parameter| parameter.name == *name);
        match known.map_or(Place::Body, |parameter| parameter.place) {
            Place::Path => path = path.replace(&format!("{{{name}}}"), &encoded(value)),
            Place::Query => query.push(format!("{name}={}", encoded(value))),
            Place::Header => headers.push((name.clone(), text(value))),
            Place::Body => drop(body.insert(name.clone(), value.clone())),
        }
    }
    let body = match operation.method.as_str() {
        "GET" => Value::Null,
        _ => Value::Object(body),
    };
    let mut built = request(
        &format!("{} {path}", operation.method),
        Some(credentials),
        &body,
    );
    built.query = query.join("&");
    built.headers.extend(headers);
    built
}

/// Builds the request of a call with a form.
pub fn build_form(operation: &Operation, arguments: &Arguments) -> Request {
    let mut built = build(operation, arguments);
    let fields: Map<String, Value> = serde_json::from_slice(&built.body).unwrap();
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &fields {
        form.append_pair(name, &text(value));
    }
    built.body = form.finish().into();
    let media_type = "application/x-www-form-urlencoded";
    built
        .headers
        .push(("Content-Type".into(), media_type.into()));
    built
}

/// A value of the type of the schema that calls of the API accept under this name.
pub fn sample(name: &str, schema: &'static Value) -> Value {
    let schema = resolve(schema);
    if let Some(variants) = schema["anyOf"].as_array() {
        return sample(name, &variants[0]);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    match schema["type"].as_str() {
        Some("integer") if name.ends_with("_minutes") => json!(30),
        Some("integer" | "number") => json!(10),
        Some("boolean") => json!(true),
        Some("array") => json!([sample(name, &schema["items"])]),
        Some("object") => {
            let required = names(&schema["required"]);
            let members =
                required.map(|name| (name.to_owned(), sample(name, &schema["properties"][name])));
            let members: Map<String, Value> = members.collect();
            match members.is_empty() && schema["additionalProperties"] == true {
                true => json!({ "sample": [1, null, "text"] }),
                false => Value::Object(members),
            }
        }
        _ if name.ends_with("_url") => json!("https://example.com/path"),
        _ => json!("sample-text"),
    }
}

fn is_excluded(operation: &Operation, parameter: &Parameter) -> bool {
    let route = operation.route();
    if prepared::is_excluded(&route, &parameter.name)
        || world_passwords::excludes(operation, &parameter.name)
    {
        return true;
    }
    let mut rows = EXCLUDED.iter().chain(MORE_EXCLUDED);
    rows.any(|(excluded, name, _)| {
        (*excluded == "*" || *excluded == route) && *name == parameter.name
    }) || world_apps::is_excluded(operation, &parameter.name)
}

fn encoded(value: &Value) -> String {
    utf8_percent_encode(&text(value), NON_ALPHANUMERIC).to_string()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
