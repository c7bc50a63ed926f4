//! What a Stytch token means: its issuers and its kind, the session and organization
//! claims, what its bearer was granted, and the result that callers get from it.
//!
//! Knows tokens, policies and products; has never heard of requests, caches or
//! runtimes.

mod product;
pub use product::Product;

mod check;
pub use check::{CheckOptions, Issuer, Judged, TokenKind, handed_over, introspected, judge};

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
