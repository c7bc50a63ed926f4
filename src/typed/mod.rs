//! The clients for Rust callers: typed requests and responses, and one error type.
//!
//! Types and methods are generated from `api/`. This module contains the macros, traits and functions that they use. A
//! generated method passes its request and the number of its row in the endpoint table to
//! [`Core::call`](core::Core::call). The other methods convert types and call a flow of `flow`. This module performs no
//! I/O: a [`Platform`] does.

mod client;
pub use client::{B2bClient, Client, SamlShieldClient};

mod base_url;

mod config;
pub use config::{ClientConfig, RefreshLimitOptions, SamlShieldClientConfig};

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

mod log_in;
pub use log_in::{
    CallbackOptions, LogInResult, LogInVerdict, PasswordResetOptions, StartLogInOptions,
};

mod product;

mod hooks;
pub use hooks::{OnEvent, OnRequest, OnResponse, OnRetry, WaitUntil};

mod call_options;
pub use call_options::CallOptions;

mod rights;
pub use rights::{Explanation, GrantedBy, HoldsRights};

mod services;
pub use services::{
    AppRequestOptions, M2mRequestOptions, ServiceAccess, ServiceRefusal, TokenProvider,
};

mod kinds;
pub use kinds::{AcceptedKinds, KindAccess, KindVerdict};

mod doctor;

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
    client::{
        Finding, FindingCode, LogInPages, LogInRefusal, PendingLogIn, ProtectedResource,
        ProtectedResourceMetadata, ReturnTo, Severity, Started,
    },
    flow::{
        Answer, Challenge, Event, ForgetToken, Introspection, LoggedOut, Pending, Platform, Store,
        StoreError, StoreOperation,
    },
    jwt::UnixSeconds,
};
