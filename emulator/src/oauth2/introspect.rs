//! `POST /v1/public/{project_id}/oauth2/introspect` (RFC 7662): whether an access token or a refresh token is active, and
//! its claims.
//!
//! Assumption: a client can introspect only its own tokens. M2M clients and confidential Connected Apps must send their
//! secret. The emulator accepts every unknown `client_id` as an app, with any secret or without one, because its control
//! route issues tokens for such apps.

use serde_json::{Value, json};

use super::client_credentials::ClientCredentials;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::connected_apps::grants::RefreshToken;
use crate::errors::{self, Failure};
use crate::jws;
use crate::m2m::client::Status;
use crate::merge::Object;
use crate::project::Project;
use crate::session_jwt::SESSION_CLAIM;

pub(crate) fn introspect(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let credentials = ClientCredentials::read(call)?;
    let token = call.fields.text("token")?;
    call.fields.ignored_texts(&["token_type_hint"])?;
    let token = token
        .ok_or_else(|| errors::INVALID_REQUEST.with_message("The field token is required."))?;
    let machine = project.m2m_clients.find(&credentials.client_id).ok();
    let secret = credentials.client_secret.as_deref().unwrap_or_default();
    let kind = match machine {
        Some(machine) if machine.status != Status::Active || !machine.has_secret(secret) => {
            return Err(errors::INVALID_CLIENT.failure());
        }
        Some(_) => ClientKind::Machine,
        None => {
            let app = project.connected_apps.find(&credentials.client_id);
            if app.is_ok_and(|app| !app.accepts_secret(secret)) {
                return Err(errors::INVALID_CLIENT.failure());
            }
            ClientKind::ConnectedApp
        }
    };
    if let Some(found) = project.grants.refresh_token(token)
        && found.grant.client_id == credentials.client_id
    {
        return Ok(refresh_token(&project.id, found, call.now));
    }
    let now = project.token_time(call.now);
    let claims = jws::verified(&project.keys, &project.id, token)
        .filter(|claims| jws::is_live(claims, now) && is_access_token(claims))
        .filter(|claims| kind.owns(&credentials.client_id, claims))
        .filter(|claims| {
            let jti = claims.get("jti").and_then(Value::as_str);
            !jti.is_some_and(|jti| project.grants.is_revoked(jti))
        });
    Ok(match claims {
        Some(claims) => Reply::ok(Value::Object(claims))
            .and(json!({ "active": true, "token_type": "access_token" })),
        None => Reply::ok(json!({ "active": false })),
    })
}

/// The kind of client that introspects a token.
enum ClientKind {
    Machine,
    ConnectedApp,
}

impl ClientKind {
    /// Whether the token belongs to the client. The token of a Connected App names the app in `client_id`, and an M2M
    /// token names the client in `sub`.
    fn owns(&self, client_id: &str, claims: &Object) -> bool {
        let owner = match self {
            Self::Machine if claims.contains_key("client_id") => return false,
            Self::Machine => claims.get("sub"),
            Self::ConnectedApp => claims.get("client_id"),
        };
        owner.and_then(Value::as_str) == Some(client_id)
    }
}

/// Returns the reply for a refresh token.
fn refresh_token(project_id: &str, token: &RefreshToken, now: UnixSeconds) -> Reply {
    if token.rotated || token.expires_at <= now {
        return Reply::ok(json!({ "active": false }));
    }
    Reply::ok(json!({
        "aud": [project_id],
        "client_id": token.grant.client_id,
        "exp": token.expires_at.0,
        "iat": token.issued_at.0,
        "iss": format!("stytch.com/{project_id}"),
        "scope": token.grant.scopes.join(" "),
        "sub": token.grant.subject,
        "active": true,
        "token_type": "refresh_token",
    }))
}

/// Distinguishes access tokens from session JWTs, which the same keys sign.
fn is_access_token(claims: &Object) -> bool {
    claims.get("scope").is_some_and(Value::is_string) && !claims.contains_key(SESSION_CLAIM)
}
