//! Everything that takes more than one step: each flow is written once, as an async function over a [`Platform`].
//!
//! A flow asks `client` what to do, sends the requests that `client` builds, and has `client` read the responses. The
//! npm package polls flows, Workers in Rust await them, and native tests drive them with a scripted platform. If
//! everything that a flow needs is available, its first poll completes and nothing is awaited.
//!
//! The state of the isolate is never borrowed while a platform runs: a platform may run a caller's own code, which may
//! call a flow.

mod platform;
pub use platform::{Answer, Event, Pending, Platform, Store, StoreError, StoreOperation};

mod error;
pub use error::{ApiRefusal, Error, LoadFailure};

mod state;
pub use state::{OwnKeys, source_of, with_state};

mod core;
pub use core::Core;

mod notify;

mod exchange;

mod loads;

mod checks;
pub use checks::{Times, TokenQuestion};

mod sessions;
pub use sessions::{JwtQuestion, LocalOrRemote};

mod requests;
pub use requests::RequestQuestion;

mod services;
pub use services::{Challenge, Introspection, ServiceQuestion, ServiceVerdict};

mod introspection;

mod rights;

mod access_tokens;
pub use access_tokens::{AccessTokenSource, ForgetToken};

mod combine;
use combine::select;
