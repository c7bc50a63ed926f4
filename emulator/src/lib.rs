//! An emulated Stytch API for tests.
//!
//! [`Emulator::handle`] answers one request and updates the emulator's state. It does no I/O, does not read the clock,
//! and draws its randomness from the given seed, so a test controls all three. The binary `stytch-emulator` is a small
//! HTTP server around it.
//!
//! The crate deliberately shares no code with the `stytch-edge` crate. If they shared code, a mistake in that code
//! would be on both sides, and no test would find it. The emulator sends no CORS headers, because the Stytch API
//! sends none that a client can rely on; a server can add them with [`Front`].
//!
//! # Structure
//!
//! Modules depend on each other in one direction only. From the top:
//!
//! 1. `emulator` is the only module that knows [`Emulator`]. It finds the route of a call, checks the credentials and
//!    runs the operation. Requests to `/` and below `/_emulator/` go to `control`, which also serves the `page`.
//! 2. `routes` is the route table: each row names an operation and the parts of the state that the operation receives.
//!    `route` defines the type of a row and finds the row of a call. `generated::routes` lists all routes of the API, so
//!    that a route that the emulator does not have differs from a path that the API does not have. `sdk` has the table of
//!    the routes of Stytch's browser SDKs, and translates their calls into calls of the server API.
//! 3. `state` contains the two projects, the id generator, the outbox and the webhooks. It does not know the
//!    operations. `snapshot` writes and reads it.
//! 4. `consumer` and `b2b` are the two products: the data of each, and the operations on the data. `oauth2` contains
//!    the operations that OAuth 2.0 clients call. An operation receives the parts of the state that it needs and a
//!    `Call`, never the whole `State`. Operations on projects as such are in `about_project`, which depends on `state`.
//!    `sandbox` answers calls with the fixed values of the Test environment, without the operations.
//! 5. `project` contains the data of a project of either product: `keys`, `sessions`, `links`, `passwords`, the policy (`rbac`) and
//!    the machine-to-machine clients (`m2m`, with the operations on them).
//! 6. `store` keeps records of any kind. It finds them by indexes and records their changes, from which `webhooks` makes
//!    events.
//!
//! `seed` creates the state at the start, from the objects (`given`) of a seed file. `snapshot` writes the state and reads
//! it back. `front` has the checks that a server performs before a request reaches the emulator.

// Values and their JSON form.
mod clock;
mod errors;
mod fields;
mod given;
mod identity_provider;
mod ids;
mod merge;
mod message;
mod product;
mod shapes;

// Building blocks of both products.
mod addresses;
mod authenticators;
mod browser;
mod call;
mod claim_templates;
mod client_secrets;
mod codes;
mod connected_apps;
mod credentials;
mod external_sessions;
mod factors;
mod fraud;
mod impersonation;
mod jws;
mod keys;
mod links;
mod locks;
mod oauth;
mod outbox;
mod outside_tokens;
mod passwords;
mod qr_code;
mod redirects;
mod sdk_config;
mod search;
mod seeded_factors;
mod session_asked;
mod session_jwt;
mod sessions;
mod store;
mod totp;
mod trusted_tokens;
mod wallets;
mod webauthn;

// The stored data, and the operations on it.
mod about_project;
mod b2b;
mod consumer;
mod idp;
mod m2m;
mod oauth2;
mod project;
mod rbac;
mod saml;
mod saml_shield;
mod sandbox;
mod state;
mod webhooks;

// The handling of a call, from the request to the operation.
mod browser_routes;
mod control;
mod emulator;
mod front;
mod generated {
    pub(crate) mod routes;
}
mod outside_routes;
mod page;
mod route;
mod routes;
mod sdk;
mod seed;
mod snapshot;

#[cfg(test)]
mod coverage_tests;

pub use clock::UnixSeconds;
pub use credentials::{Credentials, Settings, SetupError};
pub use emulator::Emulator;
pub use front::{Front, FrontError};
pub use given::SeedError;
pub use message::{Delivery, End, MAX_BODY_BYTES, Request, Response};
pub use seed::{Fresh, Seed};
pub use snapshot::RestoreError;
pub use webhooks::WebhookMessage;
