//! The browser that calls a route of the SDKs: the public token of its project, and its session token.
//!
//! The SDKs send both as Basic credentials (RFC 7617). Without a session, they send the public token twice.

use crate::credentials::{self, Settings};
use crate::errors::{self, Failure};
use crate::message::Request;
use crate::product::Product;
use crate::shapes;

/// Returns the session token that a browser sends. It can be malformed.
pub(crate) fn session_token(request: &Request) -> Option<String> {
    let header = request.header("authorization")?;
    let (public_token, sent) = credentials::basic(header)?;
    (sent != public_token).then_some(sent)
}

/// Returns the product of the project whose public token the browser sends.
pub(crate) fn authenticate(request: &Request, settings: &Settings) -> Result<Product, Failure> {
    let header = request.header("authorization");
    let (public_token, _) = header
        .and_then(credentials::basic)
        .ok_or(&errors::INVALID_AUTHORIZATION_HEADER)?;
    product_of(&public_token, settings)
}

/// Returns the product of the project whose public token a start URL contains, as the parameter `public_token`.
pub(crate) fn of_query(query: &str, settings: &Settings) -> Result<Product, Failure> {
    let mut params = form_urlencoded::parse(query.as_bytes());
    let token = params.find(|(name, _)| name == "public_token");
    let (_, token) = token.ok_or(&errors::PUBLIC_TOKEN_REQUIRED)?;
    product_of(&token, settings)
}

/// Returns the product of the project with this public token.
pub(crate) fn product_of(public_token: &str, settings: &Settings) -> Result<Product, Failure> {
    if !shapes::is_id("public-token", public_token) {
        return Err(errors::INVALID_PUBLIC_TOKEN_ID.failure());
    }
    let projects = [
        (Product::Consumer, &settings.consumer),
        (Product::B2b, &settings.b2b),
    ];
    let known = projects
        .into_iter()
        .find(|(_, known)| known.public_token() == public_token);
    Ok(known.ok_or(&errors::PUBLIC_TOKEN_NOT_FOUND)?.0)
}
