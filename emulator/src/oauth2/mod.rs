//! The OAuth 2.0 routes (RFC 6749). Who calls them is a client and not a project, and says so itself: the project stands
//! in the path. What goes wrong is said in OAuth's own form.

pub(crate) mod claims;
mod client_credentials;
pub(crate) mod introspect;
pub(crate) mod token;
