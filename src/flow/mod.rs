//! The operations of more than one step. Each flow is written once, as an async function over a [`Platform`].
//!
//! A flow sends the requests that `client` builds, and passes the responses to `client`, which decides the next step.
//! The npm package polls flows, Workers in Rust await them, and native tests run them on a scripted platform. If all
//! keys and policies that a flow needs are loaded, its first poll completes without waiting.
//!
//! A flow never calls a platform while isolate state is borrowed: a platform may run the caller's code, and that code
//! may call a flow.

mod platform;
pub use platform::{Answer, Event, Pending, Platform, Store, StoreError, StoreOperation};

mod error;
pub use error::{ApiRefusal, Error, LoadFailure};

mod state;
pub use state::{KeySettings, source_of, with_state};

mod core;
pub use core::Core;

mod notify;

mod observed;
pub use observed::{RequestEvent, ResponseEvent, RetryEvent};

mod attempts;
pub use attempts::{CallLimits, Exchange, Head, RetryStage, Sending};

mod exchange;

mod loads;

mod checks;
pub use checks::{Times, TokenCheck};

mod refreshes;

mod sessions;
pub use sessions::{AuthenticatedJwt, JwtCheck};

mod candidates;

mod requests;
pub use requests::RequestCheck;

mod services;
pub use services::{Challenge, Introspection, ServiceCheck, ServiceVerdict};

#[cfg(feature = "api")]
mod kinds;
#[cfg(feature = "api")]
pub use kinds::{KindsCheck, KindsVerdict};

mod introspection;

mod rights;

mod doctor;

mod access_tokens;
pub use access_tokens::{AccessTokenSource, ForgetToken};

#[cfg(feature = "api")]
mod log_in;
#[cfg(feature = "api")]
pub use log_in::{CallbackCheck, LogOutCheck, LoggedOut, PasswordReset, SessionStart};

mod combine;
use combine::select;
