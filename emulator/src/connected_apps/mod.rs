//! Connected Apps: the OAuth 2.0 clients of a project that act for its users or members. Projects of both products have
//! them.
//!
//! Their tokens are issued in `oauth2/`, with the consent that `idp/` records.

pub(crate) mod app;
pub(crate) mod clients;
pub(crate) mod grants;
mod redirect_urls;
pub(crate) mod seeded;
