//! What Rust callers use: the clients, typed requests and answers, one error.
//!
//! The types and methods themselves are generated from `api/`; this room holds what
//! they are made of. A method is a row number: it hands its request to
//! [`Core::call`](core::Core::call), which lets the client room build the same HTTP
//! request as for any other caller. No I/O: a [`Platform`] performs it.

mod client;
pub use client::{B2bClient, Client, SamlShieldClient};

mod base_url;

mod config;
pub use config::{ClientConfig, SamlShieldClientConfig};

pub(crate) mod core;

mod arguments;

mod checks;

mod sessions;
pub use sessions::{AuthenticatedMemberSession, AuthenticatedSession};

mod visits;
pub use visits::{
    Access, RequestVerdict, VisitOptions, Visitor, clear_session_cookies, session_cookies,
};

mod m2m;

mod idp;
pub use idp::IntrospectTokenOptions;

mod user_pages;
pub use user_pages::UserPages;

mod platform;
pub use platform::{Answer, Answering, Platform};

mod error;
pub use error::{ApiError, Error, Result};

pub(crate) mod json;
pub use json::Unexpected;

pub(crate) mod shape;

mod forms;
pub use forms::OneOrMany;

pub use crate::jwt::UnixSeconds;
