//! Single sign-on (SSO): the connections of organizations to identity providers, and log-ins with them.

mod certificates;
mod connection;
pub(crate) mod connections;
pub(crate) mod external;
pub(crate) mod metadata;
pub(crate) mod oidc;
mod pem;
pub(crate) mod role_assignments;
pub(crate) mod saml;
mod saml_connection;

pub(crate) use connection::{Connection, Connections, Protocol};
