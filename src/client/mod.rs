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

mod escape;

mod answer;
pub use answer::{AnswerKind, classify};

mod check;
pub use check::{CheckRequest, Checked, Demand, Need, check, introspected};

mod resource;
pub use resource::ResourceDemand;

mod rights;
pub use rights::explain;

mod fetches;
pub use fetches::{Asking, Lifetimes};

mod keys;
pub use keys::{KeyCache, Lookup, key_set_request};

mod verified;
pub use verified::{CacheLimits, Verified, VerifiedTokens};

mod policies;
pub use policies::{PolicyCache, PolicyLookup, policy_request};

mod scopes;
pub use scopes::{KeySource, Scopes};

mod decimal;
pub use decimal::decimal;

mod store;
pub use store::MAX_ENTRY_BYTES;

mod loading;
pub use loading::{LOAD_TIMEOUT_MS, Loaded, Loading};

mod outcomes;
pub use outcomes::{Denial, Purpose, RequestOutcome, Trouble, is_outage, outcome_of};

mod credentials;
pub use credentials::{
    Credentials, MAX_COOKIE_HEADER_BYTES, RequestHeaders, bearer, is_plausible_session_token,
};

mod cookies;
pub use cookies::{Cookie, CookieRules, SameSite};

mod required_claims;
pub use required_claims::{RequiredClaim, RequiredValue, holds_claims};

mod fallback;
pub use fallback::{RemoteCalls, RemoteFallback, Worth};

mod visit;
pub use visit::{Authenticated, Outcome, Question, Step, Verdict, Via, Visit, Visited, visit};

mod refreshed;
pub use refreshed::{log_in_cookies, log_out_cookies};

mod error;
pub use error::{ClientError, ClientErrorCode, Failure, Reason, RequestError};
