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

mod requests;
pub use requests::{
    Access, AuthenticateRequestOptions, Authenticated, RequestVerdict, clear_session_cookies,
    session_cookies,
};

mod product;

mod hooks;
pub use hooks::OnEvent;

mod rights;
pub use rights::Explanation;

mod services;
pub use services::{
    AppRequestOptions, MachineRequestOptions, ServiceAccess, ServiceRefusal, TokenProvider,
};

mod m2m;

mod idp;
pub use idp::IntrospectTokenOptions;

mod user_pages;
pub use user_pages::UserPages;

mod error;
pub use error::{ApiError, Error, Result};

pub(crate) mod json;
pub use json::Unexpected;

pub(crate) mod shape;

mod forms;
pub use forms::OneOrMany;

pub use crate::{
    flow::{
        AccessTokenSource, Answer, Challenge, Event, ForgetToken, Introspection, Pending, Platform,
        Store, StoreOperation,
    },
    jwt::UnixSeconds,
};
