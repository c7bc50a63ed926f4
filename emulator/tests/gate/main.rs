//! The coverage gate: requests that are generated from the description of the API, and answers that are compared with it.
//!
//! `description` reads the description, `requests` generates calls, `conforms` compares an answer with the description.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../devices/mod.rs"]
mod devices;

mod conforms;
mod description;
mod excluded;
mod prepared;
mod requests;
mod world;
mod world_apps;
mod world_factors;
mod world_oauth;
mod world_passwords;

mod bad_input;
mod control;
mod invariants;
mod routes;
mod sequences;

mod world_sso;
