//! A Stytch API that fits in a test.
//!
//! [`Emulator::handle`] answers one request from the state behind it. It does no I/O, reads no clock and draws its
//! randomness from the seed it was given, so that a test decides all three. The binary `stytch-emulator` puts a small
//! HTTP server around it.
//!
//! It knows nothing of the `stytch-edge` crate, on purpose: a client and a judge that shared code would agree on their
//! mistakes. Nor does it know CORS, as the API it stands in for sends no such headers to count on.
//!
//! # How it is built
//!
//! Modules depend one way. From the top:
//!
//! 1. `emulator` is the only module that knows [`Emulator`]. It finds the route of a call, checks the credentials and
//!    runs the operation. Requests below `/_emulator/` go to `control`.
//! 2. `routes` is the table: each row names an operation and the parts of the state that the operation receives. `route`
//!    has the types of a row, and the search for one.
//! 3. `state` holds the two projects, the ids and the outbox. It does not know the operations.
//! 4. `consumer` and `b2b` are the two products: what each of them stores, and the operations on it. `oauth2` has the
//!    operations that OAuth 2.0 clients call. An operation receives the parts of the state that it works on and a `Call`,
//!    never the whole `State`. Operations on projects as such are in `about_project`, above `state`.
//! 5. `project` is what projects of both products store: `keys`, `sessions`, `links`, the policy (`rbac`) and the
//!    machine-to-machine clients (`m2m`, with the operations on them).

// Values, and the forms they have on the wire.
mod clock;
mod errors;
mod fields;
mod ids;
mod merge;
mod message;
mod product;
mod shapes;

// Parts that both products are made of.
mod addresses;
mod call;
mod credentials;
mod jws;
mod keys;
mod links;
mod outbox;
mod redirects;
mod search;
mod session_asked;
mod session_jwt;
mod sessions;

// What the emulator stores, and the operations on each part of it.
mod about_project;
mod b2b;
mod consumer;
mod m2m;
mod oauth2;
mod project;
mod rbac;
mod state;

// The way of a call.
mod control;
mod emulator;
mod route;
mod routes;

pub use clock::UnixSeconds;
pub use credentials::{Credentials, Settings, SetupError};
pub use emulator::Emulator;
pub use message::{Delivery, Request, Response};
