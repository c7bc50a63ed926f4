//! The grants of Connected Apps: `authorization_code` (RFC 6749, section 4.1.3) and `refresh_token` (section 6).
//!
//! Stytch documents the lifetimes and the rotation: a public app receives a new refresh token with each use, and that of a
//! confidential app stays valid. Assumptions: three months are 90 days; the second use of a code or of a rotated refresh
//! token ends all tokens of the grant (RFC 9700, section 4.14); each refusal of a code or token is `invalid_grant`.

use serde_json::{Value, json};

use super::client_credentials::ClientCredentials;
use super::issue::{Issued, Order, issue};
use crate::call::{Call, Reply};
use crate::connected_apps::app::ConnectedApp;
use crate::connected_apps::grants::{
    AuthorizationCode, Grant, REFRESH_LIFETIME_SECONDS, RefreshToken,
};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::links;
use crate::project::Project;
use crate::state::Projects;

/// Exchanges an authorization code for tokens.
pub(super) fn authorization_code(
    projects: &mut Projects,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let credentials = ClientCredentials::read(call)?;
    let code = required(call, "code")?;
    let redirect_uri = required(call, "redirect_uri")?;
    let verifier = call.fields.text("code_verifier")?;

    let project = projects.of_mut(call.product);
    let app = authenticated(project, &credentials)?.clone();
    let code = project.grants.code(code);
    let code = code.filter(|code| code.grant.client_id == app.client_id);
    let code = code
        .ok_or_else(|| refused("The code is unknown or belongs to another client."))?
        .clone();
    if code.used {
        project.grants.revoke_code(&code.grant.code);
        return Err(refused(
            "The code has been used already. All tokens that were issued for it have been revoked.",
        ));
    }
    if code.expires_at <= call.now {
        return Err(refused("The code has expired."));
    }
    if code.redirect_uri != redirect_uri {
        return Err(refused(
            "The redirect_uri is not that of the authorization request.",
        ));
    }
    links::verify_code_verifier(code.code_challenge.as_deref(), verifier).map_err(|_| {
        refused(
            "The code_verifier is missing, is not expected, or does not match the code challenge.",
        )
    })?;
    let order = Order {
        app: &app,
        grant: &code.grant,
        scopes: &code.grant.scopes,
        nonce: code.nonce.as_deref(),
    };
    let issued = issue(projects, ids, &order, call)?;
    let project = projects.of_mut(call.product);
    project.grants.put_code(AuthorizationCode {
        used: true,
        ..code.clone()
    });
    if code
        .grant
        .scopes
        .iter()
        .any(|scope| scope == "offline_access")
    {
        let token = new_refresh_token(project, ids, (code.grant, &issued), call);
        return Ok(reply(issued, Some(token)));
    }
    Ok(reply(issued, None))
}

/// Exchanges a refresh token for a new access token.
pub(super) fn refresh_token(
    projects: &mut Projects,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let credentials = ClientCredentials::read(call)?;
    let token = required(call, "refresh_token")?;
    let asked = call.fields.text("scope")?;

    let project = projects.of_mut(call.product);
    let app = authenticated(project, &credentials)?.clone();
    let token = project.grants.refresh_token(token);
    let token = token.filter(|token| token.grant.client_id == app.client_id);
    let token = token
        .ok_or_else(|| refused("The refresh token is unknown or belongs to another client."))?
        .clone();
    if token.rotated {
        project.grants.revoke_code(&token.grant.code);
        return Err(refused(
            "The refresh token has been used already. All tokens of its grant have been revoked.",
        ));
    }
    if token.expires_at <= call.now {
        return Err(refused("The refresh token has expired."));
    }
    let scopes = narrowed(&token.grant, asked)?;
    let order = Order {
        app: &app,
        grant: &token.grant,
        scopes: &scopes,
        nonce: None,
    };
    let issued = issue(projects, ids, &order, call)?;
    let project = projects.of_mut(call.product);
    if app.client_type.is_public() {
        project.grants.put_refresh_token(RefreshToken {
            rotated: true,
            ..token.clone()
        });
        let token = new_refresh_token(project, ids, (token.grant, &issued), call);
        return Ok(reply(issued, Some(token)));
    }
    project.grants.put_refresh_token(RefreshToken {
        jti: issued.jti.clone(),
        expires_at: call.now.plus_seconds(REFRESH_LIFETIME_SECONDS),
        ..token
    });
    Ok(reply(issued, None))
}

/// Returns the app if its credentials are valid. A public app authenticates with its id alone.
pub(super) fn authenticated<'a>(
    project: &'a Project,
    credentials: &ClientCredentials,
) -> Result<&'a ConnectedApp, Failure> {
    let app = project.connected_apps.find(&credentials.client_id);
    let secret = credentials.client_secret.as_deref().unwrap_or_default();
    app.ok()
        .filter(|app| app.accepts_secret(secret))
        .ok_or_else(|| errors::INVALID_CLIENT.failure())
}

fn new_refresh_token(
    project: &mut Project,
    ids: &mut Ids,
    (grant, issued): (Grant, &Issued),
    call: &Call,
) -> String {
    let token = ids.opaque_token();
    project.grants.put_refresh_token(RefreshToken {
        token: token.clone(),
        grant,
        jti: issued.jti.clone(),
        issued_at: call.now,
        expires_at: call.now.plus_seconds(REFRESH_LIFETIME_SECONDS),
        rotated: false,
    });
    token
}

/// Returns the requested scopes if the grant has all of them. Without requested scopes, returns all scopes of the grant.
fn narrowed(grant: &Grant, asked: Option<&str>) -> Result<Vec<String>, Failure> {
    let Some(asked) = asked else {
        return Ok(grant.scopes.clone());
    };
    let asked = asked.split(' ').filter(|scope| !scope.is_empty());
    let asked: Vec<String> = asked.map(str::to_owned).collect();
    match asked.iter().all(|scope| grant.scopes.contains(scope)) {
        true => Ok(asked),
        false => {
            Err(errors::INVALID_SCOPE.with_message("The grant does not have a requested scope."))
        }
    }
}

fn reply(issued: Issued, refresh_token: Option<String>) -> Reply {
    let reply = Reply::ok(issued.body);
    match refresh_token {
        Some(token) => reply.and(json!({ "refresh_token": token })),
        None => reply.and(Value::Null),
    }
}

fn required<'a>(call: &'a Call, name: &str) -> Result<&'a str, Failure> {
    let missing = || errors::INVALID_REQUEST.with_message(format!("The field {name} is required."));
    call.fields.text(name)?.ok_or_else(missing)
}

fn refused(reason: &str) -> Failure {
    errors::INVALID_GRANT.with_message(reason)
}
