//! The OpenID Connect endpoints of an identity provider (OpenID Connect Core 1.0, section 3.1; Discovery 1.0, section 4).
//!
//! It knows no clients, so it accepts every client ID and secret.

use serde_json::{Value, json};

use super::page::{Input, page};
use super::{Submitted, form, query_param, refused, text};
use crate::b2b::sso::logins::Grant;
use crate::b2b::sso::openid;
use crate::clock::UnixSeconds;
use crate::credentials;
use crate::identity_provider::IdentityProvider;
use crate::merge::object;
use crate::message::{Request, Response};
use crate::redirects;
use crate::state::State;

/// Shows the page for an authorization request.
pub(super) fn show(provider: &IdentityProvider, request: &Request) -> Response {
    if query_param(request, "response_type") != "code" {
        return refused("the parameter response_type must be code");
    }
    let names = ["client_id", "redirect_uri", "state", "nonce"];
    let values = names.map(|name| query_param(request, name));
    let hidden: Vec<(&str, &str)> = names
        .into_iter()
        .zip(values.iter().map(String::as_str))
        .collect();
    let [action, ..] = provider.oidc_urls();
    let lead = format!(
        "This identity provider stands for yours. It continues at {}.",
        query_param(request, "redirect_uri")
    );
    let inputs = [
        Input::new("Email address", "email")
            .required()
            .with_value(query_param(request, "login_hint")),
        Input::new("Subject (follows from the address)", "sub"),
        Input::new("Full name", "name"),
        Input::new("More claims: name=value, separated by commas", "claims"),
    ];
    page(
        "Log in with OpenID Connect",
        &lead,
        &action,
        &hidden,
        &inputs,
    )
}

/// Redirects to the client with a code, which is valid for one minute.
pub(super) fn respond(
    state: &mut State,
    provider: &IdentityProvider,
    request: &Request,
    now: UnixSeconds,
) -> Response {
    let Submitted { form, url, email } = match Submitted::read(request, "redirect_uri") {
        Ok(submitted) => submitted,
        Err(refusal) => return refusal,
    };
    let (redirect_uri, email) = (url.as_str(), email.as_str());
    let subject = match text(&form, "sub") {
        "" => format!("subject of {email}"),
        subject => subject.to_owned(),
    };
    let mut claims = object(json!({ "sub": subject, "email": email, "email_verified": true }));
    let name = text(&form, "name");
    if !name.is_empty() {
        claims.insert("name".into(), json!(name));
    }
    for pair in text(&form, "claims")
        .split(',')
        .filter(|pair| !pair.trim().is_empty())
    {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        claims.insert(name.trim().to_owned(), json!(value.trim()));
    }
    let code = state.ids.opaque_token();
    let logins = &mut state.projects.b2b.logins;
    logins.put_grant(
        code.clone(),
        Grant {
            provider_url: provider.url().to_owned(),
            client_id: text(&form, "client_id").to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            nonce: text(&form, "nonce").to_owned(),
            claims,
            expires_at: now.plus_minutes(1),
        },
    );
    let params = [("code", code.as_str()), ("state", text(&form, "state"))];
    Response::redirect(redirects::link(redirect_uri, &params))
}

/// Redeems a code for an ID token and an access token, which is valid for one hour.
pub(super) fn token(
    state: &mut State,
    provider: &IdentityProvider,
    request: &Request,
    now: UnixSeconds,
) -> Response {
    let form = form(request).unwrap_or_default();
    let basic = request.header("authorization").and_then(credentials::basic);
    let client_id = basic.map_or_else(|| text(&form, "client_id").to_owned(), |(id, _)| id);
    let client = (client_id.as_str(), text(&form, "redirect_uri"));
    let b2b = &mut state.projects.b2b;
    let grant = openid::take_code(b2b, provider, text(&form, "code"), client, now);
    let token = grant.and_then(|grant| Some((openid::id_token(provider, &grant, now)?, grant)));
    let Some((id_token, grant)) = token else {
        return Response::json(400, &json!({ "error": "invalid_grant" }));
    };
    let access_token = state.ids.opaque_token();
    let access = Grant {
        redirect_uri: String::new(),
        expires_at: now.plus_minutes(60),
        ..grant
    };
    b2b.logins.put_grant(access_token.clone(), access);
    Response::json(
        200,
        &json!({ "access_token": access_token, "token_type": "Bearer", "expires_in": 3600, "id_token": id_token }),
    )
}

/// Returns the claims of an access token.
pub(super) fn userinfo(
    state: &State,
    provider: &IdentityProvider,
    request: &Request,
    now: UnixSeconds,
) -> Response {
    let header = request.header("authorization").unwrap_or_default();
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    let grant = state.projects.b2b.logins.grant(token, now);
    // A code has a redirect URL.
    let grant =
        grant.filter(|grant| grant.redirect_uri.is_empty() && grant.provider_url == provider.url());
    match grant {
        Some(grant) => Response::json(200, &Value::Object(grant.claims.clone())),
        None => Response::json(401, &json!({ "error": "invalid_token" })),
    }
}

pub(super) fn jwks(provider: &IdentityProvider) -> Response {
    let key = provider
        .material()
        .map(|material| material.public_jwk(&provider.kid()));
    Response::json(
        200,
        &json!({ "keys": key.into_iter().collect::<Vec<Value>>() }),
    )
}

pub(super) fn configuration(provider: &IdentityProvider) -> Response {
    let [authorization, token, userinfo, jwks] = provider.oidc_urls();
    Response::json(
        200,
        &json!({
            "issuer": provider.url(),
            "authorization_endpoint": authorization,
            "token_endpoint": token,
            "userinfo_endpoint": userinfo,
            "jwks_uri": jwks,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
        }),
    )
}
