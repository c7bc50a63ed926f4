//! The meaning of a Stytch token: its issuers, its kind, the session and organization claims, the
//! roles or scopes that it grants, and the result that callers receive.
//!
//! This module knows tokens, policies and products, not requests, caches or runtimes.

mod product;
pub use product::Product;

mod check;
pub use check::{
    CheckOptions, Issuer, TokenKind, ValidToken, introspected, kind_of, payload_from_api, validate,
};

mod claims;

mod access_tokens;

mod results;

mod timestamp;
pub use timestamp::unix_seconds_of;

mod authorization;
pub use authorization::{AuthorizationCheck, Grants, Policy, Subject};

mod explanation;
pub use explanation::Explanation;

mod scope;
pub use scope::holds_scopes;

mod refusal;
pub use refusal::Refusal;
