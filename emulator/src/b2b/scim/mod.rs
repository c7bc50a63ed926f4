//! SCIM (RFC 7643, RFC 7644): the connections of organizations, and the protocol with which a directory provisions members.

mod connection;
pub(crate) mod connections;
mod filter;
mod groups;
mod patch;
mod path;
pub(crate) mod protocol;
mod registration;
mod resource;
pub(crate) mod seeded;
mod users;

pub(crate) use connection::ScimConnections;
pub(crate) use resource::Resources;
