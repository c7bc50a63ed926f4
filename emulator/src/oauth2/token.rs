//! `POST /v1/public/{project_id}/oauth2/token`: access tokens for M2M clients, by the grant `client_credentials` (RFC
//! 6749, section 4.4). The grants of Connected Apps are in `app_grants.rs`.
//!
//! The errors are those of RFC 6749. Assumption: the status of `invalid_client` is 401, and that of the others is 400.

use serde_json::json;

use super::app_grants;
use super::claims;
use super::client_credentials::ClientCredentials;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::jws;
use crate::m2m::client::{Client, Status};
use crate::project::Project;
use crate::state::Projects;

pub(crate) fn token(projects: &mut Projects, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let grant = call.fields.text("grant_type")?;
    let grant = grant
        .ok_or_else(|| errors::INVALID_REQUEST.with_message("The field grant_type is required."))?;
    match grant {
        "client_credentials" => client_credentials(projects.of(call.product), call),
        "authorization_code" => app_grants::authorization_code(projects, ids, call),
        "refresh_token" => app_grants::refresh_token(projects, ids, call),
        _ => Err(errors::UNSUPPORTED_GRANT_TYPE.failure()),
    }
}

fn client_credentials(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let credentials = ClientCredentials::read(call)?;
    let asked = call.fields.text("scope")?;
    let known = project.m2m_clients.find(&credentials.client_id);
    let client = known.map_err(|_| &errors::INVALID_CLIENT)?;
    let secret = credentials.client_secret.unwrap_or_default();
    if client.status != Status::Active || !client.has_secret(&secret) {
        return Err(errors::INVALID_CLIENT.failure());
    }
    let scope = grantable(client, asked)?;
    let claims = claims::of_machine(&credentials.client_id, &scope);
    let times = (project.token_time(call.now), claims::LIFETIME_SECONDS);
    let claims = claims::of_access_token(&project.id, claims, times);
    Ok(Reply::ok(json!({
        "access_token": jws::issue(&project.keys, &claims)?,
        "token_type": "bearer",
        "expires_in": claims::LIFETIME_SECONDS,
    })))
}

/// Returns the requested scopes if the client has all of them. Without requested scopes, returns all scopes of the
/// client.
fn grantable(client: &Client, asked: Option<&str>) -> Result<String, Failure> {
    let Some(asked) = asked else {
        return Ok(client.scopes.join(" "));
    };
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    let has = |scope: &&str| client.scopes.iter().any(|known| known == scope);
    if asked.iter().all(has) {
        Ok(asked.join(" "))
    } else {
        Err(errors::INVALID_SCOPE.failure())
    }
}
