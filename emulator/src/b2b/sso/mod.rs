//! Single sign-on (SSO): the connections of organizations to identity providers, and log-ins with them.

pub(crate) mod authenticate;
pub(crate) mod callback;
mod certificates;
mod connection;
pub(crate) mod connections;
pub(crate) mod external;
pub(crate) mod logins;
pub(crate) mod metadata;
pub(crate) mod oidc;
pub(crate) mod openid;
mod pem;
pub(crate) mod role_assignments;
pub(crate) mod saml;
mod saml_connection;
pub(crate) mod seeded;
pub(crate) mod start;

pub(crate) use connection::{Connection, Connections, Protocol};
pub(crate) use logins::Logins;
