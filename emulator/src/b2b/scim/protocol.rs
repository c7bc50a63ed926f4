//! The requests of directories (RFC 7644), below the base URL of a connection. They authenticate with its bearer token.

use serde_json::{Value, json};

use super::connection::ScimConnection;
use super::filter::Filter;
use super::resource::{Kind, Resource, attributes_of, validate};
use super::{groups, patch, users};
use crate::b2b::B2b;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::message::Response;

/// `POST .../Users` and `POST .../Groups`.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let connection = authenticate(b2b, call)?;
    let resource = Resource {
        id: String::new(),
        connection_id: connection.connection_id.clone(),
        kind: kind(call),
        attributes: attributes_of(call.fields.all()),
        created_at: call.now,
        updated_at: call.now,
    };
    let stored = put(b2b, ids, &connection, resource, call)?;
    let view = view(b2b, &connection, &stored, call);
    let location = view.pointer("/meta/location").and_then(Value::as_str);
    let location = location.unwrap_or_default().to_owned();
    let mut response = scim(201, &view);
    response.headers.push(("location".into(), location));
    Ok(Reply::other(response))
}

/// `GET .../Users` and `GET .../Groups`, with a filter and pages (RFC 7644, section 3.4.2).
pub(crate) fn list(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let connection = authenticate(b2b, call)?;
    let filter = call.query_param("filter");
    let filter = filter.map(|text| Filter::parse(&text)).transpose()?;
    let number = |name: &str| {
        let text = call.query_param(name);
        let number = text.map(|text| text.parse::<i64>()).transpose();
        number.map_err(|_| {
            errors::SCIM_INVALID_VALUE
                .with_message(format!("The parameter {name} must be a number."))
        })
    };
    let start = usize::try_from(number("startIndex")?.unwrap_or(1).max(1)).unwrap_or(1);
    let count = usize::try_from(number("count")?.unwrap_or(100).clamp(0, 200)).unwrap_or(0);
    let resources = b2b.scim_resources.of(&connection.connection_id, kind(call));
    let views = resources.map(|resource| view(b2b, &connection, resource, call));
    let found: Vec<Value> = views
        .filter(|view| filter.as_ref().is_none_or(|filter| filter.matches(view)))
        .collect();
    let total = found.len();
    let page: Vec<Value> = found
        .into_iter()
        .skip(start.saturating_sub(1))
        .take(count)
        .map(|view| selected(view, call))
        .collect();
    Ok(Reply::other(scim(
        200,
        &json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": page.len(),
            "Resources": page,
        }),
    )))
}

/// `GET .../Users/{id}` and `GET .../Groups/{id}`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let connection = authenticate(b2b, call)?;
    let resource = of_path(b2b, &connection, call)?;
    let view = view(b2b, &connection, resource, call);
    Ok(Reply::other(scim(200, &selected(view, call))))
}

/// `PUT .../Users/{id}` and `PUT .../Groups/{id}`. Attributes that are left out are removed.
pub(crate) fn replace(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let connection = authenticate(b2b, call)?;
    let mut resource = of_path(b2b, &connection, call)?.clone();
    resource.attributes = attributes_of(call.fields.all());
    resource.updated_at = call.now;
    let stored = put(b2b, ids, &connection, resource, call)?;
    let view = view(b2b, &connection, &stored, call);
    Ok(Reply::other(scim(200, &view)))
}

/// `PATCH .../Users/{id}` and `PATCH .../Groups/{id}`.
pub(crate) fn change(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let connection = authenticate(b2b, call)?;
    let mut resource = of_path(b2b, &connection, call)?.clone();
    patch::apply(&mut resource.attributes, &call.fields)?;
    if let Value::Object(attributes) = &resource.attributes {
        resource.attributes = attributes_of(attributes);
    }
    resource.updated_at = call.now;
    let stored = put(b2b, ids, &connection, resource, call)?;
    let view = view(b2b, &connection, &stored, call);
    Ok(Reply::other(scim(200, &view)))
}

/// `DELETE .../Users/{id}` and `DELETE .../Groups/{id}`.
pub(crate) fn delete(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let connection = authenticate(b2b, call)?;
    let resource = of_path(b2b, &connection, call)?.clone();
    match resource.kind {
        Kind::User => {
            groups::remove_user(b2b, &connection.connection_id, &resource.id);
            users::remove(b2b, &resource, call.now);
        }
        Kind::Group => groups::remove(b2b, &connection, &resource, call.now),
    }
    Ok(Reply::other(Response::new(204, SCIM_JSON, "")))
}

/// `GET .../ServiceProviderConfig` (RFC 7643, section 5).
pub(crate) fn configuration(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    authenticate(b2b, call)?;
    let no = json!({ "supported": false });
    Ok(Reply::other(scim(
        200,
        &json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": { "supported": true },
            "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
            "filter": { "supported": true, "maxResults": 200 },
            "changePassword": no,
            "sort": no,
            "etag": no,
            "authenticationSchemes": [{
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The bearer token of the SCIM connection",
            }],
        }),
    )))
}

/// `GET .../ResourceTypes` (RFC 7643, section 6).
pub(crate) fn resource_types(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    authenticate(b2b, call)?;
    let kinds = [Kind::User, Kind::Group];
    let views = kinds.map(|kind| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": kind.name(),
            "name": kind.name(),
            "endpoint": format!("/{}s", kind.name()),
            "schema": format!("urn:ietf:params:scim:schemas:core:2.0:{}", kind.name()),
        })
    });
    Ok(Reply::other(scim(
        200,
        &json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": views.len(),
            "startIndex": 1,
            "itemsPerPage": views.len(),
            "Resources": views,
        }),
    )))
}

/// Returns an error as a response of SCIM (RFC 7644, section 3.12).
pub(crate) fn refusal(failure: &Failure) -> Reply {
    let error_type = failure.error_type();
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": failure.status().to_string(),
        "detail": failure.message(),
    });
    // The error types of RFC 7644 are the only ones in camel case.
    if !error_type.contains('_')
        && let Value::Object(members) = &mut body
    {
        members.insert("scimType".into(), json!(error_type));
    }
    Reply::other(scim(failure.status(), &body))
}

/// Finds the connection of the path, if the request has one of its tokens.
fn authenticate(b2b: &B2b, call: &Call) -> Result<ScimConnection, Failure> {
    let header = call.request.header("authorization").unwrap_or_default();
    let token = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map_or("", |(_, token)| token.trim());
    let connections = &b2b.scim_connections;
    let found = connections.authenticated(call.path_param("connection_id"), token);
    found
        .cloned()
        .ok_or_else(|| errors::SCIM_UNAUTHORIZED.failure())
}

/// Returns the type of the resources that the path names.
fn kind(call: &Call) -> Kind {
    match call.request.path.split('/').nth(5) {
        Some("Groups") => Kind::Group,
        _ => Kind::User,
    }
}

fn of_path<'a>(
    b2b: &'a B2b,
    connection: &ScimConnection,
    call: &Call,
) -> Result<&'a Resource, Failure> {
    let resources = &b2b.scim_resources;
    let found = resources.find(&connection.connection_id, kind(call), call.path_param("id"));
    found.ok_or_else(|| errors::SCIM_RESOURCE_NOT_FOUND.failure())
}

fn put(
    b2b: &mut B2b,
    ids: &mut Ids,
    connection: &ScimConnection,
    resource: Resource,
    call: &Call,
) -> Result<Resource, Failure> {
    validate(resource.kind, &resource.attributes)?;
    match resource.kind {
        Kind::User => users::put(b2b, ids, connection, resource, call.now),
        Kind::Group => groups::put(b2b, ids, connection, resource, call.now),
    }
}

fn view(b2b: &B2b, connection: &ScimConnection, resource: &Resource, call: &Call) -> Value {
    let is_user = resource.kind == Kind::User;
    let groups = is_user.then(|| b2b.scim_groups_of(connection, &resource.id));
    resource.view(&call.request.origin(), groups)
}

/// Removes the attributes that the request does not want (RFC 7644, section 3.9).
fn selected(view: Value, call: &Call) -> Value {
    let Value::Object(mut members) = view else {
        return view;
    };
    let names = |parameter: &str| {
        let text = call.query_param(parameter)?;
        Some(
            text.split(',')
                .map(|name| name.trim().to_owned())
                .collect::<Vec<_>>(),
        )
    };
    let is_named = |names: &[String], attribute: &str| {
        names.iter().any(|name| {
            let first = name.split('.').next().unwrap_or_default();
            first.eq_ignore_ascii_case(attribute)
        })
    };
    let always = ["id", "schemas"];
    if let Some(names) = names("attributes") {
        members.retain(|name, _| always.contains(&name.as_str()) || is_named(&names, name));
    }
    if let Some(names) = names("excludedAttributes") {
        members.retain(|name, _| always.contains(&name.as_str()) || !is_named(&names, name));
    }
    Value::Object(members)
}

fn scim(status: u16, body: &Value) -> Response {
    Response::new(status, SCIM_JSON, body.to_string())
}

const SCIM_JSON: &str = "application/scim+json; charset=utf-8";
