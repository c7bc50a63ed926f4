//! What a Stytch session JWT means: its issuers, its session and organization
//! claims, and the session object that callers get from them.
//!
//! Knows tokens and products; has never heard of requests, caches or runtimes.

mod product;
pub use product::Product;

mod check;
pub use check::{CheckOptions, Issuer, judge};

mod claims;

mod timestamp;

mod refusal;
pub use refusal::Refusal;
