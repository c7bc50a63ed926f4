//! The emulator's own identity providers, below `/_emulator/idp/`. A person types the user on a page without scripts; a
//! test sends the same form.
//!
//! - `GET /_emulator/idp/1/metadata` returns the SAML metadata.
//! - `GET /_emulator/idp/1/saml` is the page for a SAML request, or for a log-in that the identity provider starts.
//!   `POST` signs the response. With `Accept: application/json`, the fields of the response are JSON.
//! - `GET /_emulator/idp/1/authorize` is the page of OpenID Connect. `POST` redirects with a code.
//! - `POST /_emulator/idp/1/token`, `GET /_emulator/idp/1/userinfo`, `GET /_emulator/idp/1/jwks` and
//!   `GET /_emulator/idp/1/.well-known/openid-configuration` are the other endpoints of OpenID Connect.

mod oidc;
mod page;
mod saml;

use serde_json::json;

use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::identity_provider::IdentityProvider;
use crate::message::{Request, Response};
use crate::redirects::{self, OriginKind};
use crate::saml::metadata;
use crate::state::State;

/// Answers a request for an identity provider. Returns `None` for any other request.
pub(super) fn answer(state: &mut State, request: &Request, now: UnixSeconds) -> Option<Response> {
    let (provider, rest) = IdentityProvider::of_path(&request.origin(), &request.path)?;
    match (request.method.as_str(), rest) {
        ("GET", "/metadata") => {
            let metadata = metadata::of(&provider)?;
            let media_type = "application/samlmetadata+xml; charset=utf-8";
            Some(Response::new(200, media_type, metadata))
        }
        ("GET", "/saml") => Some(saml::show(&provider, request)),
        ("POST", "/saml") => Some(saml::respond(state, &provider, request, now)),
        ("GET", "/authorize") => Some(oidc::show(&provider, request)),
        ("POST", "/authorize") => Some(oidc::respond(state, &provider, request, now)),
        ("POST", "/token") => Some(oidc::token(state, &provider, request, now)),
        ("GET", "/userinfo") => Some(oidc::userinfo(state, &provider, request, now)),
        ("GET", "/jwks") => Some(oidc::jwks(&provider)),
        ("GET", "/.well-known/openid-configuration") => Some(oidc::configuration(&provider)),
        _ => None,
    }
}

/// Reads the form of a page, or the same fields as JSON.
fn form(request: &Request) -> Option<Fields> {
    let read = match request.has_form() {
        true => Fields::parse_form(&request.body),
        false => Fields::parse(&request.body),
    };
    read.ok()
}

/// The form that a person submitted on a page.
struct Submitted {
    form: Fields,
    /// The URL at which the log-in continues.
    url: String,
    email: String,
}

impl Submitted {
    /// `url_field` is the name of the field with the URL. Returns a refusal if the URL or the email address is unusable.
    fn read(request: &Request, url_field: &str) -> Result<Self, Response> {
        let Some(form) = form(request) else {
            return Err(refused("the body must be a form or a JSON object"));
        };
        let url = text(&form, url_field).to_owned();
        // A page with another scheme, such as `javascript`, would be the target of a form.
        let is_of_web = url.starts_with("http://") || url.starts_with("https://");
        if !is_of_web || redirects::origin_kind(&url) == OriginKind::Malformed {
            return Err(refused(&format!(
                "the field {url_field} must be an http or https URL"
            )));
        }
        let email = text(&form, "email").to_owned();
        if email.is_empty() {
            return Err(refused("the field email is required"));
        }
        Ok(Self { form, url, email })
    }
}

/// Reads a text of a form. A missing or malformed field is an empty text.
fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.text(name).ok().flatten().unwrap_or_default().trim()
}

/// Returns the value of a parameter of the query.
fn query_param(request: &Request, name: &str) -> String {
    let mut pairs = form_urlencoded::parse(request.query.as_bytes());
    let found = pairs.find(|(key, _)| key == name);
    found.map_or_else(String::new, |(_, value)| value.into_owned())
}

fn refused(message: &str) -> Response {
    Response::json(400, &json!({ "error": message }))
}
