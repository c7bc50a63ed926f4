//! A Stytch API that fits in a test.
//!
//! [`Emulator::handle`] answers one request from the state behind it. It does no I/O, reads no clock and draws its
//! randomness from the seed it was given, so that a test decides all three. The binary `stytch-emulator` puts a small
//! HTTP server around it.
//!
//! It knows nothing of the `stytch-edge` crate, on purpose: a client and a judge that shared code would agree on their
//! mistakes. Nor does it know CORS, as the API it stands in for sends no such headers to count on.

// A call, from the message to the operation it names.
mod emulator;
mod message;
mod routes;

mod call;
mod credentials;
mod errors;
mod fields;

// The two products, and what they have in common.
mod b2b;
mod consumer;
mod m2m;
mod oauth2;
mod project;
mod rbac;

mod jws;
mod keys;
mod links;
mod session_asked;
mod session_jwt;
mod sessions;

// What they are made of.
mod clock;
mod ids;
mod merge;
mod redirects;
mod search;
mod shapes;

// Beside the API: the outbox, and the levers for tests.
mod control;

pub use clock::UnixSeconds;
pub use credentials::{Credentials, Settings, SetupError};
pub use emulator::Emulator;
pub use message::{Delivery, Request, Response};
