//! The routes below `/sdk/v1/`, which Stytch's SDKs for browsers call.
//!
//! Most calls are translated into a call of the server API, so that both have the same effects and errors. Only the fields
//! that an SDK sends are passed on. The server API has more fields, such as `user_id` and `trusted_metadata`: they must not
//! have an effect here, because everyone can read the public token in the code of a page.
//!
//! Stytch does not describe these routes. They were written from the code of `@stytch/vanilla-js` 6.3.0.

mod bootstrap;
mod routes;

use serde_json::{Value, json};

use crate::browser;
use crate::call::{PathParams, Reply};
use crate::clock::UnixSeconds;
use crate::credentials::Settings;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::Object;
use crate::message::{MAX_BODY_BYTES, Request};
use crate::product::Product;
use crate::route::{Route, not_implemented};
use crate::routes::ROUTES;
use crate::shapes;
use crate::state::Projects;
use routes::{Answer, Field, SdkRoute, SessionUse};

/// The meaning of a call of an SDK.
pub(crate) enum Meaning {
    /// The answer is known without an operation.
    Answered(Reply),
    /// The same as this call of the server API.
    Server(ServerCall),
}

/// A call of the server API for the consumer project.
pub(crate) struct ServerCall {
    pub(crate) route: &'static Route,
    pub(crate) path_params: PathParams,
    pub(crate) fields: Fields,
    /// The request that a server would send. It does not have a body: its fields are in `fields`.
    pub(crate) request: Request,
}

/// Reads a call. Validates the path, the method, the public token, the product and the JSON, in this order, and then the session.
pub(crate) fn read(
    request: &Request,
    (settings, projects): (&Settings, &Projects),
    now: UnixSeconds,
) -> Result<Meaning, Failure> {
    let row = routes::find(&request.method, &request.path)?;
    if request.body.len() > MAX_BODY_BYTES {
        return Err(
            errors::BAD_REQUEST.with_message("The request body must not have more than 1 MiB.")
        );
    }
    match row.answer {
        Answer::Bootstrap => {
            settings_of_project(request, settings, projects).map(Meaning::Answered)
        }
        Answer::Events => events(request).map(Meaning::Answered),
        Answer::Server {
            method,
            path,
            fields,
        } => {
            if browser::authenticate(request, settings)? == Product::B2b {
                return Err(errors::BAD_VERTICAL_FOR_SDK.failure());
            }
            let mut known = ROUTES.iter();
            let route = known.find(|known| (known.method, known.path) == (method, path));
            let route = route.ok_or_else(|| not_implemented(method, path))?;
            let (fields, path_params) = translate(row, fields, request, projects, now)?;
            Ok(Meaning::Server(ServerCall {
                route,
                path_params,
                fields,
                request: Request {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    ..Request::default()
                },
            }))
        }
    }
}

/// Converts the answer of the server API to the form for an SDK. The SDKs read a user that a call has changed from
/// `__user`.
pub(crate) fn converted(reply: Reply) -> Reply {
    let user = reply.member("user").cloned();
    let reply = match user {
        Some(user) => reply.and(json!({ "__user": user })),
        None => reply,
    };
    reply.in_data()
}

/// Returns the fields and the path parameters of the call of the server API.
fn translate(
    row: &SdkRoute,
    names: &[Field],
    request: &Request,
    projects: &Projects,
    now: UnixSeconds,
) -> Result<(Fields, PathParams), Failure> {
    let given = match row.method {
        "GET" => Fields::default(),
        _ => Fields::parse(&request.body)?,
    };
    let mut fields = Object::new();
    for (name, known) in names {
        if let Some(value) = given.value(name) {
            fields.insert((*known).to_owned(), value.clone());
        }
    }
    let project = &projects.consumer.project;
    let token = browser::session_token(request);
    let mut path_params = PathParams::new();
    match row.session {
        SessionUse::Unused => {}
        SessionUse::Extended => {
            // Without a session, the SDK could not use the answer.
            if !fields.contains_key(DURATION) {
                return Err(errors::INVALID_SESSION_DURATION.failure());
            }
            // A browser can keep the token of a session that has ended. This must not prevent a log-in.
            let token = token.filter(|token| project.sessions.by_token(token, now).is_ok());
            fields.extend(token.map(|token| (SESSION_TOKEN.to_owned(), Value::String(token))));
            let user_agent = request.header("user-agent").unwrap_or_default();
            let attributes = json!({ "user_agent": user_agent });
            fields.insert("attributes".to_owned(), attributes);
        }
        SessionUse::Required => {
            let token = token.ok_or(&errors::USER_UNAUTHENTICATED)?;
            if !shapes::is_token(&token) {
                return Err(errors::INVALID_SECRET_AUTHENTICATION
                    .with_message("The session token must have 44 characters of base64url."));
            }
            if matches!(row.answer, Answer::Server { path, .. } if path.contains("{user_id}")) {
                let session = project.sessions.by_token(&token, now)?;
                path_params.push(("user_id", session.subject.clone()));
            } else {
                fields.insert(SESSION_TOKEN.to_owned(), Value::String(token));
            }
        }
    }
    Ok((fields.into(), path_params))
}

/// Returns the settings of the project with the public token in the path. The SDK also sends it in the header.
fn settings_of_project(
    request: &Request,
    settings: &Settings,
    projects: &Projects,
) -> Result<Reply, Failure> {
    let public_token = request.path.rsplit('/').next().unwrap_or_default();
    let product = browser::product_of(public_token, settings)?;
    if browser::authenticate(request, settings)? != product {
        return Err(errors::PUBLIC_TOKEN_NOT_FOUND.failure());
    }
    Ok(Reply::ok(bootstrap::data(projects.of(product), product)))
}

/// Accepts events of an SDK, which sends them without credentials.
fn events(request: &Request) -> Result<Reply, Failure> {
    match serde_json::from_slice(&request.body) {
        Ok(Value::Array(_)) => Ok(Reply::ok(json!({}))),
        _ => Err(errors::BAD_REQUEST.with_message("The request body must be a list of events.")),
    }
}

const SESSION_TOKEN: &str = "session_token";
const DURATION: &str = "session_duration_minutes";
