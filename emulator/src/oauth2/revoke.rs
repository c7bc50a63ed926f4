//! `POST /v1/public/{project_id}/oauth2/revoke` (RFC 7009): an app revokes one of its tokens.
//!
//! With a refresh token, the access token that was issued at the same time is revoked, too. As RFC 7009 says, the call
//! succeeds for an unknown token.

use serde_json::json;

use super::app_grants::authenticated;
use super::client_credentials::ClientCredentials;
use crate::call::{Call, Reply};
use crate::connected_apps::grants::{AccessToken, Grant};
use crate::errors::{self, Failure};
use crate::jws;
use crate::project::Project;

pub(crate) fn revoke(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let credentials = ClientCredentials::read(call)?;
    let token = call.fields.text("token")?;
    call.fields.ignored_texts(&["token_type_hint"])?;
    let token = token
        .ok_or_else(|| errors::INVALID_REQUEST.with_message("The field token is required."))?;
    let client_id = authenticated(project, &credentials)?.client_id.clone();
    let is_own = |grant: &Grant| grant.client_id == client_id;
    if let Some(found) = project.grants.refresh_token(token) {
        if is_own(&found.grant) {
            project.grants.revoke_refresh_token(token);
        }
        return Ok(Reply::ok(json!({})));
    }
    let claims = jws::verified(&project.keys, &project.id, token).unwrap_or_default();
    let text = |name| claims.get(name).and_then(|value| value.as_str());
    let (Some(jti), true) = (text("jti"), text("client_id") == Some(&client_id)) else {
        return Ok(Reply::ok(json!({})));
    };
    // A token of the control route does not have a record yet.
    let grant = match project.grants.access_token(jti) {
        Some(known) => known.grant.clone(),
        None => Grant {
            code: String::new(),
            client_id,
            subject: text("sub").unwrap_or_default().to_owned(),
            scopes: Vec::new(),
            resources: Vec::new(),
            has_session: false,
        },
    };
    project.grants.put_access_token(AccessToken {
        jti: jti.to_owned(),
        grant,
        revoked: true,
    });
    Ok(Reply::ok(json!({})))
}
