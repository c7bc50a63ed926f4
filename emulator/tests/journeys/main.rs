//! User journeys through the API, with the pure handler. Each test sets the clock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod app_stand;
#[path = "../devices/mod.rs"]
mod devices;
mod signatures;
mod stand;

mod app_tokens;
mod clock;
mod connected_apps;
mod consumer_links;
mod consumer_sessions;
mod control_routes;
mod crypto_wallets;
mod damaged_inputs;
mod discovery;
mod fault_list;
mod flaws;
mod fraud;
mod front;
mod hostile_inputs;
mod idp;
mod impersonation;
mod introspection;
mod invites;
mod keys;
mod m2m_clients;
mod m2m_tokens;
mod member_authenticators;
mod member_changes;
mod member_exchanges;
mod member_headers;
mod member_oauth;
mod member_passcodes;
mod member_passwords;
mod member_session_exchange;
mod member_sessions;
mod members;
mod minted_kinds;
mod oauth;
mod openid_forgeries;
mod organization_changes;
mod organizations;
mod page;
mod page_state;
mod passcodes;
mod password_migration;
mod passwords;
mod policies;
mod request_bodies;
mod request_log;
mod roles;
mod saml_forgeries;
mod saml_signer;
mod sandbox;
mod scim;
mod sdk;
mod sdk_passwords;
mod seed;
mod session_exchange;
mod shared_passwords;
mod snapshots;
mod sso_browser;
mod sso_connections;
mod sso_log_ins;
mod tokens;
mod totps;
mod user_factors;
mod user_search;
mod users;
mod validation;
mod webauthn;
mod webauthn_forgeries;
mod webhooks;
