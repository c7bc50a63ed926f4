//! The emulator's own identity providers, below `/_emulator/idp/`.
//!
//! - `GET /_emulator/idp/1/metadata` returns the SAML metadata.

use crate::identity_provider::IdentityProvider;
use crate::message::{Request, Response};
use crate::saml::metadata;

/// Answers a request for an identity provider. Returns `None` for any other request.
pub(super) fn answer(request: &Request) -> Option<Response> {
    let (provider, rest) = IdentityProvider::of_path(&request.origin(), &request.path)?;
    match (request.method.as_str(), rest) {
        ("GET", "/metadata") => {
            let metadata = metadata::of(&provider)?;
            Some(Response::new(200, "application/samlmetadata+xml", metadata))
        }
        _ => None,
    }
}
