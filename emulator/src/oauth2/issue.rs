//! Issues the access token of a Connected App, and with the scope `openid` an ID token (OpenID Connect Core 1.0, section 2).
//!
//! Assumptions: the audience of an ID token is the client id, and the nonce is only in the ID token that is issued for the
//! code.

use serde_json::{Value, json};

use super::claims;
use super::person::{self, Person};
use crate::call::Call;
use crate::connected_apps::app::ConnectedApp;
use crate::connected_apps::grants::{AccessToken, Grant};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::jws;
use crate::merge::{Object, object};
use crate::state::Projects;

/// The tokens to issue.
pub(super) struct Order<'a> {
    pub(super) app: &'a ConnectedApp,
    pub(super) grant: &'a Grant,
    /// The scopes of the access token: those of the grant, or fewer.
    pub(super) scopes: &'a [String],
    pub(super) nonce: Option<&'a str>,
}

/// Issued tokens.
pub(super) struct Issued {
    /// The id of the access token.
    pub(super) jti: String,
    /// The members of the reply: `access_token`, `token_type`, `expires_in` and perhaps `id_token`.
    pub(super) body: Value,
}

/// Issues the tokens and stores the record of the access token. An error if the user or member does not exist any more, or
/// if the organization does not allow the app any more.
pub(super) fn issue(
    projects: &mut Projects,
    ids: &mut Ids,
    order: &Order,
    call: &Call,
) -> Result<Issued, Failure> {
    let Order { app, grant, .. } = order;
    let person = Person::find(projects, call.product, &grant.subject);
    let person = person.ok_or_else(|| {
        errors::INVALID_GRANT.with_message("The user or member does not exist any more.")
    })?;
    if !person::is_allowed(projects, call.product, &grant.subject, app) {
        return Err(errors::INVALID_GRANT
            .with_message("The organization does not allow the Connected App."));
    }
    let project = projects.of_mut(call.product);
    let now = project.token_time(call.now);
    let jti = ids.opaque_token();

    let mut own = person.custom_claims(&app.access_token_template_content);
    let scope = order.scopes.join(" ");
    own.extend(claims::of_connected_app(
        &app.client_id,
        &grant.subject,
        &scope,
        &jti,
    ));
    own.extend(person.organization_claim());
    own.insert("aud".into(), json!(audience(&project.id, app, grant)));
    let lifetime = app.access_token_lifetime_seconds();
    let access = claims::of_access_token(&project.id, own, (now, lifetime));
    let mut body = json!({
        "access_token": jws::issue(&project.keys, &access)?,
        "token_type": "bearer",
        "expires_in": lifetime,
    });
    let has_scope = |wanted: &str| order.scopes.iter().any(|scope| scope == wanted);
    if has_scope("openid") {
        let mut own = person.custom_claims(&app.id_token_template_content);
        own.extend(person.claims(order.scopes.iter().map(String::as_str)));
        own.extend(id_claims(order));
        let lifetime = claims::LIFETIME_SECONDS;
        let id_claims = claims::of_access_token(&project.id, own, (now, lifetime));
        if let Value::Object(members) = &mut body {
            members.insert(
                "id_token".into(),
                json!(jws::issue(&project.keys, &id_claims)?),
            );
        }
    }
    project.grants.put_access_token(AccessToken {
        jti: jti.clone(),
        grant: (*grant).clone(),
        revoked: false,
    });
    Ok(Issued { jti, body })
}

fn id_claims(order: &Order) -> Object {
    let mut claims = object(json!({
        "sub": order.grant.subject,
        "aud": [order.app.client_id],
    }));
    if let Some(nonce) = order.nonce {
        claims.insert("nonce".into(), json!(nonce));
    }
    claims
}

/// Returns the project, the custom audience of the app, and the requested resources.
fn audience<'a>(project_id: &'a str, app: &'a ConnectedApp, grant: &'a Grant) -> Vec<&'a str> {
    let custom = app.access_token_custom_audience.as_deref();
    let resources = grant.resources.iter().map(String::as_str);
    let mut audience = vec![project_id];
    for item in custom.into_iter().chain(resources) {
        if !audience.contains(&item) {
            audience.push(item);
        }
    }
    audience
}
