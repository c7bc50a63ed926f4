//! Machine-to-machine clients, which projects of both products have. The tokens they get are made in `oauth2/`.

pub(crate) mod client;
pub(crate) mod clients;
pub(crate) mod search;
pub(crate) mod secrets;
