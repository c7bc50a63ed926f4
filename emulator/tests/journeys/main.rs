//! Journeys through the API, told to the pure handler with a clock in the test's hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod signatures;
mod stand;

mod consumer_links;
mod consumer_sessions;
mod introspection;
mod judgement;
mod levers;
mod m2m_clients;
mod m2m_tokens;
mod member_sessions;
mod members;
mod organizations;
mod policies;
mod roles;
mod tokens;
mod user_search;
mod users;
