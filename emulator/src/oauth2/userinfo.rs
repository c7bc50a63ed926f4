//! `GET` and `POST /v1/public/{project_id}/oauth2/userinfo` (OpenID Connect Core 1.0, section 5.3): the claims about the
//! user or member of an access token, which is in the Authorization header.
//!
//! Assumption: the statuses of a token that is not active. The error does not have the header `WWW-Authenticate`.

use serde_json::{Value, json};

use super::person::Person;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::jws;
use crate::state::Projects;

pub(crate) fn userinfo(projects: &Projects, call: &Call) -> Result<Reply, Failure> {
    let header = call.request.header("authorization").unwrap_or_default();
    let token = header.split_once(' ');
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
    let project = projects.of(call.product);
    let claims = jws::verified(&project.keys, &project.id, token.trim());
    let claims = claims.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
    let text = |name| claims.get(name).and_then(Value::as_str);
    let (Some(subject), Some(jti), Some(scope), Some(_)) =
        (text("sub"), text("jti"), text("scope"), text("client_id"))
    else {
        return Err(errors::IDP_ACCESS_TOKEN_NOT_FOUND.failure());
    };
    if project.grants.is_revoked(jti) {
        return Err(errors::IDP_ACCESS_TOKEN_NOT_FOUND.failure());
    }
    if !jws::is_live(&claims, project.token_time(call.now)) {
        return Err(errors::IDP_ACCESS_TOKEN_EXPIRED.failure());
    }
    let person = Person::find(projects, call.product, subject);
    let person = person.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
    let about = person.claims(scope.split(' '));
    Ok(Reply::ok(json!({ "sub": subject })).and(Value::Object(about)))
}
