//! The OAuth 2.0 routes (RFC 6749). The caller is an OAuth 2.0 client with its own credentials, and the project is in
//! the path. Errors have the form of OAuth 2.0.

mod app_grants;
pub(crate) mod claims;
mod client_credentials;
pub(crate) mod introspect;
mod issue;
pub(crate) mod person;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;
