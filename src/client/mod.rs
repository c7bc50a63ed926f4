//! Everything a client decides: what a request says, what an answer means, when
//! keys are fetched again, whether a session counts.
//!
//! No I/O: time and the network come in as parameters, so that all of it runs
//! under `cargo test`. A shell (the `wasm` room) performs what is
//! decided here.

mod config;
pub use config::{Config, Secret};

pub mod endpoint;

mod request;
pub use request::{Arguments, Body, MAX_TEXT_LENGTH, MemberSession, OutgoingRequest, build};

mod answer;
pub use answer::{AnswerKind, classify};

mod check;
pub use check::{CheckRequest, Checked, Demand, Need, check, introspected};

mod rights;
pub use rights::explain;

mod keys;
pub use keys::{KEY_FETCH_TIMEOUT_MS, KeyCache, Lookup, key_set_request};

mod verified;
pub use verified::{CacheLimits, Verified, VerifiedTokens};

mod policies;
pub use policies::{PolicyCache, policy_request};

mod scopes;
pub use scopes::{Scopes, SeedNumber};

mod credentials;
pub use credentials::{
    Credentials, MAX_COOKIE_BYTES, RequestHeaders, bearer, is_plausible_session_token,
};

mod error;
pub use error::{ClientError, ClientErrorCode, Reason, RequestError};
